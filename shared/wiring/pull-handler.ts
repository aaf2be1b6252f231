import { readAuditEntry, type DeveloperEdit } from '../messages/audit-entry.ts';
import { readPushEnvelope } from '../messages/push-envelope.ts';
import { hourlyAllowance, type Session } from '../run/session.ts';
import { pollAudits } from '../sync/poll-audits.ts';
import { pullApigeeEdit } from '../sync/pull-apigee-edit.ts';
import { pullAllowance } from './allowances.ts';
import { isToComeAgain } from './handlers.ts';
import { handOver, isTooMany, mostWaiting } from './hand-over.ts';
import { reportError, type Answer } from './http-push.ts';
import { onOwnState } from './own-state.ts';
import { openSession, type Services } from './services.ts';

const source = 'pull-apigee-edit';

/**
 * A message of the audit topic (rule 40): an entry of Apigee's audit log, as a log sink publishes it, or, with the attribute
 * `poll`, the request to ask Edge. Whatever is not an edit of one of our developers is acknowledged without a read.
 */
export async function handlePullEdit(services: Services, body: unknown, trace?: string): Promise<Answer> {
  const session = openSession(services, pullAllowance, trace);
  const { log, runs, now } = session;
  const { pull, apigee } = services.config;
  const envelope = readPushEnvelope(body, now(), 'entry');
  if (!envelope.ok) {
    log({ event: 'message_rejected', severity: 'ERROR', message: `${source}: ${envelope.problem}` });
    try {
      await runs.reject({
        id: `${source}-${String(now())}`,
        source,
        reason: envelope.problem.slice(0, 500),
        at: now(),
      });
      return 'done';
    } catch (error) {
      reportError(log, source, error);
      return 'again';
    }
  }
  if (pull === 'audit-poll' && envelope.value.attributes['poll'] !== undefined)
    return onOwnState(services, session, source, () => pollEdge(services, session));
  if (pull !== 'audit-log') {
    const message = `an audit log entry is not looked at: PULL=${pull}`;
    log({ event: 'pull_skipped', severity: 'DEBUG', message });
    return 'done';
  }
  const reading = readAuditEntry(envelope.value.data, apigee.org);
  switch (reading.kind) {
    case 'ignored':
      log({ event: 'pull_skipped', severity: 'DEBUG', message: `an audit log entry tells of ${reading.why}` });
      return 'done';
    case 'unknown':
      log({ event: 'pull_unreadable', severity: 'WARNING', message: `an audit log entry: ${reading.problem}` });
      return 'done';
    case 'edit':
      return onOwnState(services, session, source, () => pullEntry(services, session, reading.edit));
  }
}

async function pullEntry(services: Services, session: Session, edit: DeveloperEdit): Promise<Answer> {
  const { pulls } = services;
  if (await session.isStopped()) {
    session.log({
      event: 'pull_postponed',
      severity: 'INFO',
      message: 'an edit in Apigee waits: every write is stopped',
    });
    return 'again';
  }
  pulls.waiting += 1;
  try {
    if (isTooMany(pulls, edit)) {
      await handOver(pulls, session);
      return 'done';
    }
    return await pullOne(services, session, edit);
  } finally {
    pulls.waiting -= 1;
  }
}

/**
 * Asks Edge what was edited there. Whatever comes of it, the message is done with: the next one comes within a minute, and
 * goes on from where this one got to.
 */
async function pollEdge(services: Services, session: Session): Promise<Answer> {
  const { log } = session;
  const { pulls, audits, config } = services;
  if (await session.isStopped()) {
    log({ event: 'pull_postponed', severity: 'INFO', message: 'edits in Apigee wait: every write is stopped' });
    return 'done';
  }
  const polled = await pollAudits({
    ...session,
    audits,
    org: config.apigee.org,
    own: config.apigee.username,
    mostPeople: mostWaiting,
    pull: async (edit) => (await pullOne(services, session, edit)) === 'done',
    handOver: () => handOver(pulls, session),
  });
  if (polled.kind === 'unanswered')
    log({ event: 'pull_unavailable', severity: 'WARNING', message: `audits: ${polled.error.message}` });
  if (polled.kind === 'missing' && polled.isNew) {
    const message = 'there is no audit history here, as on Private Cloud: edits made in Apigee come with the runs';
    log({ event: 'pull_unavailable', severity: 'WARNING', message });
  }
  return 'done';
}

async function pullOne({ pulls }: Services, session: Session, edit: DeveloperEdit): Promise<Answer> {
  const { log, now } = session;
  const started = now();
  const deps = { ...session, by: { kind: 'pull' }, gate: hourlyAllowance(session) } as const;
  const { results, isUnanswered } = await pullApigeeEdit(deps, edit, (key, look) => pulls.looks.run(key, look));
  const ended = now();
  const durationMs = ended - started;
  const delay = edit.at === undefined ? {} : { delayMs: Math.max(0, ended - edit.at) };
  if (isUnanswered || results.some(isToComeAgain)) {
    const message = 'an edit in Apigee has to wait and is delivered again';
    log({ event: 'pull_postponed', severity: 'INFO', message, durationMs });
    return 'again';
  }
  const isNew = results.some(({ outcome }) => outcome !== 'unchanged' && outcome !== 'ignored');
  if (isNew)
    log({ event: 'pull_completed', severity: 'INFO', message: 'an edit in Apigee was handled', durationMs, ...delay });
  else log({ event: 'pull_skipped', severity: 'DEBUG', message: 'nothing new in Apigee', durationMs });
  return 'done';
}
