/**
 * The calls to Apigee of all processes together, as a time table: each call gets a moment of its own, one behind the other,
 * and a process that has many to make gets many moments at once. Two lanes: what edits need is kept free of runs; edits may
 * use the runs' lane as well. Times are ms by the store's own clock.
 */
export interface Ledger {
  /** The first moment of each lane that is not given away. */
  readonly edits: number;
  readonly runs: number;
}

export type Lane = keyof Ledger;

export const emptyLedger: Ledger = { edits: 0, runs: 0 };

/** Moments for calls: the first one at `startsAt`, and every `everyMs` another. */
export interface Moments {
  readonly startsAt: number;
  readonly everyMs: number;
  readonly calls: number;
}

/** A call may come so long behind its moment, ms; a later one has lost it. */
export const lateness = 2000;
/** Ms. */
export const longestGivingWay = 60_000;
const furthestAhead = 10 * 60_000;
/** How much longer than others a call may be on its way to Apigee, ms. */
const onTheWay = 500;
/** Of the calls, for edits alone; of a small budget more, so that a push has its moments within its time: calls a minute. */
const editsPart = 0.08;
const leastForEdits = 16;
const mostOfEdits = 0.5;
/** Of the calls, for operators who may not write to the ledger. */
export const unledgeredPart = 0.05;

/**
 * How far apart moments of a lane are, ms. In any minute by Apigee's own count there are no more calls than
 * `callsPerMinute`: what may come late counts as a longer minute.
 */
export function everyMs(callsPerMinute: number, lane: Lane): number {
  const edits = Math.min(mostOfEdits, Math.max(editsPart, leastForEdits / callsPerMinute));
  const part = lane === 'edits' ? edits : 1 - edits - unledgeredPart;
  return (60_000 + lateness + onTheWay) / (callsPerMinute * part);
}

/** Gives away the next moments of a lane: no more at once than there are in a second, and at least one. */
export function reserve(
  before: Ledger,
  { lane, calls }: { readonly lane: Lane; readonly calls: number },
  callsPerMinute: number,
  now: number,
): { readonly ledger: Ledger; readonly moments: Moments } {
  const ledger = believable(before, now);
  const offers = (lane === 'edits' ? (['edits', 'runs'] as const) : (['runs'] as const)).map((one) =>
    offer(ledger, one, calls, callsPerMinute, now),
  );
  const best = offers.reduce((a, b) => (isBetter(b, a) ? b : a));
  const { startsAt, everyMs: every, calls: given } = best.moments;
  return { ledger: { ...ledger, [best.lane]: startsAt + every * given }, moments: best.moments };
}

interface Offer {
  readonly lane: Lane;
  readonly moments: Moments;
}

function offer(ledger: Ledger, lane: Lane, calls: number, callsPerMinute: number, now: number): Offer {
  const every = everyMs(callsPerMinute, lane);
  const most = Math.max(1, Math.floor(1000 / every));
  const given = Math.min(most, Math.max(1, Math.ceil(calls)));
  return { lane, moments: { startsAt: Math.max(now, ledger[lane]), everyMs: every, calls: given } };
}

/** The one that begins earlier and, at the same time, gets further. */
function isBetter({ moments: a }: Offer, { moments: b }: Offer): boolean {
  return a.startsAt < b.startsAt || (a.startsAt === b.startsAt && a.everyMs < b.everyMs);
}

/** Nobody calls for `forMs`: others use Apigee's quota up. Nobody gives way for longer than a minute, the quota's own. */
export function giveWay(before: Ledger, now: number, forMs: number): Ledger {
  const until = now + Math.min(forMs, longestGivingWay);
  const { edits, runs } = believable(before, now);
  return { edits: Math.max(edits, until), runs: Math.max(runs, until) };
}

/** No lane is given away further ahead than processes ever have calls to make: a ledger that says so is not believed. */
function believable({ edits, runs }: Ledger, now: number): Ledger {
  const latest = now + furthestAhead;
  return { edits: Math.min(edits, latest), runs: Math.min(runs, latest) };
}
