import type { BatchId } from '../state/runs.ts';

/** The two topics, as the product publishes to them. Messages carry ids only (rule 27). */
export interface Publisher {
  /** Asks for a run. Answers the message id. */
  requestSync(request: SyncRequest, runId: string): Promise<string>;
  /** Lets a run go on where its documents say it stands. */
  continueRun(runId: string): Promise<void>;
  publishBatch(batch: BatchId): Promise<void>;
}

export interface SyncRequest {
  readonly mode: 'incremental' | 'full';
  readonly dryRun: boolean;
  readonly reason: string | undefined;
}
