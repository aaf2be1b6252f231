import { z } from 'zod';
import { emptyLedger, type Lane, type Ledger } from '../core/budget/ledger.ts';

/** The one budget of calls to Apigee, which all processes share. Failures of the store are thrown, as by `People`. */
export interface CallLedger {
  /** Moments for so many calls, or for fewer. */
  reserve(lane: Lane, calls: number): Promise<Reserved>;
  /** For so long, ms, nobody gets a moment. */
  giveWay(forMs: number): Promise<void>;
}

export interface Reserved {
  /** How long after the answer was made the first moment comes, ms. */
  readonly startsInMs: number;
  readonly everyMs: number;
  readonly calls: number;
  /** Since when it may have been so, by our own clock: ms before the answer. Undefined: since it was asked for. */
  readonly madeWithinMs?: number;
}

const stored = z.object({ edits: z.number(), runs: z.number() });

/** A document that is none of ours counts as none: at worst a second's calls are made twice, and no call waits for ever. */
export function decodeLedger(data: unknown): Ledger {
  const parsed = stored.safeParse(data);
  return parsed.success ? parsed.data : emptyLedger;
}
