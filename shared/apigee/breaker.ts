import type { ApigeeErrorKind } from './developers.ts';

/** What the end of a call says about Apigee as a whole. `message` is that of the failed call, fit for the log. */
export type Health = { readonly kind: 'answered' } | { readonly kind: Trouble; readonly message: string };
type Trouble = Extract<ApigeeErrorKind, 'unavailable' | 'denied'>;

/**
 * The circuit breaker of all calls of a process: an outage costs a few calls, and not a timeout for every person.
 *
 * | state  | when                                          | a call                                                   |
 * |--------|-----------------------------------------------|----------------------------------------------------------|
 * | closed | Apigee answers                                | is made                                                  |
 * | open   | half of the last calls unavailable, or denied | is refused at once                                       |
 * | open   | after a pause                                 | is made if it is the first: it is the probe              |
 *
 * If Apigee answers the probe, the breaker closes; otherwise a longer pause begins.
 * `epoch` changes with the state: a call that was let through in an earlier epoch says nothing about the present one.
 */
export type BreakerState =
  | {
      readonly kind: 'closed';
      readonly epoch: number;
      /** The last calls, oldest first. */
      readonly recent: readonly { readonly at: number; readonly kind: Health['kind'] }[];
    }
  | {
      readonly kind: 'open';
      readonly epoch: number;
      readonly trouble: Trouble;
      /** When the first of the calls that opened it failed. */
      readonly since: number;
      readonly pauses: number;
      /** When the next probe may be made, ms; while a probe is under way, when that probe counts as lost. */
      readonly probeAt: number;
      readonly probing: boolean;
    };

export type Admission =
  | { readonly kind: 'call' | 'probe'; readonly epoch: number }
  /** `message` says since when Apigee fails, and when it is asked again. */
  | { readonly kind: 'refused'; readonly message: string };

/** Reported once for each opening and each closing. */
export type BreakerChange =
  | { readonly kind: 'opened'; readonly trouble: Trouble; readonly message: string }
  | { readonly kind: 'closed'; readonly message: string };

export const callsWatched = 20;
export const callsNeeded = 10;
export const denialsInARow = 3;
export const firstPauseMs = 5_000;
export const longestPauseMs = 300_000;
/** Longer than any call takes. */
export const probeLostAfterMs = 120_000;

export const initialState: BreakerState = { kind: 'closed', epoch: 0, recent: [] };

/** Why a call made now would be refused; undefined where it might be let through. */
export function refusal(state: BreakerState, now: number): string | undefined {
  return state.kind === 'open' && now < state.probeAt ? trouble(state) : undefined;
}

export function ask(state: BreakerState, now: number): { readonly state: BreakerState; readonly admission: Admission } {
  const message = refusal(state, now);
  if (message !== undefined) return { state, admission: { kind: 'refused', message } };
  if (state.kind === 'closed') return { state, admission: { kind: 'call', epoch: state.epoch } };
  const epoch = state.epoch + 1;
  const probing = { ...state, epoch, probeAt: now + probeLostAfterMs, probing: true };
  return { state: probing, admission: { kind: 'probe', epoch } };
}

/** `random`: at least 0, less than 1. */
export function report(
  state: BreakerState,
  admission: Admission,
  health: Health,
  now: number,
  random: number,
): { readonly state: BreakerState; readonly change: BreakerChange | undefined } {
  if (!admits(state, admission)) return { state, change: undefined };
  const epoch = state.epoch + 1;
  if (state.kind === 'closed') {
    const recent = [...state.recent, { at: now, kind: health.kind }].slice(-callsWatched);
    const kind = troubleIn(recent);
    if (kind === undefined || health.kind === 'answered') return { state: { ...state, recent }, change: undefined };
    const since = recent.find((call) => call.kind === kind)?.at ?? now;
    const probeAt = now + pause(1, random);
    const open = { kind: 'open', epoch, trouble: kind, since, pauses: 1, probeAt, probing: false } as const;
    return { state: open, change: { kind: 'opened', trouble: kind, message: `${trouble(open)}. ${health.message}` } };
  }
  if (health.kind === 'answered') {
    const message = `Apigee answers again; it ${words[state.trouble]} since ${timeOf(state.since)}`;
    return { state: { kind: 'closed', epoch, recent: [] }, change: { kind: 'closed', message } };
  }
  const pauses = state.pauses + 1;
  const probeAt = now + pause(pauses, random);
  return {
    state: { ...state, epoch, trouble: health.kind, pauses, probeAt, probing: false },
    change: undefined,
  };
}

/** Whether the breaker is still in the state in which the call was let through. */
export function admits(state: BreakerState, admission: Admission): boolean {
  return admission.kind !== 'refused' && admission.epoch === state.epoch;
}

/** The n-th pause, ms: between half and all of its full length, so that instances do not probe at the same time. */
export function pause(pauses: number, random: number): number {
  const whole = Math.min(longestPauseMs, firstPauseMs * 2 ** Math.min(pauses - 1, 30));
  return Math.round((whole / 2) * (1 + random));
}

export interface Breaker {
  /** Why a call made now would be refused; undefined where it might be let through. */
  refusal(): string | undefined;
  /** Every admission that is not refused has to be reported. */
  ask(): Admission;
  stillAdmits(admission: Admission): boolean;
  report(admission: Admission, health: Health): void;
}

export function createBreaker(
  clock: { now(): number; random(): number },
  onChange: (change: BreakerChange) => void,
): Breaker {
  let state = initialState;
  return {
    refusal: () => refusal(state, clock.now()),
    ask() {
      const asked = ask(state, clock.now());
      state = asked.state;
      return asked.admission;
    },
    stillAdmits: (admission) => admits(state, admission),
    report(admission, health) {
      const reported = report(state, admission, health, clock.now(), clock.random());
      state = reported.state;
      if (reported.change !== undefined) onChange(reported.change);
    },
  };
}

function troubleIn(recent: readonly { readonly kind: Health['kind'] }[]): Trouble | undefined {
  const last = recent.slice(-denialsInARow);
  if (last.length === denialsInARow && last.every(({ kind }) => kind === 'denied')) return 'denied';
  const failed = recent.filter(({ kind }) => kind === 'unavailable').length;
  return recent.length >= callsNeeded && failed * 2 >= recent.length ? 'unavailable' : undefined;
}

const words = { unavailable: 'has been failing', denied: 'has been refusing access' } as const;

function trouble({ trouble: kind, since, probeAt, probing }: Extract<BreakerState, { kind: 'open' }>): string {
  const next = probing ? 'a probe is under way' : `the next probe is at ${timeOf(probeAt)}`;
  return `Apigee ${words[kind]} since ${timeOf(since)}; ${next}`;
}

/** ISO 8601 in seconds. */
function timeOf(ms: number): string {
  return new Date(ms).toISOString().replace(/\.\d+Z$/, 'Z');
}
