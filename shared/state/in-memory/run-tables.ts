import type { HourSpent } from '../allowance.ts';
import { emptyControl } from '../batch-id.ts';
import type { Batch, Control, Rejection, Run } from '../runs.ts';

/** Everything about runs. A stored value is never changed in place: a write replaces it. */
export interface RunTables {
  readonly runs: Map<string, Run>;
  /** By run id, then by the batch's document id. */
  readonly batches: Map<string, Map<string, Batch>>;
  readonly rejections: Map<string, Rejection>;
  /** By the id of the hour. */
  readonly allowance: Map<string, HourSpent>;
  control: Control;
}

export function newRunTables(): RunTables {
  return { runs: new Map(), batches: new Map(), rejections: new Map(), allowance: new Map(), control: emptyControl };
}
