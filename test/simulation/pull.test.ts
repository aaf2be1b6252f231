import { describe, expect, test } from 'vitest';
import { planOf, type Plan } from '../support/simulation/plan.ts';
import { simulatePlan } from '../support/simulation/simulate-plan.ts';

const seeds = 100;
const portion = 50;

/** The history of a seed on X, where Apigee's audit log tells of every write. */
export function pulledPlanOf(seed: number): Plan {
  const plan = planOf(seed);
  return { ...plan, settings: { ...plan.settings, type: 'x', pull: true } };
}

describe('with edits in Apigee told of late, twice, in any order, or never (rules 20, 23, 24, 29, 40)', () => {
  const begins = Array.from({ length: seeds / portion }, (_, index) => 100_001 + index * portion);

  test.each(begins)(
    'both sides end in step, and no edit is lost: 50 seeds from %i',
    async (from) => {
      const failed: string[] = [];
      for (let seed = from; seed < from + portion; seed += 1) {
        const [problem] = await simulatePlan(pulledPlanOf(seed));
        if (problem !== undefined) failed.push(`${String(seed)}: ${problem}`);
      }
      expect(failed).toEqual([]);
    },
    120_000,
  );
});
