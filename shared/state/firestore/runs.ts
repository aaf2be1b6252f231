import type { Firestore } from '@google-cloud/firestore';
import type { Meter } from '../meter.ts';
import type { Runs } from '../runs.ts';
import { batchStore } from './batches.ts';
import { stateCollections } from './names.ts';
import { notices } from './notices.ts';
import type { RunsContext } from './runs-context.ts';
import { runStore } from './run-store.ts';

export interface FirestoreRunsOptions {
  /** Shared: adapters are cheap, one per meter. */
  readonly firestore: Firestore;
  readonly statePrefix: string;
  readonly meter: Meter;
  /** Our own clock, ms: documents without a time of their own expire counted from it. */
  readonly now?: () => number;
}

export function createFirestoreRuns({ firestore, statePrefix, meter, now = Date.now }: FirestoreRunsOptions): Runs {
  const context: RunsContext = { firestore, names: stateCollections(statePrefix), meter, now };
  return { ...runStore(context), ...batchStore(context), ...notices(context) };
}
