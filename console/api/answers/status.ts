import type { RunProgress, RunSummary } from './runs.ts';

/** One line for the whole: how it stands, why, and what to do next. */
export interface StatusAnswer {
  readonly now: number;
  readonly state: 'stopped' | 'never-run' | 'in-step' | 'behind' | 'running' | 'held' | 'failed' | 'stalled';
  readonly words: string;
  readonly why: string;
  readonly next: NextAction | null;
  /** Set while every write to either side is stopped. */
  readonly stopped: StoppedAnswer | null;
  readonly freshness: {
    readonly full: Freshness | null;
    readonly incremental: Freshness | null;
  };
  readonly active: RunProgress | null;
  readonly queued: readonly RunSummary[];
  readonly heldRuns: number;
  readonly pending: Counted;
  readonly held: Counted;
  readonly failed: Counted;
  /** Since when the person who waits longest has been waiting. */
  readonly oldestSince: number | null;
  /** Messages that could not be used, newest first. */
  readonly rejections: readonly { readonly source: string; readonly reason: string; readonly at: number }[];
}

export interface StoppedAnswer {
  readonly at: number;
  /** The operator, by name. */
  readonly by: string;
  readonly reason: string | null;
}

export interface StopAnswer {
  readonly words: readonly string[];
}

export type NextAction =
  | { readonly kind: 'run'; readonly mode: 'incremental' | 'full'; readonly words: string }
  | { readonly kind: 'judge-run'; readonly runId: string; readonly words: string }
  | { readonly kind: 'attention'; readonly words: string }
  | { readonly kind: 'look-at-run'; readonly runId: string; readonly words: string };

export interface Freshness {
  readonly runId: string;
  readonly startedAt: number;
  readonly finishedAt: number;
}

export interface Counted {
  readonly people: number;
  /** False: there may be more. */
  readonly exact: boolean;
}
