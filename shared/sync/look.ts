import type { Answer } from '../apigee/developers.ts';
import {
  claimantIds,
  isBetterBound,
  mayBeBoundElsewhere,
  portalHalf,
  renamedTo,
  renameTargetOf,
  type PortalHalf,
} from '../core/decide/ownership.ts';
import type { DeveloperSide } from '../core/model/decision.ts';
import { canonicalEmail, hasAccents, type PersonKey } from '../core/model/email.ts';
import type { Developer, PortalReading } from '../core/model/profile.ts';
import { absenceOf, noDeveloper, type Absence, type Evidence, type Listed } from '../core/next-step/evidence.ts';
import type { View } from '../state/people.ts';
import type { SyncDeps } from './deps.ts';

/** Whom to look at, and documents that are known to claim this person besides those that the link names. */
export interface Person {
  readonly key: PersonKey;
  readonly hints: readonly string[];
  /** What has just been read of the person: the first look reads it no second time. */
  readonly seen?: Seen;
}

export interface Seen {
  /** When the reading began, by our own clock, ms. */
  readonly at: number;
  /** The link and the hinted documents, these not read before the link. */
  readonly view: View;
}

/** What Firestore says about a person at one moment. */
export interface Look {
  readonly person: Person;
  readonly half: PortalHalf;
  /** What the half was made of: the link and the documents that may claim the person. */
  readonly view: View;
  /** When the reading began, by our own clock, ms. */
  readonly at: number;
  /** Documents that claim the person and are bound to another link. */
  readonly boundElsewhere: ReadonlySet<string>;
}

/**
 * Reads the person's link, every document that may claim the person, and the link of an email that was moved to. Plain
 * reads: whatever is written because of them is written on the condition that it is still so.
 */
export async function look(
  { people, policy, now }: Pick<SyncDeps, 'people' | 'policy' | 'now'>,
  person: Person,
): Promise<Look> {
  const { key, hints, seen } = person;
  const at = seen?.at ?? now();
  const first = seen?.view ?? (await people.read({ links: [key], userIds: hints }));
  const link = first.links.get(key)?.link;
  const others = claimantIds(link, hints).filter((id) => !first.portal.has(id));
  const more = others.length === 0 ? undefined : await people.portalUsers(others);
  const readings = new Map<string, PortalReading>([...first.portal, ...(more ?? [])]);
  const view: View = { ...first, portal: readings };
  const boundElsewhere = new Set<string>();
  for (const [id, reading] of readings) {
    if (!mayBeBoundElsewhere({ key, link }, id, reading)) continue;
    // Read after the document, or a link that was made meanwhile would be overlooked, and the portal user get a second one.
    const others = await people.linksOfPortalUser(id);
    if (others.some(({ link: other }) => isBetterBound(other, key, id, reading))) boundElsewhere.add(id);
  }
  const findings = { key, link, readings, boundElsewhere, renameTarget: 'free' } as const;
  const half = portalHalf(findings, policy);
  const target = renamedTo(half);
  if (target === undefined) return { person, at, half, view, boundElsewhere };
  const there = (await people.links([target])).get(target)?.link;
  return { person, at, half: { ...half, renameTarget: renameTargetOf(there) }, view, boundElsewhere };
}

/**
 * Whether another link names the portal user by now for whom a link was just made. Two pushes, before and behind a change of
 * the email, each look before either has noted anything: the links tell them of one another (rule 17).
 */
export async function isNamedTwice(
  { people }: Pick<SyncDeps, 'people'>,
  { person: { key }, half: { portal }, view }: Look,
): Promise<boolean> {
  const reading = portal.kind === 'user' ? view.portal.get(portal.user.id) : undefined;
  if (portal.kind !== 'user' || reading === undefined) return false;
  const { id } = portal.user;
  const links = await people.linksOfPortalUser(id);
  return links.some(({ link }) => isBetterBound(link, key, id, reading));
}

