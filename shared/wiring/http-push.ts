import type { Log } from '../log/log.ts';
import { readPushEnvelope, type Parsed, type PushedMessage } from '../messages/push-envelope.ts';
import type { Again, Handled } from '../run/session.ts';
import type { Runs } from '../state/runs.ts';

/** What Pub/Sub is told: `done` takes the message off, `again` has it delivered again after a while. */
export type Answer = 'done' | 'again';

export interface PushHandling<T> {
  readonly source: string;
  readonly log: Log;
  readonly runs: Runs;
  readonly read: (message: PushedMessage) => Parsed<T>;
  readonly handle: (value: T) => Promise<Handled>;
  readonly now: () => number;
}

/**
 * Answers one push request. A message that can never be used is recorded and taken off, not delivered for ever (rule 25);
 * whatever goes wrong otherwise passes or is a bug, and is delivered again until its subscription gives it up to the dead
 * letters.
 */
export async function answerPush<T>(
  body: unknown,
  { source, log, runs, read, handle, now }: PushHandling<T>,
): Promise<Answer> {
  const envelope = readPushEnvelope(body, now());
  const parsed = envelope.ok ? read(envelope.value) : envelope;
  try {
    if (parsed.ok) {
      const handled = await handle(parsed.value);
      if (handled.kind === 'again') reportAgain(log, source, handled);
      return handled.kind;
    }
    log({ event: 'message_rejected', severity: 'ERROR', message: `${source}: ${parsed.problem}` });
    const id = envelope.ok
      ? envelope.value.messageId.replaceAll(/[^\w.-]/g, '_').slice(0, 100)
      : `${source}-${String(now())}`;
    await runs.reject({ id, source, reason: parsed.problem.slice(0, 500), at: now() });
    return 'done';
  } catch (error) {
    reportError(log, source, error);
    return 'again';
  }
}

/** Says why a message comes again, without an alarm: what was in the way passes by itself (rule 25). */
function reportAgain(log: Log, source: string, { reason, message }: Again): void {
  const [event, severity] =
    reason === 'apigee' ? (['apigee_unavailable', 'WARNING'] as const) : (['run_phase', 'INFO'] as const);
  log({ event, severity, message: `${source}: ${message}` });
}

/** Says what went wrong, once. Stacks name our own files and lines; messages of the client libraries may quote documents. */
export function reportError(log: Log, source: string, error: unknown): void {
  const known = error instanceof Error ? error : new Error('something that is no Error was thrown');
  const code =
    'code' in known && (typeof known.code === 'number' || typeof known.code === 'string')
      ? ` ${String(known.code)}`
      : '';
  const frames = (known.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line));
  const own = frames.some((line) => line.includes('/shared/'));
  const stack = [`${known.name}: ${source}`, ...frames].join('\n');
  const message = `${source}: ${known.name}${code}; the message will be delivered again`;
  log({ event: 'unexpected_error', severity: 'ERROR', message, ...(own ? { stack } : {}) });
}
