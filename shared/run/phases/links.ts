import pMap from 'p-map';
import type { PersonKey } from '../../core/model/email.ts';
import { isSameAct } from '../../core/model/link.ts';
import type { StoredLink } from '../../state/people.ts';
import type { Batch } from '../../state/runs.ts';
import type { SyncDeps } from '../../sync/deps.ts';
import { Temporary } from '../../sync/temporary.ts';
import { AccessDenied, type BatchWork } from '../batch-work.ts';
import { syncMany, type Candidate } from '../sync-many.ts';

/**
 * What a batch of links is about. `missing`: the whole listing went by without them, so they have no developer to read.
 * `look`: Apigee has to be asked.
 */
export type LinksBatchKind = 'missing' | 'look';

/** People whose developers are read before any of them is worked on: their calls are few enough for the time behind a deadline. */
const perReading = 16;

/**
 * Answers those that there was no time for. Whom an earlier delivery has worked on costs no call any more, so every
 * delivery comes further than the one before.
 */
export async function reconcileLinks(
  deps: SyncDeps,
  batch: Batch,
  work: BatchWork,
  mayBegin: () => boolean,
): Promise<readonly Candidate[]> {
  const keys = batch.people as readonly PersonKey[];
  const links = await deps.people.links(keys);
  const size = batch.after === 'missing' ? keys.length : perReading;
  const left: Candidate[] = [];
  for (let start = 0; start < keys.length; start += size) {
    const chunk = keys.slice(start, start + size);
    const candidates = mayBegin()
      ? await readEach(deps, batch, chunk, links)
      : chunk.map((key) => ({ key, stored: links.get(key), listed: undefined }));
    left.push(...(await syncMany(deps, candidates, ({ key }, result) => work.add(key, result), mayBegin)));
  }
  return left;
}

async function readEach(
  deps: SyncDeps,
  batch: Batch,
  keys: readonly PersonKey[],
  links: ReadonlyMap<PersonKey, StoredLink>,
): Promise<readonly Candidate[]> {
  let pause: string | undefined;
  const candidates = await pMap(
    keys,
    async (key): Promise<Candidate> => {
      const stored = links.get(key);
      const { link } = stored ?? {};
      if (pause !== undefined) return { key, stored, listed: undefined };
      if (batch.after === 'missing' && link?.presence !== 'both') return { key, stored, listed: { kind: 'absent' } };
      const isDone = batch.phase === 'links' && link?.last !== undefined && isSameAct(link.last.by, deps.by);
      if (key.startsWith('#') || isDone) return { key, stored, listed: undefined };
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
  return candidates;
}
