import type { Control } from './control.ts';
import { batchPhases, type Batch, type BatchId, type BatchOf, type BatchPhase } from './batch.ts';

/** The document id of a batch within its run. Ids of one phase are in the order of their sequence numbers. */
export function batchDocumentId({ phase, seq }: Pick<BatchId, 'phase' | 'seq'>): string {
  return `${phase}-${String(seq).padStart(6, '0')}`;
}

/** By phase, then by sequence number. */
export function compareBatches(a: BatchId, b: BatchId): number {
  return batchPhases.indexOf(a.phase) - batchPhases.indexOf(b.phase) || a.seq - b.seq;
}

/** Whether a batch is of this phase; always so for a batch that was found under an id of the phase. */
export function isOfPhase<P extends BatchPhase>(batch: Batch, phase: P): batch is Batch & BatchOf<P> {
  return batch.phase === phase;
}

/** The control document as it is before the first run. */
export const emptyControl: Control = {
  activeRunId: undefined,
  behindGate: false,
  lastFull: undefined,
  lastIncremental: undefined,
  outside: undefined,
  owner: undefined,
  stopped: undefined,
};

/** The sequence number in a batch's document id. */
export function batchSeq(documentId: string): number {
  return Number(documentId.slice(documentId.lastIndexOf('-') + 1));
}
