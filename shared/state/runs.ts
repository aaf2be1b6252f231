import type { ApigeeCalls } from '../apigee/developers.ts';
import type { PlanKind } from '../core/changes/plan.ts';
import type { PersonKey } from '../core/model/email.ts';
import type { Approval } from '../core/model/policy.ts';
import type { Batch, BatchId, BatchOf, BatchPhase, BatchResult, Traffic } from './batch.ts';
import type { Control } from './control.ts';
import type { ListingMemory } from './listing-memory.ts';
import type { Polling } from './polling.ts';

/**
 * Runs, their batches, and what is kept about runs as a whole. Implemented on Firestore and in memory; one contract.
 * Failures of the store are thrown, as by `People`.
 */
export interface Runs {
  /** False where a run of this id exists already: a duplicate request is one run. */
  create(run: Run): Promise<boolean>;
  get(runId: string): Promise<Run | undefined>;
  /** Atomic; `step` is pure and may be called again. Throws where the run does not exist. */
  update<T>(runId: string, step: (run: Run) => { readonly run?: Run; readonly result: T }): Promise<T>;
  /** Newest request first; `before`: only those behind this place. */
  recent(limit: number, before?: RunsPlace): Promise<readonly Run[]>;
  /** Oldest request first. */
  queued(limit: number): Promise<readonly Run[]>;
  /** Runs that wait for approval, most recently held first. */
  held(limit: number): Promise<readonly Run[]>;

  /** False where a batch of this id exists already. */
  createBatch(batch: Batch): Promise<boolean>;
  getBatch<P extends BatchPhase>(id: BatchId<P>): Promise<BatchOf<P> | undefined>;
  /**
   * Records the result once: false where the batch was done already (rule 26: redelivery cannot count twice). A batch as
   * `getBatch` has just answered it costs no further read.
   */
  completeBatch(id: BatchId, result: BatchResult): Promise<boolean>;
  /**
   * Writes what `step` makes of a batch, undefined leaves it as it is; pure, as `update`. For erasing people from reports
   * of runs that are over (rule 37). Answers whether it was written.
   */
  rewriteBatch(id: BatchId, step: (batch: Batch) => Batch | undefined): Promise<boolean>;
  countDone(runId: string, phase: BatchPhase): Promise<number>;
  /** Batches not done yet, by sequence number: the first `limit`, or all. */
  unfinished(runId: string, phase: BatchPhase, limit?: number): Promise<readonly BatchId[]>;
  /** Every batch of the run from `from` on, by phase and sequence number, read in pages. Default: all of them. */
  batches(runId: string, from?: Omit<BatchId, 'runId'>): AsyncIterable<Batch>;
  /** When the run's newest batch was finished (ms), undefined while there is none. */
  lastProgress(runId: string): Promise<number | undefined>;

  /** What the last complete listing was like. */
  listing(): Promise<ListingMemory | undefined>;
  rememberListing(memory: ListingMemory): Promise<void>;
  /** Writes what `step` makes of it; pure, as `update`. */
  updateListing(step: (memory: ListingMemory) => ListingMemory | undefined): Promise<boolean>;
  /** People, as `personDigest`s, whose link has to be looked at whatever the listing of the run shows. */
  apart(runId: string): Promise<readonly string[]>;
  setApart(runId: string, digests: readonly string[]): Promise<void>;

  control(): Promise<Control>;
  updateControl<T>(step: (control: Control) => { readonly control?: Control; readonly result: T }): Promise<T>;

  /** How far Edge's audit history was looked through. */
  polling(): Promise<Polling>;
  updatePolling<T>(step: (polling: Polling) => { readonly polling?: Polling; readonly result: T }): Promise<T>;

  /** Records why a message cannot be used, once per `id`; never its content. */
  reject(rejection: Rejection): Promise<void>;
  /** Newest first. */
  rejections(limit: number): Promise<readonly Rejection[]>;

  /**
   * Takes one from the allowance of real-time destructive writes (rule 16): false where any 60 minutes that end at `at`
   * (ms) have seen `limit` of them.
   */
  spendDestructive(at: number, limit: number): Promise<boolean>;
  /** Takes up to `wanted` from what the run may still create of `limit` (rule 32); answers how many it got. */
  takeCreations(runId: string, wanted: number, limit: number): Promise<number>;
  /** Gives back what was taken and not used. */
  giveBackCreations(runId: string, unused: number): Promise<void>;
}

/** A place in the history of runs: a run, or, without an id, all that were requested at this time (ms). */
export interface RunsPlace {
  readonly requestedAt: number;
  readonly runId?: string;
}

/** What a request may ask for. */
export const requestModes = ['full', 'incremental'] as const;
export type RequestMode = (typeof requestModes)[number];

