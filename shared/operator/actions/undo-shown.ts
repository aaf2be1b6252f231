import type { PersonKey } from '../../core/model/email.ts';
import { plansKeptFor } from '../../state/changes.ts';
import { newMeter } from '../../state/meter.ts';
import type { RunTotals } from '../../state/runs.ts';
import type { Services } from '../../wiring/services.ts';
import type { RefusalReason, Refused } from '../words/refusals.ts';
import { audited, type Acting, type Ended } from './audited.ts';
import { refusedToAct } from './own-state.ts';
import { beginChosen } from './request-run.ts';

/** An undo that a dry run of it has shown, and that can be carried out. */
export interface ShownUndo {
  /** The dry run. */
  readonly shownBy: string;
  readonly act: string;
  /** Empty: everybody whom the act changed. */
  readonly people: readonly PersonKey[];
  /** Until when, ms, it shows what was changed. */
  readonly until: number;
  /** How many people something is put back for. */
  readonly written: number;
}

/** What would be undone, if anything may be: for the question that is asked before (rule 39). */
export async function undoToMake(services: Services, runId: string): Promise<Shown | Refused> {
  const refused = await refusedToAct(services);
  if (refused !== undefined) return refused;
  const found = await shownUndo(services, runId);
  // Who began it before may have gone before its message was sent: a second one does no harm (rule 20).
  if (found.kind === 'refused' && found.reason.kind === 'undo-made')
    await services.publisher.continueRun(found.reason.by);
  return found;
}

type Shown = { readonly kind: 'shown'; readonly undo: ShownUndo };

/** The undo that the dry run `runId` shows. Only reads. */
export async function shownUndo(services: Services, runId: string): Promise<Shown | Refused> {
  const runs = services.runs(newMeter());
  const run = await runs.get(runId);
  if (run === undefined) return refusal({ kind: 'run-unknown', runId });
  const { dryRun, mode, chosen, state, totals, startedAt, requestedAt } = run;
  if (!dryRun || mode !== 'undo' || chosen?.undo === undefined) return refusal({ kind: 'undo-not-shown', runId });
  if ((state !== 'done' && state !== 'held') || totals === undefined)
    return refusal({ kind: 'undo-unfinished', runId, state });
  const by = madeId(runId);
  if ((await runs.get(by)) !== undefined) return refusal({ kind: 'undo-made', runId, by });
  if (services.clock.now() > (startedAt ?? requestedAt) + plansKeptFor) return refusal({ kind: 'undo-expired', runId });
  const written = peopleWritten(totals);
  const { undo: act, people } = chosen;
  if (written === 0) return refusal({ kind: 'undo-nobody', runId });
  return { kind: 'shown', undo: { shownBy: runId, act, people, until: startedAt ?? requestedAt, written } };
}

/**
 * Carries out an undo that was shown, once (rule 35): each person is looked at anew, and what moved on since is kept. Who
 * confirms it has seen what it destroys: the limits of rule 16 hold it up no further.
 */
export async function makeUndo(
  services: Services,
  acting: Acting,
  { shownBy, act, people, until, written }: ShownUndo,
): Promise<{ readonly kind: 'asked'; readonly runId: string } | Refused> {
  const runId = madeId(shownBy);
  const begun = await audited(services, acting, { action: 'undo', runId, people: written }, async () => {
    const chosen = { plan: undefined, undo: act, until, people, kinds: [] };
    const isNew = await beginChosen(services, runId, { mode: 'undo', dryRun: false, reason: acting.reason, chosen });
    const end: Ended = isNew
      ? { state: 'done', words: 'the undo was begun' }
      : { state: 'refused', words: 'it was undone before' };
    return { result: isNew, end };
  });
  return begun ? { kind: 'asked', runId } : refusal({ kind: 'undo-made', runId: shownBy, by: runId });
}

/** How many people a run writes, or in a dry run would write. */
export function peopleWritten({ counts: { created, updated } }: Pick<RunTotals, 'counts'>): number {
  return created.apigee + created.portal + updated.apigee + updated.portal;
}

/** The run that makes a shown undo: there is one of this id at most, so that nothing is undone twice by it. */
export function madeId(shownBy: string): string {
  return `${shownBy}.made`;
}

function refusal(reason: RefusalReason): Refused {
  return { kind: 'refused', reason };
}
