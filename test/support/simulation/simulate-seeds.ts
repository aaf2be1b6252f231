import { historyOf, type OperatedKind } from './plan.ts';
import { simulatePlan } from './simulate-plan.ts';

export interface FailedSeed {
  readonly seed: number;
  readonly problem: string;
}

/** Which seeds a process is to play; `operated`: as of `historyOf`. */
export interface SeedRange {
  readonly from: number;
  readonly count: number;
  readonly operated: OperatedKind;
}

/** Plays seeds `from` to `from + count - 1`, as `historyOf`. A product that throws where it must not is a problem too. */
export async function simulateSeeds(
  from: number,
  count: number,
  operated: OperatedKind = 'none',
): Promise<readonly FailedSeed[]> {
  const failed: FailedSeed[] = [];
  for (let seed = from; seed < from + count; seed += 1) {
    const [problem] = await simulatePlan(historyOf(seed, operated));
    if (problem !== undefined) failed.push({ seed, problem });
  }
  return failed;
}

/** What to type to see a seed again. */
export function replayOf(seed: number, operated: OperatedKind = 'none'): string {
  return `npm run simulate -- --seed ${String(seed)} --operators ${operated} --shrink --trace`;
}