/**
 * `people`: those whom an operator named, a dry run only. `apply`: those of a plan (rule 36), whom an operator has read about
 * and approved; `undo`: those whom an earlier act has changed (rule 35). Such a run begins behind its gate.
 */
export const runModes = [...requestModes, 'people', 'apply', 'undo'] as const;
export type RunMode = (typeof runModes)[number];
export type RunState = 'queued' | 'running' | 'held' | 'done' | 'failed';

export interface Run {
  readonly runId: string;
  readonly mode: RunMode;
  readonly dryRun: boolean;
  readonly reason: string | undefined;
  readonly state: RunState;
  readonly phase: BatchPhase;
  readonly requestedAt: number;
  /**
   * What of the run waits for an operator: as the setting says for a scheduled run, `destructive` for one that somebody asked for.
   * Once the run has begun, `first-run` has become `always` or `destructive`.
   */
  readonly approval: Approval;
  /** Whom a run is about that looks at no listing. */
  readonly chosen: Chosen | undefined;
  /** Stands for the settings that the run started with: which people are selected, and how their documents are read. */
  readonly scope: string | undefined;
  /** Of a run that keeps a plan: stands for every setting that a decision rests on. The plan is applied with the same ones only. */
  readonly settings: string | undefined;
  readonly startedAt: number | undefined;
  readonly finishedAt: number | undefined;
  /** Ms; set anew by every checkpoint. */
  readonly heartbeatAt: number;
  /** Incremental: developers last modified before this are skipped (Apigee's clock, margin included). */
  readonly since: number | undefined;
  /** How far each phase's walk has come. */
  readonly walks: Readonly<Record<BatchPhase, Walk>>;
  /** How many selected developers the listing has shown so far, or, where ranges are listed, is expected to show. */
  readonly walked: number;
  /** How many distinct people the whole listing showed, once it is over; undefined: not counted. */
  readonly listed: number | undefined;
  /** Calls and Firestore traffic of the walks; batches keep their own. */
  readonly calls: ApigeeCalls;
  readonly traffic: Traffic;
  /** Total of the whole run, once it is over. */
  readonly totals: RunTotals | undefined;
  readonly gate: GateVerdict | undefined;
  /** Why the run failed or is held, for the operator. */
  readonly problem: string | undefined;
  /** How often a stalled run was taken up again. */
  readonly resumes: number;
  readonly pause: Pause | undefined;
}

/** Whom an operator chose. */
export interface Chosen {
  /** The dry run whose plan is applied; undefined: the people are named. */
  readonly plan: string | undefined;
  /** The run or operator's action whose changes are undone, or the id of one change. */
  readonly undo: string | undefined;
  /** Of an undo that was shown: what was changed later, ms, stays. */
  readonly until: number | undefined;
  /** Only these; empty: everybody of the plan or of the act. */
  readonly people: readonly PersonKey[];
  /** Only who is to be written so; empty: however. */
  readonly kinds: readonly PlanKind[];
}

/** From when to when an approved run was held; ms. */
export interface Pause {
  readonly from: number;
  readonly to: number | undefined;
}

export interface Walk {
  /** Published so far; all of them once `complete`. */
  readonly batches: number;
  readonly complete: boolean;
  /** All batches are made; once they are done, it shows whether they are everybody. */
  readonly unproven?: true | undefined;
  /**
   * Where the walk goes on, undefined at its beginning. `apigee`: a `ListingPlace` as JSON; `links`: a `LinksPlace` as
   * JSON. The other two phases need none.
   */
  readonly cursor: string | undefined;
}

export interface GateVerdict {
  /** People who wait: for a deactivation or deletion, or to be created; with `review`, for any write. */
  readonly planned: number;
  /** Whether they wait because the run does, whatever is to be written of them (APPROVAL). */
  readonly review: boolean;
  /** Of these, people to create beyond `creationLimit` (rule 32). */
  readonly uncreated: number;
  readonly creationLimit: number;
  readonly seen: number;
  readonly limit: number;
  readonly limitPercent: number;
  readonly open: boolean;
  /** Set by an operator: lets a closed gate through once. */
  readonly approved: boolean;
}

export interface RunCounts {
  readonly seen: number;
  readonly created: { readonly apigee: number; readonly portal: number };
  readonly updated: { readonly apigee: number; readonly portal: number };
  readonly unchanged: number;
  readonly held: number;
  readonly failed: number;
}

export interface RunTotals {
  readonly counts: RunCounts;
  readonly calls: ApigeeCalls;
  readonly traffic: Traffic;
  /** Of a plan that is applied: people who are not as the plan says any more, among those held (rule 36). */
  readonly stale: number;
  /** Of an undo: values that are left as they are, because they moved on or cannot come back (rule 35). */
  readonly kept: number;
}

export interface Rejection {
  readonly id: string;
  readonly source: string;
  readonly reason: string;
  readonly at: number;
}
