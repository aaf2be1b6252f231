import pMap from 'p-map';
import type { Answer, Developers } from '../../apigee/developers.ts';
import { canonicalEmail, type CanonicalEmail } from '../../core/model/email.ts';
import type { Link } from '../../core/model/link.ts';
import type { Developer } from '../../core/model/profile.ts';
import { mayHaveChanged } from '../../core/next-step/no-op.ts';
import type { Batch, Run } from '../../state/runs.ts';
import type { SyncDeps } from '../../sync/deps.ts';
import { resultOf, unusableDeveloper } from '../../sync/result.ts';
import { Temporary } from '../../sync/temporary.ts';
import { AccessDenied, type BatchWork } from '../batch-work.ts';
import { listingPage } from '../../apigee/listing.ts';
import { syncMany, type Candidate } from '../sync-many.ts';

/** A batch's page may have moved since the walk; the listing is followed this many pages to find everyone. */
const pagesToFollow = 3;

/**
 * Looks at the developers of one page. Listing them expanded here, not in the walk, gives a redelivered batch fresh data.
 * Who is as the link remembers them, and in an incremental run who was not modified since, costs nothing more.
 * Answers those that there was no time for.
 */
export async function reconcilePage(
  deps: SyncDeps,
  run: Run,
  batch: Batch,
  work: BatchWork,
  mayBegin: () => boolean,
): Promise<readonly Candidate[]> {
  const names = new Map<CanonicalEmail, string>();
  const twice = new Set<CanonicalEmail>();
  for (const name of batch.people) {
    const email = canonicalEmail(name);
    if (email === undefined) {
      work.add(name, unusableDeveloper(name));
    } else if (names.has(email)) {
      twice.add(email);
      work.unchanged(name);
    } else {
      names.set(email, name);
    }
  }
  const developers = await readPage(deps.developers, batch.people);
  const since = run.since ?? Number.NEGATIVE_INFINITY;
  const changed = [...names].filter(([, name]) => (developers.get(name)?.lastModifiedAt ?? Infinity) >= since);
  const recent = new Set(changed.map(([email]) => email));
  for (const [email, name] of names) if (!recent.has(email)) work.unchanged(name);

  const links = await deps.people.links([...recent]);
  const candidates: Candidate[] = [];
  for (const [email, name] of changed) {
    const stored = links.get(email);
    const developer = developers.get(name);
    const known = developer && (await otherSpelling(deps, stored?.link, developer));
    const bound = known ?? (twice.has(email) ? developer : undefined);
    if (developer === undefined) {
      candidates.push({ key: email, stored, listed: { kind: 'absent' } });
    } else if (bound !== undefined) {
      candidates.push({ key: email, stored, listed: { kind: 'collision', bound } });
    } else if (mayHaveChanged(stored?.link, developer, deps.policy)) {
      candidates.push({ key: email, stored, listed: { kind: 'developer', developer } });
    } else {
      work.add(name, resultOf({ key: email, link: stored?.link }, asBefore, deps.by));
    }
  }
  return syncMany(
    deps,
    candidates,
    ({ key }, result) => work.add(names.get(key as CanonicalEmail) ?? key, result),
    mayBegin,
  );
}

const asBefore = {
  situation: 'in-step',
  outcome: 'unchanged',
  reason: 'as the link remembers',
  fields: [],
  lost: [],
} as const;

/**
 * Edge only: the developer that the link knows, if another one has this email in another spelling. A hold for it stays
 * as long as the known one is there, until someone asks for this person again: the other one may be pages away.
 */
async function otherSpelling(
  { developers }: SyncDeps,
  link: Link | undefined,
  developer: Developer,
): Promise<Developer | undefined> {
  if (link?.developer === undefined || link.developer.email === developer.email)
    return link?.hold?.reason === 'developer-collision' ? developer : undefined;
  return valueOf(await developers.get(link.developer.email));
}

/**
 * Everyone of the page, by email as listed; who is missing has been deleted since the walk. The listing is read from the
 * page's own first key, and whoever it leaves out is read alone.
 */
async function readPage(developers: Developers, people: readonly string[]): Promise<ReadonlyMap<string, Developer>> {
  const wanted = new Set(people);
  const found = new Map<string, Developer>();
  let startKey = people[0];
  for (let page = 0; page < pagesToFollow && startKey !== undefined && found.size < wanted.size; page += 1) {
    const answer = await developers.listDevelopers({ startKey, count: listingPage });
    // Gone since the walk, or an organisation that does not expand pages: everyone is read alone.
    if (!answer.ok && (answer.error.kind === 'absent' || answer.error.kind === 'refused')) break;
    const listed = valueOf(answer);
    const before = found.size;
    for (const developer of listed) if (wanted.has(developer.email)) found.set(developer.email, developer);
    const last = listed.at(-1)?.email;
    startKey = found.size > before && last !== startKey ? last : undefined;
  }
  const missing = [...wanted].filter((email) => !found.has(email) && canonicalEmail(email) !== undefined);
  await pMap(
    missing,
    async (email) => {
      const developer = valueOf(await developers.get(email));
      if (developer !== undefined) found.set(email, developer);
    },
    { concurrency: 8 },
  );
  return found;
}

/** A page that cannot be read proves nothing about anyone: the batch is delivered again (rule 25). */
function valueOf<T>(answer: Answer<T>): T {
  if (answer.ok) return answer.value;
  if (answer.error.kind === 'denied') throw new AccessDenied(answer.error.message);
  throw new Temporary('apigee', answer.error.message);
}
