import type { PlanKind } from '../plans.ts';

export type RunMode = 'full' | 'incremental' | 'people' | 'apply' | 'undo';

export type RunState = 'queued' | 'running' | 'held' | 'done' | 'failed';

export type RunPhase = 'portal' | 'apigee' | 'links' | 'destructive';

export interface RunSummary {
  readonly runId: string;
  readonly mode: RunMode;
  readonly dryRun: boolean;
  readonly state: RunState;
  readonly reason: string | null;
  /** Who asked for it: an operator's email, `schedule`, `devsync`; null where nobody knows. */
  readonly by: string | null;
  readonly requestedAt: number;
  readonly startedAt: number | null;
  readonly finishedAt: number | null;
  /** Null until the people are counted. */
  readonly counts: RunCounts | null;
  readonly calls: ApigeeCalls;
  /** Links and portal users that were written, and documents that were read. */
  readonly writes: number;
  readonly reads: number;
  readonly problem: string | null;
  readonly words: string;
}

export interface RunCounts {
  readonly seen: number;
  readonly created: { readonly apigee: number; readonly portal: number };
  readonly updated: { readonly apigee: number; readonly portal: number };
  readonly unchanged: number;
  readonly held: number;
  readonly failed: number;
}

export interface ApigeeCalls {
  readonly list: number;
  readonly get: number;
  readonly create: number;
  readonly update: number;
  readonly status: number;
  readonly delete: number;
}

/** Newest request first. */
export interface RunsAnswer {
  readonly runs: readonly RunSummary[];
  /** For `?before=`; null: these were the oldest. */
  readonly next: string | null;
}

/** A run that is not over, in people. */
export interface RunProgress {
  readonly runId: string;
  readonly mode: RunMode;
  readonly dryRun: boolean;
  readonly state: 'requested' | 'queued' | 'running';
  readonly phase: RunPhase | null;
  readonly phaseWords: string;
  /** People looked at so far, of those who are expected; null where nothing tells how many there will be. */
  readonly done: number;
  readonly expected: number | null;
  /** 0 to 1, over all phases; null: not to be told. */
  readonly fraction: number | null;
  /** People per minute; null at the beginning. */
  readonly perMinute: number | null;
  /** Ms; null where it is not to be told. */
  readonly leftMs: number | null;
  /** What it waits for, such as another run; null where it moves. */
  readonly waitsFor: string | null;
  readonly startedAt: number | null;
  readonly lastMoved: number;
  readonly stalled: boolean;
}

export interface RunAnswer {
  readonly now: number;
  readonly run: RunSummary;
  readonly progress: RunProgress | null;
  readonly gate: GateAnswer | null;
  /** How many rows there are of people for whom something was done; null until the run is over. */
  readonly rows: number | null;
  /** Of these: how many by outcome, situation, field and reason; the most first. */
  readonly groups: {
    /** False where some have too many different values to tell all of them. */
    readonly complete: boolean;
    readonly outcome: readonly Group[];
    readonly situation: readonly Group[];
    readonly field: readonly Group[];
    readonly reason: readonly Group[];
  };
  /** What an admin may do about it. */
  readonly judge: 'approve' | 'too-old' | null;
  readonly supersededBy: string | null;
  /** Whether it keeps a plan: it is a dry run, or waits or waited for somebody to look at every value. */
  readonly hasPlan: boolean;
  /** What it is about; null: it walks both sides. */
  readonly about: RunAbout | null;
  /** The run that does what this one shows, where it is a dry run; null: there is none. */
  readonly doneBy: string | null;
  /** Whether it changed anybody whose values before are still kept. */
  readonly mayUndo: boolean;
  /** Of a plan that was applied: people who are not as planned any more. Of an undo: values that are left as they are. */
  readonly stale: number;
  readonly kept: number;
}

/** Whom a run is about that was asked to look at some people only. */
export interface RunAbout {
  /** The run whose plan is applied. */
  readonly plan: string | null;
  /** What is undone, and whether that is a run; a change, or a push, is none. */
  readonly undo: { readonly act: string; readonly isRun: boolean } | null;
  /** How many people were named; null: everybody of the plan, or whom the act changed. */
  readonly people: number | null;
  /** Only who is to be written so; empty: everybody. */
  readonly kinds: readonly PlanKind[];
}

export interface Group {
  /** For a filter. */
  readonly value: string;
  readonly words: string;
  readonly people: number;
}

export interface GateAnswer {
  readonly planned: number;
  readonly seen: number;
  readonly limit: number;
  readonly limitPercent: number;
  readonly open: boolean;
  readonly approved: boolean;
  /** Whether it waits because somebody has to look at every value first (APPROVAL). */
  readonly review: boolean;
  /** People to create beyond CREATION_LIMIT, among those planned. */
  readonly uncreated: number;
  readonly words: string;
}

export interface RunPerson {
  readonly id: string;
  /** The email, or `#` and the id of a portal document without a usable one. */
  readonly key: string;
  readonly outcome: string;
  readonly outcomeWords: string;
  readonly situation: string;
  readonly situationWords: string;
  readonly reason: string;
  readonly fields: readonly string[];
}

/** In the order in which the run came to them: a person whom several of its phases met has a row in each. */
export interface RunPeopleAnswer {
  readonly people: readonly RunRow[];
  /** For `after`: there may be more, also behind a page of nobody, because one request looks at a part of a large run. */
  readonly next: string | null;
}

export interface RunRow extends RunPerson {
  /** Another one for each row. */
  readonly row: string;
}

/** Whom a held run would deactivate, delete or create; at most 1,000 of them. */
export interface PlannedAnswer {
  readonly runId: string;
  /** All of them. */
  readonly count: number;
  readonly people: readonly RunPerson[];
}

export interface RequestedRun {
  readonly runId: string;
  /** True: the same was asked for already, and this is the run that is under way or waits. */
  readonly joined: boolean;
}

export interface JudgedRun {
  readonly runId: string;
  readonly words: readonly string[];
}

export interface HoldsAnswer {
  readonly runs: readonly HeldRun[];
}

export interface HeldRun {
  readonly run: RunSummary;
  readonly heldAt: number;
  readonly judge: 'approve' | 'too-old' | null;
  readonly supersededBy: string | null;
  readonly gate: GateAnswer | null;
}
