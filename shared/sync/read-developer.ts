import type { Answer } from '../apigee/developers.ts';
import type { DeveloperSide } from '../core/model/decision.ts';
import type { Developer } from '../core/model/profile.ts';
import type { SyncDeps } from './deps.ts';
import type { Found } from './look.ts';

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
  const look = async (email: string): Promise<Answer<undefined>> => {
    const answer = await deps.developers.get(email);
    if (!answer.ok) return answer;
    const developer = answer.value;
    const isNew = developer !== undefined && !alive.some(({ developerId }) => developerId === developer.developerId);
    // Under the email the portal user moved to, only a rename of ours that was not recorded is this person's.
    const isTheirs = email.toLowerCase() === key || developer?.developerId === known?.developerId;
    if (isNew && isTheirs) alive.push(developer);
    return { ok: true, value: undefined };
  };
  for (const email of spellings) {
    const looked = await look(email);
    if (!looked.ok) return looked;
  }
  // As the run's walk spelt them: only where nobody is found, or there were two.
  const isOpen = edge && (alive.length === 0 || listed?.kind === 'collision');
  for (const email of isOpen ? ((await deps.spellings?.(key)) ?? []) : []) {
    const looked = spellings.has(email) ? undefined : await look(email);
    if (looked?.ok === false) return looked;
  }
  const [first, second] = alive;
  if (first === undefined) return { ok: true, value: { kind: 'absent' } };
  const kind = second === undefined ? 'developer' : 'collision';
  return { ok: true, value: kind === 'developer' ? { kind, developer: first } : { kind, bound: first } };
}
