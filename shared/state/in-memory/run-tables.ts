import type { HourSpent } from '../allowance.ts';
import { emptyControl } from '../batch-id.ts';
import type { Control } from '../control.ts';
import type { ListingMemory } from '../listing-memory.ts';
import { neverPolled, type Polling } from '../polling.ts';
import type { Batch } from '../batch.ts';
import type { Rejection, Run } from '../runs.ts';

/** Everything about runs. A stored value is never changed in place: a write replaces it. */
export interface RunTables {
  readonly runs: Map<string, Run>;
  /** By run id, then by the batch's document id. */
  readonly batches: Map<string, Map<string, Batch>>;
  readonly rejections: Map<string, Rejection>;
  /** By the id of the hour. */
  readonly allowance: Map<string, HourSpent>;
  /** What runs may have created so far, by run id. */
  readonly creations: Map<string, number>;
  /** By run id. */
  readonly apart: Map<string, readonly string[]>;
  listing: ListingMemory | undefined;
  control: Control;
  polling: Polling;
}

export function newRunTables(): RunTables {
  return {
    runs: new Map(),
    batches: new Map(),
    rejections: new Map(),
    allowance: new Map(),
    creations: new Map(),
    apart: new Map(),
    listing: undefined,
    control: emptyControl,
    polling: neverPolled,
  };
}
