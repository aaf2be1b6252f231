import { planOf } from './plan.ts';
import { simulatePlan } from './simulate-plan.ts';

export interface FailedSeed {
  readonly seed: number;
  readonly problem: string;
}

/** Plays seeds `from` to `from + count - 1`. A product that throws where it must not is a problem too. */
export async function simulateSeeds(from: number, count: number): Promise<readonly FailedSeed[]> {
  const failed: FailedSeed[] = [];
  for (let seed = from; seed < from + count; seed += 1) {
    const [problem] = await simulatePlan(planOf(seed));
    if (problem !== undefined) failed.push({ seed, problem });
  }
  return failed;
}

/** What to type to see a seed again. */
export function replayOf(seed: number): string {
  return `npm run simulate -- --seed ${String(seed)} --shrink --trace`;
}
