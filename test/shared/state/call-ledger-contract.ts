import { expect, test, type TestContext } from 'vitest';
import { everyMs } from '../../../shared/core/budget/ledger.ts';
import type { CallLedger } from '../../../shared/state/call-ledger.ts';

export const callsPerMinute = 600;
const [run, edit] = [everyMs(callsPerMinute, 'runs'), everyMs(callsPerMinute, 'edits')];

/** For a ledger of `callsPerMinute`. */
export function ledgerContract(open: (context: TestContext) => CallLedger): void {
  test('moments of a lane follow one another, however many ask at the same time', async (context) => {
    const ledger = open(context);
    const asked = Date.now();
    const all = await Promise.all([1, 2, 3, 4, 5].map(() => ledger.reserve('runs', 3)));
    const starts = all.map(({ startsInMs }) => startsInMs).toSorted((a, b) => a - b);
    expect(all.every(({ everyMs: every, calls }) => every === run && calls === 3)).toBe(true);
    const tookMs = Date.now() - asked;
    // By the store's clock, which goes on between the answers.
    starts
      .slice(1)
      .forEach((start, index) => expect(start - (starts[index] ?? 0)).toBeLessThanOrEqual(3 * run + 0.001));
    expect(starts.at(-1)).toBeGreaterThan(4 * 3 * run - tookMs - 100);
  });

  test('no more are given at once than there are in a second, and one at least', async (context) => {
    const ledger = open(context);
    expect((await ledger.reserve('runs', 1000)).calls).toBe(Math.floor(1000 / run));
    expect((await ledger.reserve('edits', 1000)).calls).toBeGreaterThanOrEqual(1);
    expect((await ledger.reserve('runs', 0)).calls).toBe(1);
  });

  test('edits do not wait behind runs, and use what runs leave', async (context) => {
    const ledger = open(context);
    expect((await ledger.reserve('edits', 2)).everyMs).toBe(run);
    for (let nth = 0; nth < 3; nth += 1) await ledger.reserve('runs', 100);
    expect(await ledger.reserve('edits', 1)).toMatchObject({ startsInMs: 0, everyMs: edit });
  });

  test('giving way moves everybody, and never back', async (context) => {
    const ledger = open(context);
    await ledger.giveWay(60_000);
    await ledger.giveWay(1000);
    for (const lane of ['runs', 'edits'] as const) {
      const { startsInMs } = await ledger.reserve(lane, 1);
      expect(startsInMs).toBeGreaterThan(40_000);
      expect(startsInMs).toBeLessThan(62_000);
    }
  });
}
