import type { Run } from '../state/runs.ts';

/** How long a run that is over took, ms, without the time it was held and waited to go on. */
export function workedFor({ startedAt, finishedAt, held }: Run): number | undefined {
  if (startedAt === undefined || finishedAt === undefined) return undefined;
  const waited = held === undefined ? 0 : (held.to ?? finishedAt) - held.from;
  return finishedAt - startedAt - waited;
}
