import type { Run } from '../state/runs.ts';
import { leftovers } from './phases/unseen.ts';
import { decodePlace, encodePlace } from './links-place.ts';
import { runDeps, type Session } from './session.ts';
import { moveWalk, nextBatch } from './phases/phase.ts';

/**
 * Makes batches of the people who are left once both listings have been walked. Links change while the walk goes on, so
 * two walkers may find different people: the batch that was made first counts, and whoever it left out is still behind it.
 */
export async function walkLinks(session: Session, run: Run): Promise<Run | 'to-be-continued'> {
  const left = leftovers(session, runDeps(session, run, { kind: 'plan' }), run);
  let current = run;
  while (!current.walks.links.complete) {
    if (session.now() > session.deadline) return 'to-be-continued';
    const { cursor, batches } = current.walks.links;
    const { kind, people, next } = await left.next(cursor === undefined ? await left.begin() : decodePlace(cursor));
    const through = next && encodePlace(next);
    if (people.length === 0 && through !== undefined) {
      current = await moveWalk(session, current, 'links', { batches, complete: false, cursor: through });
      continue;
    }
    const made = await nextBatch(session, current, 'links', { after: kind, through, people });
    const complete = made.through === undefined;
    current = await moveWalk(session, current, 'links', { batches: batches + 1, complete, cursor: made.through });
  }
  return current;
}
