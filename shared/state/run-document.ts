import { z } from 'zod';
import { operations, type ApigeeCalls } from '../apigee/developers.ts';
import { planKinds } from '../core/changes/plan.ts';
import { approvals } from '../core/model/policy.ts';
import { storedKey } from './link-document.ts';
import { maybe, unreadable, withoutUndefined } from './maybe.ts';
import type { Control } from './control.ts';
import { batchPhases } from './batch.ts';
import { runModes, type GateVerdict, type Rejection, type Run, type RunTotals } from './runs.ts';

const text = z.string();
const time = z.number();
const count = z.number();

export const storedCalls: z.ZodType<ApigeeCalls> = z.record(z.enum(operations), count);
export const storedTraffic = z.object({ reads: count, writes: count, bookkeeping: count });

const bothSides = z.object({ apigee: count, portal: count });
const walk = z.object({
  batches: count,
  complete: z.boolean(),
  unproven: maybe(z.literal(true)),
  cursor: maybe(text),
});

/** Fields keep the names under which the first version stored them: `held` is the run's `pause`. */
const storedRun = z.object({
  runId: text,
  mode: z.enum(runModes),
  dryRun: z.boolean(),
  reason: maybe(text),
  state: z.enum(['queued', 'running', 'held', 'done', 'failed']),
  phase: z.enum(batchPhases),
  requestedAt: time,
  approval: z.enum(approvals).default('destructive'),
  chosen: maybe(
    z.object({
      plan: maybe(text),
      undo: maybe(text),
      until: maybe(time),
      people: z.array(storedKey),
      kinds: z.array(z.enum(planKinds)),
    }),
  ),
  scope: maybe(text),
  settings: maybe(text),
  startedAt: maybe(time),
  finishedAt: maybe(time),
  heartbeatAt: time,
  since: maybe(time),
  walks: z.object({ portal: walk, apigee: walk, links: walk, destructive: walk }),
  walked: count,
  listed: maybe(count),
  calls: storedCalls,
  traffic: storedTraffic,
  totals: maybe(
    z.object({
      counts: z.object({
        seen: count,
        created: bothSides,
        updated: bothSides,
        unchanged: count,
        held: count,
        failed: count,
      }),
      calls: storedCalls,
      traffic: storedTraffic,
      stale: count.default(0),
      kept: count.default(0),
    }),
  ),
  gate: maybe(
    z.object({
      planned: count,
      review: z.boolean().default(false),
      uncreated: count.default(0),
      creationLimit: count.default(0),
      seen: count,
      limit: count,
      limitPercent: count,
      open: z.boolean(),
      approved: z.boolean(),
    }),
  ),
  problem: maybe(text),
  resumes: count,
  held: maybe(z.object({ from: time, to: maybe(time) })),
});

/** Two members are there for queries only: `queuedAt`, the request time of a queued run, and `heldAt`. */
export function encodeRun(run: Run): Record<string, unknown> {
  const { pause, gate, chosen, totals, approval, ...same } = run;
  return withoutUndefined({
    ...same,
    approval: approval === 'destructive' ? undefined : approval,
    chosen: chosen && withoutUndefined({ ...chosen }),
    gate: gate && encodeGate(gate),
    totals: totals && encodeTotals(totals),
    held: pause,
    queuedAt: run.state === 'queued' ? run.requestedAt : undefined,
    heldAt: run.state === 'held' ? heldAt(run) : undefined,
  });
}

/** What a gate has nothing to say of is left out, as versions without a limit on creations left it out. */
function encodeGate({ uncreated, creationLimit, review, ...gate }: GateVerdict): Record<string, unknown> {
  return { ...gate, ...(review ? { review } : {}), ...(uncreated === 0 ? {} : { uncreated, creationLimit }) };
}

/** So are the numbers that only plans and undoing have. */
function encodeTotals({ stale, kept, ...totals }: RunTotals): Record<string, unknown> {
  return { ...totals, ...(stale === 0 ? {} : { stale }), ...(kept === 0 ? {} : { kept }) };
}

/** When a held run stopped. */
export function heldAt({ finishedAt, requestedAt }: Run): number {
  return finishedAt ?? requestedAt;
}

/** Throws where the document is not a run. */
export function decodeRun(documentId: string, data: unknown): Run {
  const { held: pause, ...same } = parsed(storedRun, `run ${documentId}`, data);
  return { ...same, pause };
}

const watermark = z.object({ runId: text, scope: maybe(text), startedAt: time, finishedAt: time });
const storedControl = z.object({
  activeRunId: maybe(text),
  behindGate: z.boolean().default(false),
  lastFull: maybe(watermark),
  lastIncremental: maybe(watermark),
  outside: maybe(z.object({ scope: text, links: count })),
  stopped: maybe(z.object({ at: time, by: text, reason: maybe(text) })),
  owner: maybe(
    z.object({
      type: z.enum(['x', 'hybrid', 'edge']),
      org: text,
      project: text,
      database: text,
      collection: text,
    }),
  ),
});

export function encodeControl(control: Control): Record<string, unknown> {
  return withoutUndefined({ ...control, stopped: control.stopped && withoutUndefined({ ...control.stopped }) });
}

export function decodeControl(data: unknown): Control {
  return parsed(storedControl, 'control document', data);
}

const storedRejection = z.object({ id: text, source: text, reason: text, at: time });

export function decodeRejection(documentId: string, data: unknown): Rejection {
  return parsed(storedRejection, `rejection ${documentId}`, data);
}

function parsed<T>(schema: z.ZodType<T>, what: string, data: unknown): T {
  const result = schema.safeParse(data);
  if (!result.success) throw unreadable(what, result.error);
  return result.data;
}
