import type { Batch, BatchId, Run } from '../state/runs.ts';
import type { DestructiveGate, SyncDeps } from '../sync/deps.ts';
import { Temporary } from '../sync/temporary.ts';
import { advanceIfPhaseIsOver } from './advance-run.ts';
import { reconcilePage } from './phases/apigee.ts';
import { AccessDenied, BatchWork } from './batch-work.ts';
import { spellingsClaimed } from './claimed-by.ts';
import { endRun, giveWay } from './lifecycle/end-run.ts';
import { reconcileLinks } from './phases/links.ts';
import { markPortalUsers } from './phases/portal.ts';
import { nextPortalDocuments } from './phases/portal-pages.ts';
import { checkpoint, runDeps, type Session, takeUsage } from './session.ts';

/**
 * Does one batch and records what came of it, once. Throws where the batch has to be delivered again; a person's own
 * failure does not (rule 7).
 */
export async function reconcileBatch(session: Session, id: BatchId): Promise<void> {
  const { runId } = id;
  const [run, batch] = await Promise.all([session.runs.get(runId), session.runs.getBatch(id)]);
  if (run === undefined || batch === undefined) return;
  if (run.state !== 'running') {
    if ((await session.runs.control()).activeRunId === runId) await giveWay(session, run);
    return;
  }
  if (batch.result === undefined) {
    try {
      await work(session, run, batch);
    } catch (error) {
      if (!(error instanceof AccessDenied)) {
        // What this try has cost stays on the run's bill.
        await checkpoint(session, runId, (state) => state);
        throw error;
      }
      session.log({ event: 'apigee_denied', severity: 'ERROR', message: error.message, runId });
      await endRun(session, runId, 'failed', error.message);
      return;
    }
  }
  await advanceIfPhaseIsOver(session, runId);
}

async function work(session: Session, run: Run, batch: Batch): Promise<void> {
  const started = session.now();
  const { runId, phase, seq } = batch;
  const gate: DestructiveGate = { kind: phase === 'destructive' ? 'open' : 'plan' };
  const deps = { ...runDeps(session, run, gate), spellings: spellingsIn(session, batch) };
  const done = new BatchWork();
  const mayBegin = (): boolean => session.now() < session.deadline;
  switch (phase) {
    case 'portal': {
      const { documents, links } = await nextPortalDocuments(session, deps.people, run, batch);
      await markPortalUsers(deps, documents, links, done);
      break;
    }
    case 'apigee':
      unlessLeft(await reconcilePage(deps, run, batch, done, mayBegin));
      break;
    case 'links':
    case 'destructive':
      unlessLeft(await reconcileLinks(deps, batch, done, mayBegin));
      break;
  }
  const { people, outcomes, rows, planned } = done;
  const finishedAt = session.now();
  const spent = takeUsage(session.usage);
  const result = { people, outcomes, rows, planned, ...spent, finishedAt };
  if (!(await session.runs.completeBatch(batch, result))) {
    // Another delivery of this batch was quicker: only what this one has cost is left to be said.
    await checkpoint(session, runId, (state) => state, spent);
    return;
  }
  const message = `batch ${phase} ${String(seq)} is done`;
  session.log({
    event: 'batch_completed',
    severity: 'INFO',
    message,
    runId,
    phase,
    seq,
    durationMs: finishedAt - started,
  });
}

/** Read once, where it is asked for. The walk over the links leaves out of a `missing` batch whom the listing showed. */
function spellingsIn({ runs }: Session, { runId, after }: Batch): NonNullable<SyncDeps['spellings']> {
  let walked: ReturnType<typeof spellingsClaimed> | undefined;
  return async (key) =>
    after === 'missing' ? [] : ((await (walked ??= spellingsClaimed(runs, runId))).get(key) ?? []);
}

function unlessLeft(left: readonly unknown[]): void {
  if (left.length > 0) throw new Temporary('time', `${String(left.length)} people are left for the next delivery`);
}
