import type { Log } from '../log/log.ts';
import { readPushEnvelope, type Parsed, type PushedMessage } from '../messages/push-envelope.ts';
import type { Again, Handled } from '../run/session.ts';
import type { Runs } from '../state/runs.ts';

/** What Pub/Sub is answered: `done` acknowledges the message, `again` has it delivered again later. */
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
 * Handles one push request. A message that can never be used is recorded and acknowledged, so that it does not come for
 * ever (rule 25). After any other failure, which may pass or be a bug, the message comes again, until its subscription
 * moves it to the dead letters.
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

/** Logs why a message comes again; not as an error, because what was in the way passes by itself (rule 25). */
function reportAgain(log: Log, source: string, { reason, message }: Again): void {
  const [event, severity] =
    reason === 'apigee' ? (['apigee_unavailable', 'WARNING'] as const) : (['run_phase', 'INFO'] as const);
  log({ event, severity, message: `${source}: ${message}` });
}

/**
 * Logs an error with its stack but without its message, because client libraries may quote documents there (rule 27).
 */
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
