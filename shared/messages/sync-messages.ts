import { z } from 'zod';
import { batchPhases, type BatchId } from '../state/batch.ts';
import { requestModes } from '../state/runs.ts';
import type { SyncRequest } from './publisher.ts';
import type { Parsed, PushedMessage } from './push-envelope.ts';

/** What the sync requests topic carries. */
export type RequestMessage =
  | { readonly kind: 'request'; readonly runId: string; readonly request: SyncRequest; readonly scheduled: boolean }
  | { readonly kind: 'continue'; readonly runId: string };

const runIdPattern = /^[A-Za-z0-9][\w.:-]{0,199}$/;
const runId = z.string().regex(runIdPattern);
const requestFields = { mode: z.enum(requestModes), dryRun: z.boolean(), reason: z.string().max(500) };
const request = z.object(requestFields).partial();
const batch = z.object({ runId, phase: z.enum(batchPhases), seq: z.int().min(0).max(100_000_000) });

/**
 * Reads a message of the sync requests topic: a run to go on, where the attribute `continue` names one, else a sync request
 * in the body. A requested run's id is the attribute `runId`, if the sender chose one. Otherwise the id is made from the
 * message, so that a redelivered request is the same run; for the schedule (attribute `schedule`) it is made from the
 * minute, because Cloud Scheduler may publish twice.
 */
export function readRequestMessage(message: PushedMessage): Parsed<RequestMessage> {
  const { attributes } = message;
  const chosen = attributes['continue'] ?? attributes['runId'];
  if (chosen !== undefined && !runIdPattern.test(chosen)) {
    return { ok: false, problem: 'the run id may have 200 letters, digits and .:_- and begins with a letter or digit' };
  }
  if (attributes['continue'] !== undefined)
    return { ok: true, value: { kind: 'continue', runId: attributes['continue'] } };
  const body = readJson(message.data);
  if (!body.ok) return body;
  const nearMiss = misspelled(body.value);
  if (nearMiss !== undefined) return { ok: false, problem: nearMiss };
  const parsed = request.safeParse(body.value);
  if (!parsed.success) return { ok: false, problem: `sync request: ${describe(parsed.error)}` };
  const { mode = 'incremental', dryRun = false, reason } = parsed.data;
  const schedule = attributes['schedule'];
  const id = chosen ?? (schedule === undefined ? fromMessage(message) : fromSchedule(message, schedule));
  const scheduled = schedule !== undefined;
  const unattended = attributes['unattended'] === undefined ? {} : ({ unattended: true } as const);
  return {
    ok: true,
    value: { kind: 'request', runId: id, request: { mode, dryRun, reason, ...unattended }, scheduled },
  };
}

/** Reads a message of the sync batches topic. */
export function readBatchMessage(message: PushedMessage): Parsed<BatchId> {
  const body = readJson(message.data);
  if (!body.ok) return body;
  const parsed = batch.safeParse(body.value);
  return parsed.success
    ? { ok: true, value: parsed.data }
    : { ok: false, problem: `sync batch: ${describe(parsed.error)}` };
}

function readJson(data: string): Parsed<unknown> {
  if (data.trim() === '') return { ok: true, value: {} };
  try {
    const value: unknown = JSON.parse(data);
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
    return isObject ? { ok: true, value } : { ok: false, problem: 'the message body must be a JSON object' };
  } catch {
    return { ok: false, problem: 'the message body is not JSON' };
  }
}

/** Unknown members are ignored, except misspelt ones: `dry_run: true` must not become a real run. */
function misspelled(body: unknown): string | undefined {
  const plain = (name: string): string => name.toLowerCase().replaceAll(/[^a-z]/g, '');
  const known = Object.keys(requestFields);
  for (const name of Object.keys(Object(body) as object)) {
    const meant = known.find((field) => field !== name && plain(field) === plain(name));
    if (meant !== undefined) return `sync request: there is no ${name.slice(0, 40)}; write ${meant}`;
  }
  return undefined;
}

function describe(error: z.ZodError): string {
  return error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; ');
}

function fromMessage({ publishTime, messageId }: PushedMessage): string {
  return `${compact(publishTime)}-${messageId.replaceAll(/[^\w.-]/g, '_').slice(0, 100)}`;
}

function fromSchedule({ publishTime }: PushedMessage, schedule: string): string {
  return `${compact(publishTime).slice(0, 13)}Z-${schedule.replaceAll(/[^\w.-]/g, '_').slice(0, 50)}`;
}

/** `20261122T152300Z`. */
function compact(time: number): string {
  return `${new Date(time).toISOString().slice(0, 19).replaceAll(/[-:]/g, '')}Z`;
}
