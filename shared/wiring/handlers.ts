import { advanceRun } from '../run/advance-run.ts';
import { reconcileBatch } from '../run/reconcile-batch.ts';
import { requestRun } from '../run/lifecycle/start-run.ts';
import { hourlyAllowance, type Session } from '../run/session.ts';
import { readPortalEvent, type RawEvent } from '../messages/firestore-event.ts';
import { readBatchMessage, readRequestMessage } from '../messages/sync-messages.ts';
import { pushPortalEdit } from '../sync/push-portal-edit.ts';
import type { PersonResult } from '../sync/result.ts';
import type { LogEntry } from '../log/log.ts';
import { batchAllowance, fanOutAllowance, pushAllowance } from './allowances.ts';
import { answerPush, reportError, type Answer } from './http-push.ts';
import { onOwnState } from './own-state.ts';
import { openSession, type Services } from './services.ts';

/** A message of the sync requests topic: starts a run, or takes one further. */
export function handleFanOut(services: Services, body: unknown, trace?: string): Promise<Answer> {
  const session = openSession(services, fanOutAllowance, trace);
  const source = 'fan-out';
  return onOwnState(services, session, source, () =>
    answerPush(body, {
      ...session,
      source,
      read: readRequestMessage,
      async handle(message) {
        if (message.kind === 'request') await requestRun(session, message.runId, message.request, message.scheduled);
        return advanceRun(session, message.runId);
      },
    }),
  );
}

/** A message of the sync batches topic: one page of people. */
export function handleReconcileBatch(services: Services, body: unknown, trace?: string): Promise<Answer> {
  const session = openSession(services, batchAllowance, trace);
  const source = 'reconcile-batch';
  return onOwnState(services, session, source, () =>
    answerPush(body, { ...session, source, read: readBatchMessage, handle: (batch) => reconcileBatch(session, batch) }),
  );
}

/** A document of the portal collection was written or deleted. `again`: Eventarc is to deliver the event again. */
export function handlePortalEdit(services: Services, event: RawEvent): Promise<Answer> {
  const session = openSession(services, pushAllowance, event.traceparent);
  return onOwnState(services, session, pushSource, () => answerPortalEdit(services, session, event));
}

const pushSource = 'push-portal-edit';

async function answerPortalEdit(services: Services, session: Session, event: RawEvent): Promise<Answer> {
  const { log, runs, now } = session;
  const source = pushSource;
  const parsed = readPortalEvent(event);
  const problem = parsed.ok ? misdirected(parsed.value.collection, services) : parsed.problem;
  const gate = hourlyAllowance(session);
  try {
    if (!parsed.ok || problem !== undefined) {
      const reason = problem ?? 'not a portal event';
      log({ event: 'message_rejected', severity: 'ERROR', message: `${source}: ${reason}` });
      await runs.reject({ id: `${source}-${String(now())}`, source, reason: reason.slice(0, 500), at: now() });
      return 'done';
    }
    if (await session.isStopped()) {
      log({ event: 'push_postponed', severity: 'INFO', message: 'a portal edit waits: every write is stopped' });
      return 'again';
    }
    const started = now();
    const { userId } = parsed.value;
    const deps = { ...session, by: { kind: 'push' }, gate } as const;
    const results = await services.pushes.run(userId, () => pushPortalEdit(deps, userId));
    const { conflicts } = session.usage.meter;
    const ended = howItEnded(results);
    const since = ended.event === 'push_completed' ? sinceEdit(event, now()) : {};
    log({ ...ended, durationMs: now() - started, ...since, ...(conflicts === 0 ? {} : { conflicts }) });
    return results.some(isToComeAgain) ? 'again' : 'done';
  } catch (error) {
    reportError(log, source, error);
    return 'again';
  }
}

/** Nothing where the event does not say when it was. */
function sinceEdit({ time }: RawEvent, now: number): Pick<LogEntry, 'sinceEditMs'> {
  const edited = typeof time === 'string' ? Date.parse(time) : Number.NaN;
  return Number.isNaN(edited) ? {} : { sinceEditMs: Math.max(0, now - edited) };
}

export function isToComeAgain({ disposition }: PersonResult): boolean {
  return disposition === 'retry' || disposition === 'denied' || disposition === 'suspended';
}

function howItEnded(results: readonly PersonResult[]): Pick<LogEntry, 'event' | 'severity' | 'message'> {
  if (results.some(isToComeAgain))
    return { event: 'push_postponed', severity: 'INFO', message: 'a portal edit has to wait and is delivered again' };
  if (results.some(({ outcome }) => outcome !== 'unchanged'))
    return { event: 'push_completed', severity: 'INFO', message: 'a portal edit was handled' };
  return { event: 'echo_skipped', severity: 'DEBUG', message: 'nothing new on the portal' };
}

function misdirected(collection: string, { config }: Services): string | undefined {
  if (collection === config.portal.collection) return undefined;
  // Document ids within the path may be anything, also emails (rule 27); so may a path that does not name a collection.
  const shown = collection.split('/').map((name, level) => (level % 2 === 0 && /^[\w-]+$/.test(name) ? name : '*'));
  return `the event is about the collection ${shown.join('/').slice(0, 100)}, not ${config.portal.collection}: check the trigger`;
}
