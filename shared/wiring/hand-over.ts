import type { DeveloperEdit } from '../messages/audit-entry.ts';
import type { Session } from '../run/session.ts';
import type { Pulls } from './pulls.ts';

/**
 * So many entries may wait. Somebody has then changed developers by the thousand, and a run, which lists a thousand in one
 * call, is quicker than a read for each of them.
 */
export const mostWaiting = 500;

/**
 * Whether an edit is better left to a run. An incremental run finds what moves `lastModifiedAt`; the other calls may leave it
 * as it was, and a deletion needs its entry for a proof (rule 29), so these wait for their turn.
 */
export function isTooMany({ waiting }: Pick<Pulls, 'waiting'>, { does }: Pick<DeveloperEdit, 'does'>): boolean {
  return waiting > mostWaiting && (does === 'create' || does === 'update');
}

/**
 * Has a run bring over what was edited up to now: the one that was asked for last, as long as it has not begun, else another
 * one. Rejects where it cannot be asked for.
 */
export function handOver(pulls: Pulls, session: Session): Promise<void> {
  pulls.handing ??= ask(pulls, session).finally(() => {
    pulls.handing = undefined;
  });
  return pulls.handing;
}

async function ask(pulls: Pulls, { runs, publisher, log, now }: Session): Promise<void> {
  const { handedTo } = pulls;
  if (handedTo !== undefined) {
    const run = await runs.get(handedTo);
    const isToCome = run === undefined ? now() - askedAt(handedTo) < longestUnderWay : run.state === 'queued';
    if (isToCome) return;
  }
  const runId = `${prefix}${String(now())}`;
  const reason = 'many edits in Apigee at once';
  await publisher.requestSync({ mode: 'incremental', dryRun: false, reason, unattended: true }, runId);
  pulls.handedTo = runId;
  const message = `more than ${String(mostWaiting)} edits in Apigee wait: a run brings them to the portal`;
  log({ event: 'pull_handed_over', severity: 'NOTICE', message, runId });
}

const prefix = 'pull-';
/** Ms. A request that made no run by then is lost. */
const longestUnderWay = 60_000;

function askedAt(runId: string): number {
  return Number(runId.slice(prefix.length));
}
