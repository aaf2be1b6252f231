import pMap from 'p-map';
import { canonicalEmail, type PersonKey } from '../core/email.ts';
import type { LinkPage, StoredLink } from '../state/people.ts';
import type { Batch } from '../state/runs.ts';
import type { SyncDeps } from '../sync/deps.ts';
import { Temporary } from '../sync/temporary.ts';
import { claimedBy, countClaimedBy } from './claimed-by.ts';
import { AccessDenied, type BatchWork } from './batch-work.ts';
import type { Session } from './session.ts';
import { syncMany, type Candidate } from './sync-many.ts';

/** People per batch, and links per page of a search. */
const pageSize = 500;

/**
 * What a batch of links is about. `missing`: the whole listing went by without them, so they have no developer to read.
 * `look`: Apigee has to be asked.
 */
export type LinksBatchKind = 'missing' | 'look';

export interface LinksBatch {
  readonly kind: LinksBatchKind;
  readonly people: readonly PersonKey[];
}

/**
 * Who is left once both listings have been walked: people who are only on the portal (all of them in a full run), people
 * something is owed to, and people whose developer the listing should have shown and did not. The last are searched for
 * only where the numbers disagree.
 */
export async function* leftovers(
  session: Session,
  deps: SyncDeps,
  runId: string,
  full: boolean,
): AsyncIterable<LinksBatch> {
  const at = session.now();
  const all = (): boolean => true;
  if (full)
    yield* batchesOf(
      'missing',
      pages((page) => deps.people.linksOnlyOnPortal(page)),
      all,
      deps,
    );
  yield* batchesOf(
    'look',
    pages((page) => deps.people.linksDue({ ...page, at })),
    // Those who are only on the portal have just been named: nobody is worked on twice at the same time.
    ({ link }) => !full || link.presence !== 'portal',
    deps,
  );
  // Twins in another spelling and unusable emails are developers too, but no links: only people can be compared.
  const people = await countClaimedBy(session.runs, runId, 'apigee');
  if ((await deps.people.countLinksWithDeveloper()) === people) return;
  const listed = await claimedBy(session.runs, runId, 'apigee');
  const everyone = pages((page) => deps.people.linksWithDeveloper(page));
  // Whom this run has just created was listed by nobody, and needs no search.
  const isMissing = ({ link }: StoredLink): boolean => !listed.has(link.key) && link.last?.by !== runId;
  yield* batchesOf('look', everyone, isMissing, deps);
}

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

async function* pages(read: (page: LinkPage) => Promise<readonly StoredLink[]>): AsyncIterable<StoredLink> {
  let after: StoredLink | undefined;
  for (;;) {
    const page = await read({ after, limit: pageSize });
    yield* page;
    after = page.at(-1);
    if (page.length < pageSize) return;
  }
}

async function* batchesOf(
  kind: LinksBatchKind,
  links: AsyncIterable<StoredLink>,
  isWanted: (stored: StoredLink) => boolean,
  { policy }: SyncDeps,
): AsyncIterable<LinksBatch> {
  let people: PersonKey[] = [];
  for await (const stored of links) {
    const email = canonicalEmail(stored.link.key);
    if (!isWanted(stored) || (email !== undefined && !policy.inScope(email))) continue;
    people.push(stored.link.key);
    if (people.length === pageSize) {
      yield { kind, people };
      people = [];
    }
  }
  if (people.length > 0) yield { kind, people };
}
