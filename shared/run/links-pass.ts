import pMap from 'p-map';
import type { PersonKey } from '../core/email.ts';
import type { Batch } from '../state/runs.ts';
import type { SyncDeps } from '../sync/deps.ts';
import { Temporary } from '../sync/temporary.ts';
import { AccessDenied, type BatchWork } from './batch-work.ts';
import { syncMany, type Candidate } from './sync-many.ts';

/**
 * What a batch of links is about. `missing`: the whole listing went by without them, so they have no developer to read.
 * `look`: Apigee has to be asked.
 */
export type LinksBatchKind = 'missing' | 'look';

export async function reconcileLinks(
  deps: SyncDeps,
  batch: Batch,
  work: BatchWork,
  mayBegin: () => boolean,
): Promise<readonly Candidate[]> {
  const keys = batch.people as readonly PersonKey[];
  const links = await deps.people.links(keys);
  let pause: string | undefined;
  const candidates = await pMap(
    keys,
    async (key): Promise<Candidate> => {
      const stored = links.get(key);
      const { link } = stored ?? {};
      if (pause !== undefined) return { key, stored, listed: undefined };
      if (batch.after === 'missing' && link?.presence !== 'both') return { key, stored, listed: { kind: 'absent' } };
      if (key.startsWith('#')) return { key, stored, listed: undefined };
      const answer = await deps.developers.get(link?.developer?.email ?? key);
      if (!answer.ok && answer.error.kind === 'denied') throw new AccessDenied(answer.error.message);
      if (!answer.ok) {
        if (answer.error.suspended === true) pause = answer.error.message;
        return { key, stored, listed: undefined };
      }
      const developer = answer.value;
      return { key, stored, listed: developer === undefined ? { kind: 'absent' } : { kind: 'developer', developer } };
    },
    { concurrency: 8 },
  );
  // Not before the others have ended: one of them may be the breaker's probe.
  if (pause !== undefined) throw new Temporary('apigee', pause);
  return syncMany(deps, candidates, ({ key }, result) => work.add(key, result), mayBegin);
}
