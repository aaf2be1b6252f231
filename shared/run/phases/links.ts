import pMap from 'p-map';
import type { PersonKey } from '../../core/model/email.ts';
import { isSameAct, type Link } from '../../core/model/link.ts';
import type { StoredLink } from '../../state/people.ts';
import type { BatchResult, LinksBatch, LinksBatchKind } from '../../state/batch.ts';
import type { Run } from '../../state/runs.ts';
import type { SyncDeps } from '../../sync/deps.ts';
import { noCalls, noTraffic, runDeps, type Again, type Session } from '../session.ts';
import { syncMany, type Candidate } from '../sync-many.ts';
import { endWith, makeBatch, moveWalk, withoutAnswer } from './phase.ts';
import type { BatchContext, BatchEnd, Denied, Phase, Walked } from './phase.ts';
import { decodePlace, encodePlace, unseenPeople } from './unseen.ts';

/** Looks at people who are found through their links: the listing has not shown them, or they are due. */
export const links: Phase<'links'> = {
  gate: { kind: 'closed' },
  walk,
  work: (context, batch) => lookAtPeople(context, batch.people, batch.kind),
};

/**
 * Makes batches of these people. Links change while the walk goes on, so two invocations that walk at the same time may
 * find different people. The batch that was made first counts; people who are not in it come later in the walk.
 */
async function walk(session: Session, run: Run): Promise<Walked> {
  const { runId } = run;
  const unseen = unseenPeople(session, runDeps(session, run, links.gate), run);
  let current = run;
  while (!current.walks.links.complete) {
    if (session.now() > session.deadline) return { kind: 'to-be-continued' };
    const { cursor, batches } = current.walks.links;
    const found = await unseen.next(cursor === undefined ? await unseen.begin() : decodePlace(cursor));
    const { kind, people } = found;
    const next = found.next && encodePlace(found.next);
    if (people.length === 0 && next !== undefined) {
      current = await moveWalk(session, current, 'links', { batches, complete: false, cursor: next });
      continue;
    }
    const result = people.length === 0 ? emptyResult(session.now()) : undefined;
    const batch: LinksBatch = { runId, phase: 'links', seq: batches, kind, people, next, result };
    const made = await makeBatch<'links'>(session, batch);
    const complete = made.next === undefined;
    current = await moveWalk(session, current, 'links', { batches: batches + 1, complete, cursor: made.next });
  }
  return { kind: 'walked', run: current };
}

/** The result of a batch without people, which only the last one of a walk can be: it is created as done. */
function emptyResult(finishedAt: number): BatchResult {
  return {
    people: [],
    outcomes: [],
    rows: [],
    planned: [],
    uncreated: [],
    stale: 0,
    kept: 0,
    found: undefined,
    inStep: undefined,
    calls: noCalls(),
    traffic: noTraffic,
    finishedAt,
  };
}

/**
 * People whose developers are read before any of them is worked on: few enough calls for the time behind a deadline.
 */
const perReading = 16;

/** `planned`: as `look`, for people whom an earlier phase of the same run has looked at and left to the gate. */
type Kind = LinksBatchKind | 'planned';

/**
 * Reads the developers of these people, where a read is needed, and brings the people in step. A person on whom an earlier
 * delivery of the batch has worked costs no call any more, so every delivery comes further than the one before.
 */
export async function lookAtPeople(
  context: BatchContext,
  people: readonly PersonKey[],
  kind: Kind,
  hintsOf?: (key: PersonKey) => Promise<readonly string[]>,
): Promise<BatchEnd> {
  const { report, mayBegin } = context;
  // The walk left out of a `missing` batch everybody whom the listing showed, in whatever spelling.
  const { walk: walked } = context.deps;
  const deps =
    kind === 'missing' && walked ? { ...context.deps, walk: { ...walked, spellings: async () => [] } } : context.deps;
  const stored = await deps.people.links(people);
  const size = kind === 'missing' ? people.length : perReading;
  const left: Candidate[] = [];
  for (let start = 0; start < people.length; start += size) {
    const chunk = await pMap(people.slice(start, start + size), async (key) => ({
      ...unread(key, stored),
      ...(hintsOf === undefined ? {} : { hints: await hintsOf(key) }),
    }));
    const read = mayBegin() ? await readEach(deps, kind, chunk) : ({ kind: 'read', candidates: chunk } as const);
    if (read.kind !== 'read') return read;
    const synced = await syncMany(deps, read.candidates, ({ key }, result) => report.add(key, result), mayBegin);
    if (synced.kind !== 'worked') return synced;
    left.push(...synced.left);
  }
  return endWith(left);
}

function unread(key: PersonKey, links: ReadonlyMap<PersonKey, StoredLink>): Candidate {
  return { key, stored: links.get(key), listed: undefined };
}

type Read = { readonly kind: 'read'; readonly candidates: readonly Candidate[] } | Again | Denied;

/** Adds each person's developer, except where no call is needed, or where the call fails for this person only. */
async function readEach(deps: SyncDeps, kind: Kind, people: readonly Candidate[]): Promise<Read> {
  let failure: Again | Denied | undefined;
  const candidates = await pMap(
    people,
    async (person): Promise<Candidate> => {
      const link = person.stored?.link;
      if (failure !== undefined) return person;
      if (kind === 'missing' && link?.presence !== 'both') return { ...person, listed: { kind: 'absent' } };
      if (person.key.startsWith('#') || (kind !== 'planned' && wasWorkedOn(deps, link))) return person;
      const answer = await deps.developers.get(link?.developer?.email ?? person.key);
      if (!answer.ok) {
        const { error } = answer;
        if (error.kind === 'denied') failure = withoutAnswer(error);
        else if (error.suspended === true) failure ??= withoutAnswer(error);
        return person;
      }
      const developer = answer.value;
      return { ...person, listed: developer === undefined ? { kind: 'absent' } : { kind: 'developer', developer } };
    },
    { concurrency: 8 },
  );
  // Not before the others have ended: one of them may be the breaker's probe.
  return failure ?? { kind: 'read', candidates };
}

function wasWorkedOn({ by }: SyncDeps, link: Link | undefined): boolean {
  return link?.last !== undefined && isSameAct(link.last.by, by);
}
