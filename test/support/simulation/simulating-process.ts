import { simulateSeeds, type SeedRange } from './simulate-seeds.ts';

/** Plays ranges of seeds as its parent tells it to, and answers those that failed. */
process.on('message', ({ from, count, isOperated }: SeedRange) => {
  void simulateSeeds(from, count, isOperated).then((failed) => process.send?.(failed));
});
