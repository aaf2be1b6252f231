import type { BatchId } from '../state/batch.ts';
import type { RequestMode } from '../state/runs.ts';

/** Publishes to the two topics. Messages carry ids only (rule 27). */
export interface Publisher {
  /** Requests a run. Resolves with the message id. */
  requestSync(request: SyncRequest, runId: string): Promise<string>;
  /** Has a run go on from where its documents say it stands. */
  continueRun(runId: string): Promise<void>;
  publishBatch(batch: BatchId): Promise<void>;
}

export interface SyncRequest {
  readonly mode: RequestMode;
  readonly dryRun: boolean;
  readonly reason: string | undefined;
  /** Nobody asked for the run: it stops for review as a scheduled one does (APPROVAL). */
  readonly unattended?: true;
}
