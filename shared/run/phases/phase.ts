import type { ApigeeError } from '../../apigee/developers.ts';
import type { PersonKey } from '../../core/model/email.ts';
import type { Outcome } from '../../core/model/link.ts';
import type { Batch, BatchOf, BatchPhase, ReportRow, FoundRange, InStep } from '../../state/batch.ts';
import type { Run, Walk } from '../../state/runs.ts';
import type { SyncDeps, WriteGate } from '../../sync/deps.ts';
import type { PersonResult } from '../../sync/result.ts';
import type { RunCount } from '../lifecycle/run-count.ts';
import { checkpoint, type Again, type Session } from '../session.ts';

/**
 * One of the four phases of a run: how its batches are made, and how one of them is done. How far a phase has come is only
 * in documents, so either may be called any number of times, at the same time too (rules 20, 24).
 */
export interface Phase<P extends BatchPhase> {
  /**
   * What its batches do about destructive decisions (rule 16). A phase whose gate is open begins behind the run's
   * count.
   */
  readonly gate: { readonly kind: Exclude<WriteGate['kind'], 'allowance' | 'review'> };
  /** Makes and publishes batches, as many as there is time for. `count`: of this invocation. */
  readonly walk: (session: Session, run: Run, count: RunCount) => Promise<Walked>;
  /** Called once every batch is done, before the next phase; may be called again. */
  readonly conclude?: (session: Session, run: Run, count: RunCount) => Promise<unknown>;
  /** Does what a batch is about, and reports its people to `context.report`. */
  readonly work: (context: BatchContext, batch: BatchOf<P>) => Promise<BatchEnd>;
}

/** How a walk ended. */
export type Walked =
  /** This invocation has nothing more to walk. `run` is the run by now, and says whether all batches have been made. */
  | { readonly kind: 'walked'; readonly run: Run }
  /** The time is up: another invocation goes on from what the run document says. */
  | { readonly kind: 'to-be-continued' }
  | Again
  | Denied;

/** How a delivery of a batch ended. */
export type BatchEnd = { readonly kind: 'done' } | Again | Denied;

/** Apigee refuses every call: the run cannot go on, and no person is to blame. `message` is fit for the log. */
export interface Denied {
  readonly kind: 'denied';
  readonly message: string;
}

/** What a phase works with on one batch. */
export interface BatchContext {
  readonly session: Session;
  readonly run: Run;
  /** The session as the steps for one person of this run see it. */
  readonly deps: SyncDeps;
  readonly report: BatchReport;
  /** Whether there is time to begin with another person. */
  readonly mayBegin: () => boolean;
}

/** What has become of the people of a batch so far. */
export class BatchReport {
  readonly people: string[] = [];
  readonly outcomes: Outcome[] = [];
  readonly rows: ReportRow[] = [];
  readonly planned: PersonKey[] = [];
  readonly uncreated: PersonKey[] = [];
  stale = 0;
  kept = 0;
  found: FoundRange | undefined;
  inStep: InStep | undefined;

  /**
   * `name`: what the batch calls the person (an email as listed, or a key). `kept`: how many values an undo left as they are,
   * which has to be told also where it changed nothing (rule 35).
   */
  add(name: string, result: PersonResult, kept = 0): void {
    if (result.outcome === 'ignored') return;
    const { key, situation, outcome, reason, fields } = result;
    this.people.push(name);
    this.outcomes.push(outcome);
    this.kept += kept;
    if (outcome !== 'unchanged' || kept > 0)
      this.rows.push({ key, situation, outcome, reason: reason.slice(0, 300), fields });
    const { disposition } = result;
    if (disposition === 'planned' || disposition === 'uncreated') this.planned.push(key);
    if (disposition === 'uncreated') this.uncreated.push(key);
    if (disposition === 'stale') this.stale += 1;
  }

  addUnchanged(name: string): void {
    this.people.push(name);
    this.outcomes.push('unchanged');
  }
}

/** What a call to Apigee that failed means for a walk or a batch that cannot do without its answer (rule 25). */
export function withoutAnswer({ kind, message }: ApigeeError): Again | Denied {
  return kind === 'denied' ? { kind, message } : { kind: 'again', reason: 'apigee', message };
}

/** The end of a batch whose time was up before `left` were begun. */
export function endWith(left: readonly unknown[]): BatchEnd {
  if (left.length === 0) return { kind: 'done' };
  return { kind: 'again', reason: 'time', message: `${String(left.length)} people are left for the next delivery` };
}

/**
 * Creates the next batch of a walk and publishes it, before the walk's cursor moves past it: after a crash in between the
 * batch is published again. Another invocation that walks at the same time makes a batch with the same number; the one
 * that was created first counts, and is returned.
 */
export async function makeBatch<P extends BatchPhase>(
  session: Session,
  batch: Batch & BatchOf<P>,
): Promise<BatchOf<P>> {
  const made = (await session.runs.createBatch(batch)) ? batch : ((await session.runs.getBatch<P>(batch)) ?? batch);
  if (made.result === undefined) await session.publisher.publishBatch(made);
  return made;
}

/** Moves a walk on from where `run` left it, unless another invocation has. `walked`: how many developers there are to be. */
export async function moveWalk(
  session: Session,
  run: Run,
  phase: BatchPhase,
  walk: Walk,
  walked = run.walked,
): Promise<Run> {
  const { batches, cursor } = run.walks[phase];
  return checkpoint(session, run.runId, (state) => {
    const at = state.walks[phase];
    const isHere = at.batches === batches && at.cursor === cursor && !at.complete;
    return isHere ? { ...state, walked, walks: { ...state.walks, [phase]: walk } } : state;
  });
}
