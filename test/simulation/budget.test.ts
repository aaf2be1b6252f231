import { describe, expect, test } from 'vitest';
import { planOf } from '../support/simulation/plan.ts';
import { withBudget } from '../support/simulation/quota.ts';
import { simulatePlan } from '../support/simulation/simulate-plan.ts';

const seeds = 200;
const portion = 50;

describe('where Apigee has a quota that all processes share, and others use it up (rules 2, 9, 24, 25)', () => {
  const begins = Array.from({ length: seeds / portion }, (_, index) => 300_001 + index * portion);

  test.each(begins)(
    'no minute sees more calls, whoever dies or stands still, and both sides end in step: 50 seeds from %i',
    async (from) => {
      const failed: string[] = [];
      for (let seed = from; seed < from + portion; seed += 1) {
        const [problem] = await simulatePlan(withBudget(planOf(seed)));
        if (problem !== undefined) failed.push(`${String(seed)}: ${problem}`);
      }
      expect(failed).toEqual([]);
    },
    120_000,
  );
});
