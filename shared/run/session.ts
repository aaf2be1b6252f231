import { operations, type ApigeeCalls } from '../apigee/developers.ts';
import type { Limits } from '../core/count.ts';
import type { Approval } from '../core/model/policy.ts';
import type { Log } from '../log/log.ts';
import type { Publisher } from '../messages/publisher.ts';
import { newMeter, type Meter } from '../state/meter.ts';
import type { Changes } from '../state/changes.ts';
import type { Traffic } from '../state/batch.ts';
import type { Run, Runs } from '../state/runs.ts';
import type { UnderWay } from './under-way.ts';
import type { SyncDeps, WriteGate } from '../sync/deps.ts';
import { changeOf } from '../sync/keep-change.ts';

/** Everything one invocation of a function works with, with its own counters over shared connections. */
export interface Session extends Omit<SyncDeps, 'by' | 'gate'> {
  readonly runs: Runs;
  /** A run as it was within the last second: asks the store less often. */
  readonly recentRun: (runId: string) => Promise<Run | undefined>;
  /** Of all invocations in this process. */
  readonly underWay: UnderWay;
  readonly publisher: Publisher;
  readonly usage: Usage;
  readonly limits: Limits;
  /** Which scheduled runs stop until an operator has looked at them. */
  readonly approval: Approval;
  /** Stands for the settings that select people and read their documents: changes when one of them does. */
  readonly scope: string;
  /** Stands for every setting that a decision rests on (rule 36). */
  readonly settings: string;
  /** What a dry run would change. */
  readonly plannedBy: (runId: string) => Changes;
  /** What was changed (rule 34). */
  readonly changes: Changes;
  /** Whether a developer has apps, which a deletion would take along. Throws where Apigee does not say. */
  readonly hasApps: (email: string) => Promise<boolean>;
  /** Our own clock, ms: no new piece of work is begun after this. */
  readonly deadline: number;
  /** What replaces both sides in a dry run: nothing is written to either. */
  readonly dry: (runId: string) => Pick<Session, 'people' | 'developers'>;
  /** Deletes the links that a dry run has written for itself. */
  readonly forgetDry: (runId: string) => Promise<void>;
}

/** What an invocation has cost so far; filled in by its adapters. */
export interface Usage {
  readonly calls: Record<keyof ApigeeCalls, number>;
  readonly meter: Meter;
}

/** How an invocation ended, as far as its message is concerned. */
export type Handled = { readonly kind: 'done' } | Again;

/**
 * Something was in the way that passes by itself: the message is to be delivered again, and nobody has to look into it.
 * `message` is fit for the log (rule 27).
 */
export interface Again {
  readonly kind: 'again';
  /** Apigee gave no usable answer, or the time was up. */
  readonly reason: 'apigee' | 'time';
  readonly message: string;
}

export function newUsage(): Usage {
  return { calls: noCalls(), meter: newMeter() };
}

export function noCalls(): Record<keyof ApigeeCalls, number> {
  return { list: 0, get: 0, create: 0, update: 0, status: 0, delete: 0 };
}

export const noTraffic: Traffic = { reads: 0, writes: 0, bookkeeping: 0 };

/** Reads the counters and sets them to zero, so that nothing is reported twice. */
export function takeUsage({ calls, meter }: Usage): { readonly calls: ApigeeCalls; readonly traffic: Traffic } {
  const { reads, writes, bookkeeping } = meter;
  const taken = { calls: { ...calls }, traffic: { reads, writes, bookkeeping } };
  for (const operation of operations) calls[operation] = 0;
  Object.assign(meter, newMeter());
  return taken;
}

export function addCalls(a: ApigeeCalls, b: ApigeeCalls): ApigeeCalls {
  const sum = noCalls();
  for (const operation of operations) sum[operation] = a[operation] + b[operation];
  return sum;
}

export function addTraffic(a: Traffic, b: Traffic): Traffic {
  return { reads: a.reads + b.reads, writes: a.writes + b.writes, bookkeeping: a.bookkeeping + b.bookkeeping };
}

/** The session as the steps for one person of a run see it. */
export function runDeps(
  session: Session,
  run: Pick<Run, 'runId' | 'dryRun' | 'approval' | 'startedAt'>,
  gate: Exclude<WriteGate, { kind: 'allowance' }>,
): SyncDeps {
  const { runId, dryRun } = run;
  const { people, developers } = dryRun ? session.dry(runId) : session;
  const log: Log = (entry) => session.log({ runId, dryRun, ...entry });
  // A run that was cancelled ends its batches, too.
  const isStopped = async (): Promise<boolean> =>
    (await session.isStopped()) || (await session.recentRun(runId))?.state !== 'running';
  const by = { kind: 'run', runId } as const;
  const reviewed = gate.kind === 'closed' && isReviewed(run) ? reviewGate(session, run) : gate;
  return { ...session, people, developers, log, by, gate: reviewed, isStopped };
}

/** Whether nothing of the run is written before an operator has looked at it. */
export function isReviewed({ dryRun, approval }: Pick<Run, 'dryRun' | 'approval'>): boolean {
  return approval === 'always' && !dryRun;
}

/**
 * Keeps what the run would write where a dry run keeps it (rule 36). A person whom a later phase or another delivery meets
 * again has one change, the latest.
 */
function reviewGate(session: Session, { runId, startedAt = 0 }: Pick<Run, 'runId' | 'startedAt'>): WriteGate {
  const { people } = session.dry(runId);
  const once = { by: { kind: 'run', runId }, now: () => startedAt, newId: () => 'planned' } as const;
  return {
    kind: 'review',
    async plan(note) {
      const changes = [changeOf(once, note)];
      await people.transact({ links: [], userIds: [] }, () => ({ result: undefined, changes }));
    },
  };
}

/**
 * Rule 16, for deletions that arrive in real time or that an operator asks for: as many in any 60 minutes as the limit
 * says.
 */
export function hourlyAllowance({ runs, limits, now }: Session): WriteGate {
  return { kind: 'allowance', spend: () => runs.spendDestructive(now(), limits.limit) };
}

/** Changes the run and adds what this invocation has cost since the last time, so that every call is in the report. */
export async function checkpoint(
  session: Session,
  runId: string,
  step: (run: Run) => Run,
  { calls, traffic } = takeUsage(session.usage),
): Promise<Run> {
  const now = session.now();
  return session.runs.update(runId, (run) => {
    const after = {
      ...step(run),
      heartbeatAt: now,
      calls: addCalls(run.calls, calls),
      traffic: addTraffic(run.traffic, traffic),
    };
    return { run: after, result: after };
  });
}
