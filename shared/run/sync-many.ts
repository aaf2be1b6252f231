import { claimantIds, portalHalf, renamedTo } from '../core/decide/ownership.ts';
import { asFound } from '../core/link-changes/aftermath.ts';
import { isLeased } from '../core/link-changes/leased.ts';
import { settle, withLast } from '../core/link-changes/settled.ts';
import type { PersonKey } from '../core/model/email.ts';
import type { Link } from '../core/model/link.ts';
import type { PortalReading } from '../core/model/profile.ts';
import { weigh, type Listed } from '../core/next-step/evidence.ts';
import { mayHaveChanged } from '../core/next-step/no-op.ts';
import { assess, type Assessment } from '../core/next-step/next-step.ts';
import type { StoredLink, View } from '../state/people.ts';
import type { SyncDeps } from '../sync/deps.ts';
import { resultOf, told, type PersonResult } from '../sync/result.ts';
import { syncPerson } from '../sync/sync-person.ts';
import { workOnEach, type WorkedOnEach } from './work-on-each.ts';

/** One of many people: the link as just read, and the developer's side if a listing showed it. */
export interface Candidate {
  readonly key: PersonKey;
  readonly stored: StoredLink | undefined;
  readonly listed: Listed;
  /** Portal documents that are known to claim the person, besides those that the link names. */
  readonly hints?: readonly string[];
}

/** `isInStep`: a later listing that says the same of the developer needs no look at the link. */
type Done = (candidate: Candidate, result: PersonResult, isInStep: boolean) => void;

const perTransaction = 100;

/**
 * Brings many people in step. People for whom only a note on the link is needed are written together; everybody else goes
 * through `syncPerson`, as in every other flow. `done` is called for each person as soon as the result is there.
 */
export async function syncMany(
  deps: SyncDeps,
  candidates: readonly Candidate[],
  done: Done,
  mayBegin: () => boolean,
): Promise<WorkedOnEach<Candidate>> {
  const single: Candidate[] = [];
  for (let start = 0; start < candidates.length; start += perTransaction) {
    const chunk = candidates.slice(start, start + perTransaction);
    if (!mayBegin()) return { kind: 'worked', left: [...single, ...candidates.slice(start)] };
    single.push(...(await noteTogether(deps, chunk, done)));
  }

  return workOnEach(
    single,
    { peopleAtOnce: deps.peopleAtOnce, mayBegin },
    async ({ key, hints = [], listed }) => ({ result: await syncPerson(deps, { key, hints }, listed) }),
    (candidate, { result }) => done(candidate, result, false),
  );
}

interface Note {
  readonly candidate: Candidate;
  readonly assessment: Assessment;
  readonly link: Link;
}

/** Reports and notes everybody who needs no more than that, and answers the others. */
async function noteTogether(deps: SyncDeps, chunk: readonly Candidate[], done: Done): Promise<readonly Candidate[]> {
  const ids = chunk.flatMap(({ stored }) => claimantIds(stored?.link, []));
  const read = ids.length === 0 ? undefined : await deps.people.read({ links: [], userIds: ids });
  const single: Candidate[] = [];
  const notes: Note[] = [];
  for (const candidate of chunk) {
    const assessment = assessTogether(deps, candidate, read?.portal ?? nobody);
    const note = assessment?.step.kind === 'note' ? noteFor(deps, candidate, assessment) : undefined;
    if (assessment?.step.kind === 'report')
      done(candidate, resultOf(assessment.subject, assessment.decision, deps.by), false);
    else if (note !== undefined) notes.push(note);
    else single.push(candidate);
  }
  const written = notes.length === 0 ? new Set<PersonKey>() : await writeNotes(deps, notes, read);
  for (const note of notes) {
    const { candidate, assessment } = note;
    if (written.has(candidate.key)) done(candidate, told(deps, assessment), isInStep(note, deps));
    else single.push(candidate);
  }
  return single;
}

/**
 * What may be done for a candidate on what was read for all of them together. Undefined where more has to be read: rivals,
 * a rename, a developer who was not listed, or a person whom somebody else writes.
 */
function assessTogether(
  { policy, by, now, planned }: SyncDeps,
  { key, stored, listed, hints }: Candidate,
  readings: ReadonlyMap<string, PortalReading>,
): Assessment | undefined {
  const link = stored?.link;
  // What was planned for a person is compared with what is found under the lease, and with all that claims the person.
  if (planned !== undefined || hints !== undefined) return undefined;
  if (key.startsWith('#') || isLeased(link, now()) || (link !== undefined && link.rivals.length > 0)) return undefined;
  const evidence = weigh(listed, { key, link }, { by, isFirstLook: true });
  if (evidence.from !== 'listing') return undefined;
  const bound = link?.userId === undefined ? undefined : readings.get(link.userId);
  const own = new Map(link?.userId === undefined || bound === undefined ? [] : [[link.userId, bound]]);
  const half = portalHalf({ key, link, readings: own, boundElsewhere: new Set(), renameTarget: 'free' }, policy);
  return renamedTo(half) === undefined ? assess(half, evidence, policy, 'closed') : undefined;
}

/** Undefined where the link is removed or moves to another email. */
function noteFor({ policy, by, now }: SyncDeps, candidate: Candidate, assessment: Assessment): Note | undefined {
  const { subject, decision } = assessment;
  const { link, movedTo } = settle(subject, decision, asFound(subject), policy, now());
  if (link === undefined || movedTo !== undefined) return undefined;
  return { candidate, assessment, link: withLast(link, decision, by, now()) };
}

const nobody: ReadonlyMap<string, PortalReading> = new Map();

/**
 * The people whose notes were written: all of them together, or nobody where the store refuses that. `read`: what was read of
 * their portal users, if they have any; a link that is not as it was read by then is not written.
 */
async function writeNotes(
  deps: SyncDeps,
  notes: readonly Note[],
  read: View | undefined,
): Promise<ReadonlySet<PersonKey>> {
  const links = new Map(notes.flatMap(({ candidate: { key, stored } }) => (stored ? [[key, stored] as const] : [])));
  // Without a read there is no time of the store's, by which leases are judged.
  const seen = read === undefined ? {} : { seen: { ...read, links } };
  const keys = notes.map(({ candidate }) => candidate.key);
  const quiet = new Set(deps.remembers ? notes.filter((note) => isInStep(note, deps)).map(({ link }) => link.key) : []);
  const written = await deps.people.transact({ links: keys, userIds: [], ...seen }, (view) => {
    const unchanged = notes.filter(({ candidate: { key, stored } }) => {
      const current = view.links.get(key);
      return current?.version === stored?.version && !isLeased(current?.link, view.now);
    });
    return {
      result: new Set(unchanged.map(({ candidate }) => candidate.key)),
      links: unchanged.map(({ link }) => link),
      quiet,
    };
  });
  return written.kind === 'refused' ? new Set() : written.result;
}

/** Whether a later listing that says the same of the developer needs no look at the link. */
function isInStep({ candidate: { listed }, link }: Note, { policy }: SyncDeps): boolean {
  return listed?.kind === 'developer' && !mayHaveChanged(link, listed.developer, policy);
}
