import type { Run } from '../../../state/runs.ts';
import type { ApigeeBatch } from '../../../state/batch.ts';
import type { RunCount } from '../../lifecycle/run-count.ts';
import type { Session } from '../../session.ts';
import type { BatchContext, BatchEnd, Phase, Walked } from '../phase.ts';
import { concludeListing } from './conclude.ts';
import { reconcilePage } from './page-batch.ts';
import { reconcileRange } from './range-batch.ts';
import { decodeCursor } from './listing-cursor.ts';
import { walkPages } from './walk-pages.ts';
import { planRanges, walkRanges } from './walk-ranges.ts';

/**
 * Looks at every developer of Apigee's listing. Where an earlier run has shown where the listing can be cut, all its ranges
 * are listed at the same time; else it is walked, page behind page, and its pages are looked at meanwhile.
 */
export const apigee: Phase<'apigee'> = { gate: { kind: 'closed' }, walk, work, conclude: concludeListing };

async function walk(session: Session, run: Run, count: RunCount): Promise<Walked> {
  let current = run;
  while (!current.walks.apigee.complete) {
    const cursor = decodeCursor(current.walks.apigee.cursor);
    const walked =
      cursor === undefined
        ? await planRanges(session, current)
        : cursor.kind === 'ranges'
          ? await walkRanges(session, current, cursor, count)
          : await walkPages(session, current, cursor.place);
    if (walked.kind !== 'walked' || walked.run.walks.apigee.unproven === true) return walked;
    current = walked.run;
  }
  return { kind: 'walked', run: current };
}

function work(context: BatchContext, batch: ApigeeBatch): Promise<BatchEnd> {
  const { people, part } = batch;
  return part.kind === 'range' ? reconcileRange(context, batch, part) : reconcilePage(context, people);
}