/**
 * Reads the person's developer from Apigee, because a PUT replaces everything (rule 13). Under the lease it goes before the
 * reads of people who are not begun. That is one call, except where emails have several spellings: on Edge, which keeps their case, and
 * where they have accents, which Apigee may keep apart from their letters (rule 31).
 */
export async function readDeveloper(
  deps: SyncDeps,
  half: PortalHalf,
  listed: Listed,
  turn: 'begun' | 'waiting' = 'begun',
): Promise<Answer<Evidence>> {
  const { link, portal, key } = half;
  if (key.startsWith('#')) return { ok: true, value: noDeveloper };
  const known = link?.developer;
  const isSpelt = hasSpellings(deps, key);
  const spellings = new Set([known?.email ?? key, ...(isSpelt ? [key] : [])]);
  if (isSpelt && portal.kind === 'user') spellings.add(portal.user.email);
  if (isSpelt && listed?.kind === 'developer') spellings.add(listed.developer.email);

  const found: Developer[] = [];
  const read = async (email: string): Promise<Answer<undefined>> => {
    const answer = await deps.developers.get(email, turn);
    if (!answer.ok) return answer;
    const developer = answer.value;
    // A developer under the email that the portal user moved to is this person's only by a rename of ours.
    const isTheirs = canonicalEmail(email) === key || developer?.developerId === known?.developerId;
    if (developer === undefined || !isTheirs) return { ok: true, value: undefined };
    const place = found.findIndex(({ developerId }) => developerId === developer.developerId);
    const before = found[place];
    if (before === undefined) found.push(developer);
    // Found under two spellings: somebody may have edited the developer between the reads (rule 13).
    else if (developer.lastModifiedAt >= before.lastModifiedAt) found[place] = developer;
    return { ok: true, value: undefined };
  };
  for (const email of spellings) {
    const answer = await read(email);
    if (!answer.ok) return answer;
  }
  // The run's own walk knows further spellings. They matter where nobody is found, or where there were two.
  const walked = isSpelt && (found.length === 0 || listed?.kind === 'collision') ? await deps.walk?.spellings(key) : [];
  for (const email of walked ?? []) {
    const answer = spellings.has(email) ? undefined : await read(email);
    if (answer?.ok === false) return answer;
  }
  return { ok: true, value: { from: 'fresh', side: sideOf(found), absence: weakestAbsence(deps, key) } };
}

/** Whether Apigee may keep this email in several spellings: Edge keeps the case, and nobody puts accents in order. */
function hasSpellings({ policy }: Pick<SyncDeps, 'policy'>, key: PersonKey): boolean {
  return policy.rename === 'in-place' || hasAccents(key);
}

/** What a read that found nobody proves as long as nothing else has been asked. */
export function weakestAbsence(deps: Pick<SyncDeps, 'policy'>, key: PersonKey): Absence {
  return hasSpellings(deps, key) ? 'one-spelling' : 'unproven';
}

/** What a read that found nobody proves. In a run this may read every batch; outside, the control document. */
export async function findAbsence(
  deps: Pick<SyncDeps, 'policy' | 'walk' | 'isEveryoneLinked' | 'deletionConfirmed'>,
  { key, link }: Pick<PortalHalf, 'key' | 'link'>,
): Promise<Absence> {
  const { walk, isEveryoneLinked } = deps;
  if (deps.deletionConfirmed === true) return 'proven';
  const isSpelt = hasSpellings(deps, key);
  const walked = walk && { ...walk, isShown: (await walk.spellings(key)).length > 0 };
  const isAsked = walked === undefined && isSpelt && link?.developer === undefined;
  return absenceOf(link, walked, { isSpelt, isEveryoneLinked: isAsked && (await isEveryoneLinked()) });
}

function sideOf([first, second]: readonly Developer[]): DeveloperSide {
  if (first === undefined) return { kind: 'absent' };
  return second === undefined ? { kind: 'developer', developer: first } : { kind: 'collision', bound: first };
}
