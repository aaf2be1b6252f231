import { z } from 'zod';
import type { Lane, Ledger } from '../core/budget/ledger.ts';
import { unreadable } from './maybe.ts';

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
}

const stored = z.object({ edits: z.number(), runs: z.number() });

/** Throws where the document is none of ours. */
export function decodeLedger(data: unknown): Ledger {
  const parsed = stored.safeParse(data);
  if (!parsed.success) throw unreadable('call ledger', parsed.error);
  return parsed.data;
}
