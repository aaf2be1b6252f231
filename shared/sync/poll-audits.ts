import { hash } from 'node:crypto';
import pMap from 'p-map';
import { mostRows, type Audits } from '../apigee/audits.ts';
import type { ApigeeError } from '../apigee/developers.ts';
import type { DeveloperEdit } from '../messages/audit-entry.ts';
import { editIn, type EdgeAudit } from '../messages/edge-audit.ts';
import type { Polling } from '../state/polling.ts';
import type { Runs } from '../state/runs.ts';

export interface PollDeps {
  readonly audits: Audits;
  readonly runs: Pick<Runs, 'updatePolling'>;
  readonly org: string;
  /** The user as whom we call: what that one did is our own doing. */
  readonly own: string | undefined;
  /** Our own clock, ms. */
  readonly now: () => number;
  readonly newId: () => string;
  /** No person is begun after this; our own clock, ms. */
  readonly deadline: number;
  readonly peopleAtOnce: number;
  /** More people than this are left to a run, but for those who were deleted. */
  readonly mostPeople: number;
  /** Looks at one person; false: they have to be looked at again. */
  readonly pull: (edit: DeveloperEdit) => Promise<boolean>;
  /** Has a run look for whoever is not looked at here. */
  readonly handOver: () => Promise<void>;
}

export type Polled =
  | { readonly kind: 'done'; readonly people: number; readonly isLeft: boolean }
  /** Another poll is under way. */
  | { readonly kind: 'busy' }
  /** There is no audit history. `isNew`: nobody was told yet. */
  | { readonly kind: 'missing'; readonly isNew: boolean }
  | { readonly kind: 'unanswered'; readonly error: ApigeeError };

const minute = 60_000;
/** Ms. Records may show up late, and clocks differ: so much of the time before is asked for again. */
export const overlap = 2 * minute;
/** Ms. As long as a poll works at most, with everything that it may have begun. */
const leaseMs = 5 * minute;
/** Ms. After so long a pause a run is quicker, and no window has to hold all of it. */
const longestPause = 6 * 60 * minute;
/** Ms. People whom Apigee gives no answer for keep the watermark back no longer than this: runs look at them. */
const longestWait = 60 * minute;
/** Ms. Somebody may have asked the wrong place, or switched the history on. */
const askAgainAfter = 60 * minute;
/** Ms. More than a full answer's records in a shorter time are nobody's hands: a run brings them over. */
const shortestWindow = 1000;
const mostSeen = 5000;

/**
 * Asks Edge what was done to developers since the last time, and looks at each of them (rules 20, 40). Two polls never
 * overlap; one that dies leaves a lease, which runs out, and a watermark, from which the next one goes on (rule 24).
 */
export async function pollAudits(deps: PollDeps): Promise<Polled> {
  const { runs, now, newId } = deps;
  const holder = newId();
  const begun = now();
  const before = await runs.updatePolling((polling) => take(polling, holder, begun));
  if (before === 'busy') return { kind: 'busy' };
  if (before === 'missing') return { kind: 'missing', isNew: false };
  const pause = begun - (before.watermark ?? begun);
  if (pause > longestPause) await deps.handOver();
  const from = (pause > longestPause ? begun : (before.watermark ?? begun)) - overlap;
  const found = await recordsBetween(deps.audits, from, begun);
  if (found.kind === 'unanswered') {
    await end(deps, holder, (polling) => polling);
    return found;
  }
  if (found.kind === 'missing') {
    const isNew = before.missingSince === undefined;
    await end(deps, holder, (polling) => ({ ...polling, missingSince: begun }));
    return { kind: 'missing', isNew };
  }
  const seen = new Set(before.seen);
  const fresh = found.records.filter((record) => !seen.has(hashOf(record)));
  const { people, isLeft, unfinished } = await lookAt(deps, fresh);
  if (isLeft || found.isCut) await deps.handOver();
  const reached = Math.max(Math.min(begun, ...[...unfinished.values()].map((at) => at - 1)), begun - longestWait);
  const handled = fresh.filter((record) => {
    const edit = editIn(record, deps.org, deps.own);
    return edit === undefined || !unfinished.has(personOf(edit));
  });
  const known = [...before.seen, ...handled.map(hashOf)].slice(-mostSeen);
  const shown = new Set(found.records.map(hashOf));
  await end(deps, holder, (polling) => ({
    ...polling,
    watermark: reached,
    seen: known.filter((hash) => shown.has(hash)),
    missingSince: undefined,
  }));
  return { kind: 'done', people, isLeft: isLeft || found.isCut };
}

