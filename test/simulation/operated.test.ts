import { describe, expect, test } from 'vitest';
import { replayOf, simulateSeeds } from '../support/simulation/simulate-seeds.ts';

const seeds = 60;
const portion = 30;

describe('whatever operators plan, apply, undo, approve, order and forget meanwhile (rules 26, 32, 34 to 37)', () => {
  const begins = Array.from({ length: seeds / portion }, (_, index) => 200_001 + index * portion);

  test.each(begins)(
    'no edit is lost, plans are applied exactly, and undone stays undone: 30 seeds from %i',
    async (from) => {
      const failed = await simulateSeeds(from, portion, 'all');
      expect(failed.map(({ seed, problem }) => `${problem}: ${replayOf(seed, 'all')}`)).toEqual([]);
    },
    120_000,
  );
});
