import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  admits,
  ask,
  callsNeeded,
  callsWatched,
  createBreaker,
  denialsInARow,
  firstPauseMs,
  initialState,
  longestPauseMs,
  pause,
  probeLostAfterMs,
  report,
  type Admission,
  type BreakerChange,
  type BreakerState,
  type Health,
} from '../../../shared/apigee/breaker.ts';

const start = Date.UTC(2026, 0, 1);
const message = 'get: HTTP 503: later';
const healths = {
  a: { kind: 'answered' },
  u: { kind: 'unavailable', message },
  d: { kind: 'denied', message: 'get: HTTP 403: no' },
} as const satisfies Record<string, Health>;
const isHealth = (letter: string): letter is keyof typeof healths => letter in healths;

/** The state after calls that ended, one a second, as the letters say. */
function after(letters: string): BreakerState {
  let state = initialState;
  letters.split('').forEach((letter, index) => {
    if (!isHealth(letter)) throw new Error(letter);
    state = report(state, { kind: 'call', epoch: state.epoch }, healths[letter], start + index * 1000, 0).state;
  });
  return state;
}

describe('the breaker', () => {
  test.each([
    ['nothing yet', '', 'closed'],
    ['nine that failed: too few to tell', 'u'.repeat(9), 'closed'],
    ['ten that failed', 'u'.repeat(10), 'unavailable'],
    ['half of ten', 'aaaaauuuuu', 'unavailable'],
    ['less than half of ten', 'aaaaaauuuu', 'closed'],
    ['half of the last twenty', `${'a'.repeat(10)}${'u'.repeat(10)}`, 'unavailable'],
    ['less than half of the last twenty', `${'a'.repeat(11)}${'u'.repeat(9)}`, 'closed'],
    ['what is longer ago than twenty calls', `${'u'.repeat(9)}${'a'.repeat(20)}u`, 'closed'],
    ['answers, however many failed before the tenth', `${'u'.repeat(8)}aa`, 'closed'],
    ['two denials', 'aadd', 'closed'],
    ['three denials in a row', 'aaddd', 'denied'],
    ['three denials, not in a row', 'ddadada', 'closed'],
    ['denials do not count as unavailable', 'uuuuaddadd', 'closed'],
  ])('after %s (%s) is %s', (_, letters, expected) => {
    const state = after(letters);
    expect(state.kind === 'open' ? state.trouble : state.kind).toBe(expected);
  });

  test('refuses until its pause is over, then lets one probe through at a time', () => {
    const open = after('u'.repeat(10));
    const opened = start + 9000;
    expect(ask(open, opened + firstPauseMs / 2 - 1).admission).toEqual({
      kind: 'refused',
      message: 'Apigee has been failing since 2026-01-01T00:00:00Z; the next probe is at 2026-01-01T00:00:11Z',
    });
    const first = ask(open, opened + firstPauseMs / 2);
    expect(first.admission.kind).toBe('probe');
    expect(ask(first.state, opened + firstPauseMs)).toMatchObject({
      admission: { kind: 'refused', message: expect.stringContaining('a probe is under way') },
    });
  });

  test('closes with the first probe that is answered, and forgets what was', () => {
    const open = after('ddd');
    const { state, admission } = ask(open, start + 60_000);
    const closed = report(state, admission, healths.a, start + 61_000, 0);
    expect(closed.state).toMatchObject({ kind: 'closed', recent: [] });
    expect(closed.change).toEqual({
      kind: 'closed',
      message: 'Apigee answers again; it has been refusing access since 2026-01-01T00:00:00Z',
    });
  });

  test('takes a probe that never ends for lost', () => {
    const { state } = ask(after('ddd'), start + 60_000);
    expect(ask(state, start + 60_000 + probeLostAfterMs - 1).admission.kind).toBe('refused');
    expect(ask(state, start + 60_000 + probeLostAfterMs).admission.kind).toBe('probe');
  });

  test('a call of before says nothing about now', () => {
    const open = after('ddd');
    const late: Admission = { kind: 'call', epoch: 0 };
    expect(report(open, late, healths.a, start + 4000, 0)).toEqual({ state: open, change: undefined });
    expect(admits(open, late)).toBe(false);
  });

  test('pauses twice as long after each probe that fails, up to five minutes, never less than half of it', () => {
    expect([1, 2, 3].map((pauses) => pause(pauses, 1))).toEqual([5000, 10_000, 20_000]);
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 10_000 }), fc.double({ min: 0, max: 1, noNaN: true }), (pauses, random) => {
        const whole = Math.min(longestPauseMs, firstPauseMs * 2 ** (pauses - 1));
        expect(pause(pauses, random)).toBeGreaterThanOrEqual(whole / 2);
        expect(pause(pauses, random)).toBeLessThanOrEqual(whole);
      }),
    );
  });
});

type Step = { readonly wait: number } | { readonly ask: true } | { readonly end: number; readonly health: Health };
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ wait: fc.integer({ min: 0, max: 200_000 }) }),
  { weight: 4, arbitrary: fc.record({ ask: fc.constant(true as const) }) },
  {
    weight: 4,
    arbitrary: fc.record({
      end: fc.nat(1000),
      health: fc.constantFrom<Health>(healths.a, healths.u, healths.u, healths.u, healths.d),
    }),
  },
);

describe('whatever calls are made and however they end', () => {
  test('it opens only for a reason, probes one at a time, and tells each opening and closing once', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 300 }), (steps) => {
        let now = start;
        const changes: BreakerChange[] = [];
        const clock = { now: () => now, random: () => 0.5 };
        const breaker = createBreaker(clock, (change) => changes.push(change));
        let underWay: { readonly admission: Admission; readonly at: number }[] = [];
        let ended: Health['kind'][] = [];
        const isOpen = (): boolean => changes.at(-1)?.kind === 'opened';
        for (const next of steps) {
          if ('wait' in next) now += next.wait;
          else if ('ask' in next) {
            const refusal = breaker.refusal();
            const admission = breaker.ask();
            expect(admission.kind === 'refused').toBe(refusal !== undefined);
            expect(admission.kind === 'call').toBe(!isOpen());
            if (admission.kind === 'refused') continue;
            if (admission.kind === 'probe') {
              const probes = underWay.filter((call) => call.admission.kind === 'probe');
              expect(probes.every(({ at }) => now - at >= probeLostAfterMs)).toBe(true);
            }
            underWay.push({ admission, at: now });
          } else {
            const call = underWay[next.end % Math.max(1, underWay.length)];
            if (call === undefined) continue;
            underWay = underWay.filter((other) => other !== call);
            const counts = breaker.stillAdmits(call.admission);
            const before = changes.length;
            breaker.report(call.admission, next.health);
            if (!counts) {
              expect(changes).toHaveLength(before);
              continue;
            }
            if (call.admission.kind === 'probe') {
              expect(isOpen()).toBe(next.health.kind !== 'answered');
              ended = [];
              continue;
            }
            ended = [...ended, next.health.kind].slice(-callsWatched);
            const failed = ended.filter((kind) => kind === 'unavailable').length;
            const down = ended.length >= callsNeeded && failed * 2 >= ended.length;
            const denied =
              ended.length >= denialsInARow && ended.slice(-denialsInARow).every((kind) => kind === 'denied');
            expect(isOpen()).toBe(next.health.kind !== 'answered' && (down || denied));
          }
        }
        changes.forEach(({ kind }, index) => expect(kind).toBe(index % 2 === 0 ? 'opened' : 'closed'));
      }),
      { numRuns: 500 },
    );
  });
});
