import type { BatchContext, BatchEnd, Phase } from './phase.ts';
import type { BatchOf, BatchPhase } from '../../state/batch.ts';
import { apigee } from './apigee/apigee.ts';
import { destructive } from './destructive.ts';
import { links } from './links.ts';
import { portal } from './portal.ts';

/** The four phases of a run, in the order of `batchPhases`. */
export const phases: { readonly [P in BatchPhase]: Phase<P> } = { portal, apigee, links, destructive };

/** Does one batch as its phase does. */
export function workOn<P extends BatchPhase>(context: BatchContext, batch: BatchOf<P>): Promise<BatchEnd> {
  return phases[batch.phase].work(context, batch);
}