type Taken = Polling | 'busy' | 'missing';

function take(polling: Polling, holder: string, at: number): { readonly polling?: Polling; readonly result: Taken } {
  const { lease, missingSince } = polling;
  if (lease !== undefined && lease.expiresAt > at) return { result: 'busy' };
  if (missingSince !== undefined && at - missingSince < askAgainAfter) return { result: 'missing' };
  return { polling: { ...polling, lease: { holder, expiresAt: at + leaseMs } }, result: polling };
}

/** Records how far a poll came, if it is still the one that looks. */
async function end({ runs }: PollDeps, holder: string, step: (polling: Polling) => Polling): Promise<void> {
  await runs.updatePolling((polling) =>
    polling.lease?.holder === holder
      ? { polling: { ...step(polling), lease: undefined }, result: undefined }
      : { result: undefined },
  );
}

type Found =
  /** `isCut`: there were more in the shortest window than the API answers. */
  | { readonly kind: 'records'; readonly records: readonly EdgeAudit[]; readonly isCut: boolean }
  | { readonly kind: 'missing' }
  | { readonly kind: 'unanswered'; readonly error: ApigeeError };

/** Oldest window first. What may be a full answer is asked for again in two halves. */
async function recordsBetween(audits: Audits, from: number, to: number): Promise<Found> {
  const answer = await audits.between(from, to);
  if (!answer.ok) return { kind: 'unanswered', error: answer.error };
  const records = answer.value;
  if (records === undefined) return { kind: 'missing' };
  if (!mayBeFull(records.length)) return { kind: 'records', records, isCut: false };
  if (to - from <= shortestWindow) return { kind: 'records', records, isCut: true };
  const middle = Math.floor((from + to) / 2);
  const earlier = await recordsBetween(audits, from, middle);
  if (earlier.kind !== 'records') return earlier;
  const later = await recordsBetween(audits, middle + 1, to);
  if (later.kind !== 'records') return later;
  return { kind: 'records', records: [...earlier.records, ...later.records], isCut: earlier.isCut || later.isCut };
}

/** The API may have a limit of its own, which nobody documents: it would be a round number. */
function mayBeFull(count: number): boolean {
  return count >= mostRows || (count > 0 && count % 100 === 0);
}

interface Looked {
  readonly people: number;
  readonly isLeft: boolean;
  /** Who has to be looked at again, and when they were first edited, ms. */
  readonly unfinished: ReadonlyMap<string, number>;
}

async function lookAt(deps: PollDeps, records: readonly EdgeAudit[]): Promise<Looked> {
  const { org, own, peopleAtOnce, mostPeople, pull, now, deadline } = deps;
  const edits = records.flatMap((record) => editIn(record, org, own) ?? []);
  const each = onePerPerson(edits);
  const isLeft = each.length > mostPeople;
  const chosen = isLeft ? each.filter(({ does }) => does === 'delete') : each;
  const unfinished = new Map<string, number>();
  const earliest = firstOf(edits);
  await pMap(
    chosen,
    async (edit) => {
      if (now() < deadline && (await pull(edit))) return;
      const person = personOf(edit);
      unfinished.set(person, earliest.get(person) ?? 0);
    },
    { concurrency: peopleAtOnce },
  );
  return { people: chosen.length, isLeft, unfinished };
}

/** One look at each person: for their deletion, where there was one, because that is a proof (rule 29). */
function onePerPerson(edits: readonly DeveloperEdit[]): readonly DeveloperEdit[] {
  const chosen = new Map<string, DeveloperEdit>();
  for (const edit of edits.toSorted((a, b) => (a.at ?? 0) - (b.at ?? 0))) {
    const earlier = chosen.get(personOf(edit));
    if (earlier?.does !== 'delete' || edit.does === 'delete') chosen.set(personOf(edit), edit);
  }
  return [...chosen.values()];
}

function firstOf(edits: readonly DeveloperEdit[]): ReadonlyMap<string, number> {
  const first = new Map<string, number>();
  for (const edit of edits) {
    const person = personOf(edit);
    first.set(person, Math.min(first.get(person) ?? Infinity, edit.at ?? Infinity));
  }
  return first;
}

function personOf({ named }: DeveloperEdit): string {
  return JSON.stringify(named);
}

/** Says nothing of whom the record is about. */
function hashOf({ operation, requestUri, timeStamp, user }: EdgeAudit): string {
  const source = JSON.stringify([operation, requestUri, timeStamp, user ?? null]);
  return hash('sha256', source, 'base64url').slice(0, 16);
}
