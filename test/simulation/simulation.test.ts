import { describe, expect, test } from 'vitest';
import { planOf } from '../support/simulation/plan.ts';
import { shrink } from '../support/simulation/shrink.ts';
import { simulatePlan } from '../support/simulation/simulate-plan.ts';
import { replayOf, simulateSeeds } from '../support/simulation/simulate-seeds.ts';

const seeds = 2000;
const portion = 100;

describe('whatever people, faults and crashes do (rules 10 to 27)', () => {
  const begins = Array.from({ length: seeds / portion }, (_, index) => 1 + index * portion);

  test.each(begins)(
    'both sides end in step, no edit is lost and nobody is harmed: 100 seeds from %i',
    async (from) => {
      const failed = await simulateSeeds(from, portion);
      expect(failed.map(({ seed, problem }) => `${problem}: ${replayOf(seed)}`)).toEqual([]);
    },
    120_000,
  );

  test('a seed is the same history every time', async () => {
    const [first, second]: [string[], string[]] = [[], []];
    await simulatePlan(planOf(7), first);
    await simulatePlan(planOf(7), second);
    expect(first.length).toBeGreaterThan(20);
    // Apigee's ids are drawn apart from the history.
    const withoutIds = (lines: readonly string[]) =>
      lines.map((line) => line.replaceAll(/[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}/g, 'an id'));
    expect(withoutIds(second)).toEqual(withoutIds(first));
  });
});

test('a history that fails is shrunk to what makes it fail', async () => {
  const plan = planOf(1);
  const { faults } = plan.settings;
  // A developer whom the oracle knows nothing about fails whatever else happens.
  const stranger = {
    gap: 1,
    kind: 'create',
    side: 'apigee',
    person: 99,
    profile: {},
    inactive: false,
    spelling: 'plain',
  } as const;
  const shrunk = await shrink({
    ...plan,
    settings: { ...plan.settings, faults: { ...faults, slow: 0.1 } },
    rounds: [...plan.rounds, [stranger]],
  });
  expect(shrunk.rounds).toEqual([[expect.objectContaining({ person: 99 })]]);
  expect(Object.values(shrunk.settings.faults).every((probability) => probability === 0)).toBe(true);
});
