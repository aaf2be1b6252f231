import type { Answer } from '../apigee/developers.ts';
import type { DeveloperSide } from '../core/decision.ts';
import type { Developer } from '../core/profile.ts';
import type { SyncDeps } from './deps.ts';
import type { Found } from './gather.ts';

/**
 * The person's developer as it is this moment: a fresh read, since a PUT replaces everything (rule 13). One call, except
 * on Edge, where emails keep their case, so that only a listing may know how one is spelt, and may have been changed.
 */
export async function readDeveloper(
  deps: SyncDeps,
  found: Found,
  listed?: DeveloperSide,
): Promise<Answer<DeveloperSide>> {
  const { link, portal, key } = found.subject;
  const known = link?.developer;
  const edge = deps.policy.rename === 'in-place';
  const spellings = new Set([known?.email ?? key, ...(edge ? [key] : [])]);
  if (edge && portal.kind === 'user') spellings.add(portal.user.email);
  if (edge && listed?.kind === 'developer') spellings.add(listed.developer.email);

  const alive: Developer[] = [];
  for (const email of spellings) {
    const answer = await deps.developers.get(email);
    if (!answer.ok) return answer;
    const developer = answer.value;
    if (developer === undefined || alive.some((other) => other.developerId === developer.developerId)) continue;
    // Under the email the portal user moved to, only a rename of ours that was not recorded is this person's.
    const moved = email.toLowerCase() !== key;
    if (!moved || developer.developerId === known?.developerId) alive.push(developer);
  }
  const [first, second] = alive;
  if (first === undefined) return { ok: true, value: { kind: 'absent' } };
  const kind = second === undefined ? 'developer' : 'collision';
  return { ok: true, value: kind === 'developer' ? { kind, developer: first } : { kind, bound: first } };
}
