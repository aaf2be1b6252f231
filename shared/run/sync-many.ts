import pMap from 'p-map';
import { decide } from '../core/decide/decide.ts';
import type { Decision, Subject } from '../core/model/decision.ts';
import type { PersonKey } from '../core/model/email.ts';
import type { Link } from '../core/model/link.ts';
import type { PortalReading } from '../core/model/profile.ts';
import { aftermathAsFound, quiet } from '../core/next-step/no-op.ts';
import { settle, withLast } from '../core/link-changes/settled.ts';
import type { StoredLink } from '../state/people.ts';
import type { SyncDeps } from '../sync/deps.ts';
import { claimantIds, understand, withDeveloper, type Found } from '../sync/look.ts';
import { isHearsay, isUnheard, type Listed } from '../core/next-step/evidence.ts';
import { isLeased } from '../sync/lease.ts';
import { resultOf, type PersonResult } from '../sync/result.ts';
import { syncPerson } from '../sync/sync-person.ts';
import type { Denied } from './phases/phase.ts';
import type { Again } from './session.ts';

/** One of many people: the link as just read, and the developer's side if a listing showed it. */
export interface Candidate {
  readonly key: PersonKey;
  readonly stored: StoredLink | undefined;
  readonly listed: Listed | undefined;
}

const perTransaction = 100;

/** How the work on many people ended. */
export type SyncedMany =
  /** `left`: the people for whom there was no time. */
  | { readonly kind: 'worked'; readonly left: readonly Candidate[] }
  /** The breaker is open, or Apigee refuses every call: no further person was begun. */
  | Again
  | Denied;

/**
 * Brings many people in step. People for whom only a note on the link is needed are written together; everybody else goes
 * through `syncPerson`, as in every other flow. `done` is called for each person as soon as the result is there.
 */
export async function syncMany(
  deps: SyncDeps,
  candidates: readonly Candidate[],
  done: (candidate: Candidate, result: PersonResult) => void,
  mayBegin: () => boolean,
): Promise<SyncedMany> {
  const single: Candidate[] = [];
  for (let start = 0; start < candidates.length; start += perTransaction) {
    const chunk = candidates.slice(start, start + perTransaction);
    if (!mayBegin()) return { kind: 'worked', left: [...single, ...candidates.slice(start)] };
    single.push(...(await noteTogether(deps, chunk, done)));
  }

  const left: Candidate[] = [];
  let failure: Again | Denied | undefined;
  await pMap(
    single,
    async (candidate) => {
      if (failure !== undefined || !mayBegin()) {
        left.push(candidate);
        return;
      }
      const result = await syncPerson(deps, { key: candidate.key, hints: [] }, candidate.listed);
      if (result.disposition === 'denied') failure = { kind: 'denied', message: result.reason };
      else if (result.disposition === 'suspended')
        failure ??= { kind: 'again', reason: 'apigee', message: result.reason };
      else done(candidate, result);
    },
    { concurrency: deps.peopleAtOnce },
  );
  return failure ?? { kind: 'worked', left };
}

interface Note {
  readonly candidate: Candidate;
  readonly subject: Subject;
  readonly decision: Decision;
  readonly link: Link;
}

/** Answers those who need more than a note on their link. */
async function noteTogether(
  deps: SyncDeps,
  chunk: readonly Candidate[],
  done: (candidate: Candidate, result: PersonResult) => void,
): Promise<readonly Candidate[]> {
  const ids = chunk.flatMap(({ stored }) => claimantIds(stored?.link, []));
  const readings = ids.length === 0 ? new Map<string, PortalReading>() : await deps.people.portalUsers(ids);
  const single: Candidate[] = [];
  const notes: Note[] = [];
  for (const candidate of chunk) {
    const subject = simpleSubject(deps, candidate, readings);
    const decision = subject && decide(subject, deps.policy);
    if (subject === undefined || decision === undefined || hasMore(subject, decision)) {
      single.push(candidate);
    } else if (quiet(subject, deps.policy)) {
      done(candidate, resultOf(subject, decision, deps.by));
    } else {
      const settled = settle(subject, decision, aftermathAsFound(subject), deps.policy, deps.now());
      if (settled.link === undefined || settled.movedTo !== undefined) single.push(candidate);
      else notes.push({ candidate, subject, decision, link: withLast(settled.link, decision, deps.by, deps.now()) });
    }
  }
  const written = notes.length === 0 ? new Set<PersonKey>() : await writeNotes(deps, notes);
  for (const { candidate, subject, decision } of notes) {
    if (written.has(candidate.key)) done(candidate, resultOf(subject, decision, deps.by, deps.log));
    else single.push(candidate);
  }
  return single;
}

/** Undefined where more has to be read: rivals, a rename, a listing older than the link, someone (perhaps) at work. */
function simpleSubject(
  { policy, now }: SyncDeps,
  { key, stored, listed }: Candidate,
  readings: ReadonlyMap<string, PortalReading>,
): Subject | undefined {
  if (listed === undefined || key.startsWith('#')) return undefined;
  const link = stored?.link;
  if (isUnheard(link) || isLeased(link, { now: now() })) return undefined;
  if (link !== undefined && link.rivals.length > 0) return undefined;
  const developer = link?.developer;
  if (listed.kind === 'developer' && developer !== undefined) {
    if (listed.developer.lastModifiedAt < developer.modifiedAt || listed.developer.email !== developer.email)
      return undefined;
  }
  const own = link?.userId === undefined ? undefined : readings.get(link.userId);
  const mine: [string, PortalReading][] = link?.userId === undefined || own === undefined ? [] : [[link.userId, own]];
  const found: Found = understand(key, stored, new Map(mine), new Set(), 'free', policy);
  return found.renamedTo === undefined ? withDeveloper(found, listed) : undefined;
}

/** Together or, where the store refuses that, one by one: then nobody is noted here. */
async function writeNotes(deps: SyncDeps, notes: readonly Note[]): Promise<ReadonlySet<PersonKey>> {
  const keys = notes.map(({ candidate }) => candidate.key);
  const written = await deps.people.transact({ links: keys, userIds: [] }, (view) => {
    const unchanged = notes.filter(({ candidate: { key, stored } }) => {
      const current = view.links.get(key);
      return current?.version === stored?.version && !isLeased(current?.link, view);
    });
    return {
      result: new Set(unchanged.map(({ candidate }) => candidate.key)),
      links: unchanged.map(({ link }) => link),
    };
  });
  return written.kind === 'refused' ? new Set() : written.result;
}

function hasMore(subject: Subject, decision: Decision): boolean {
  if (decision.apigee.length > 0 || decision.portal !== undefined) return true;
  return decision.end.kind === 'moved' || isHearsay(subject, decision);
}
