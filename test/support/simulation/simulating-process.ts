import { simulateSeeds } from './simulate-seeds.ts';

/** Plays ranges of seeds as its parent tells it to, and answers those that failed. */
process.on('message', ({ from, count }: { readonly from: number; readonly count: number }) => {
  void simulateSeeds(from, count).then((failed) => process.send?.(failed));
});
