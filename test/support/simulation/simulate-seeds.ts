import { historyOf } from './plan.ts';
import { simulatePlan } from './simulate-plan.ts';

export interface FailedSeed {
  readonly seed: number;
  readonly problem: string;
}

/** Which seeds a process is to play; `isOperated`: as of `historyOf`. */
export interface SeedRange {
  readonly from: number;
  readonly count: number;
  readonly isOperated: boolean;
}

/** Plays seeds `from` to `from + count - 1`, as `historyOf`. A product that throws where it must not is a problem too. */
export async function simulateSeeds(from: number, count: number, isOperated = false): Promise<readonly FailedSeed[]> {
  const failed: FailedSeed[] = [];
  for (let seed = from; seed < from + count; seed += 1) {
    const [problem] = await simulatePlan(historyOf(seed, isOperated));
    if (problem !== undefined) failed.push({ seed, problem });
  }
  return failed;
}

/** What to type to see a seed again. */
export function replayOf(seed: number, isOperated = false): string {
  return `npm run simulate -- --seed ${String(seed)}${isOperated ? ' --operators' : ''} --shrink --trace`;
}
