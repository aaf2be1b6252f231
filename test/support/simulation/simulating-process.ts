import { simulateSeeds, type SeedRange } from './simulate-seeds.ts';

/** Plays ranges of seeds as its parent tells it to, and answers those that failed. */
process.on('message', ({ from, count, operated }: SeedRange) => {
  void simulateSeeds(from, count, operated).then((failed) => process.send?.(failed));
});
