import pMap from 'p-map';
import type { Developers } from '../../apigee/developers.ts';
import { listingPage } from '../../apigee/listing.ts';
import { canonicalEmail, formerCanonicalEmail, type CanonicalEmail } from '../../core/model/email.ts';
import type { Link } from '../../core/model/link.ts';
import type { Developer } from '../../core/model/profile.ts';
import { mayHaveChanged } from '../../core/next-step/no-op.ts';
import type { ApigeeBatch } from '../../state/runs.ts';
import type { StoredLink } from '../../state/people.ts';
import { resultOf, unusableDeveloper } from '../../sync/result.ts';
import type { Again } from '../session.ts';
import { syncMany, type Candidate } from '../sync-many.ts';
import { endWith, withoutAnswer, type BatchContext, type BatchEnd, type BatchReport, type Denied } from './phase.ts';

/** A batch's page may have moved since the walk; the listing is followed this many pages to find everyone. */
const pagesToFollow = 3;

/**
 * Looks at the developers of one page. Because the page is listed expanded here and not in the walk, a redelivered batch
 * has fresh data. A developer who is as the link remembers costs nothing more; in an incremental run, neither does a
 * developer who was not modified since the last run.
 */
export async function reconcilePage(context: BatchContext, batch: ApigeeBatch): Promise<BatchEnd> {
  const { deps, run, report, mayBegin } = context;
  const { names, twice } = sortedOut(batch, report);
  const page = await readPage(deps.developers, batch.people);
  if (page.kind !== 'read') return page;
  const { developers } = page;
  const since = run.since ?? Number.NEGATIVE_INFINITY;
  const changed = [...names].filter(([, name]) => (developers.get(name)?.lastModifiedAt ?? Infinity) >= since);
  const recent = new Set(changed.map(([email]) => email));
  for (const [email, name] of names) if (!recent.has(email)) report.addUnchanged(name);

  const links = await linksOf(deps, new Map(changed));
  const candidates: Candidate[] = [];
  for (const [email, name] of changed) {
    const stored = links.get(email);
    const key = stored?.link.key ?? email;
    const developer = developers.get(name);
    if (developer === undefined) {
      candidates.push({ key, stored, listed: { kind: 'absent' } });
      continue;
    }
    const other = await otherSpelling(deps.developers, stored?.link, developer);
    if (other.kind === 'again' || other.kind === 'denied') return other;
    const bound = other.kind === 'found' ? other.developer : twice.has(email) ? developer : undefined;
    if (bound !== undefined) candidates.push({ key, stored, listed: { kind: 'collision', bound } });
    else if (mayHaveChanged(stored?.link, developer, deps.policy))
      candidates.push({ key, stored, listed: { kind: 'developer', developer } });
    else report.add(name, resultOf({ key, link: stored?.link }, asBefore, deps.by));
  }
  const nameOf = ({ key }: Candidate): string => names.get(key as CanonicalEmail) ?? key;
  const synced = await syncMany(deps, candidates, (one, result) => report.add(nameOf(one), result), mayBegin);
  return synced.kind === 'worked' ? endWith(synced.left) : synced;
}

/**
 * The link of each email, by canonical email. Versions before 0.2 kept an email with its accents as it was written: such a
 * link is found under its former key, and moves when its person is looked at (rule 31).
 */
async function linksOf(
  { people }: BatchContext['deps'],
  names: ReadonlyMap<CanonicalEmail, string>,
): Promise<ReadonlyMap<CanonicalEmail, StoredLink>> {
  const links = await people.links([...names.keys()]);
  const found = new Map([...names.keys()].flatMap((email) => entryOf(email, links.get(email))));
  const formerKeys = [...names].flatMap(([email, name]) => {
    const former = found.has(email) ? undefined : formerCanonicalEmail(name);
    return former === undefined || former === email ? [] : [[email, former] as const];
  });
  if (formerKeys.length === 0) return found;
  const former = await people.links(formerKeys.map(([, key]) => key));
  for (const [email, key] of formerKeys)
    for (const [, stored] of entryOf(email, former.get(key))) found.set(email, stored);
  return found;
}

function entryOf(
  email: CanonicalEmail,
  stored: StoredLink | undefined,
): readonly (readonly [CanonicalEmail, StoredLink])[] {
  return stored === undefined ? [] : [[email, stored]];
}

const asBefore = {
  situation: 'in-step',
  outcome: 'unchanged',
  reason: 'as the link remembers',
  fields: [],
  lost: [],
} as const;

interface SortedOut {
  /** The first spelling of each email in the batch. */
  readonly names: ReadonlyMap<CanonicalEmail, string>;
  /** Emails of which the batch has more than one spelling. */
  readonly twice: ReadonlySet<CanonicalEmail>;
}

/**
 * Reports the developers whose email cannot be used, and further spellings of an email: one person is reported once.
 */
function sortedOut({ people }: ApigeeBatch, report: BatchReport): SortedOut {
  const names = new Map<CanonicalEmail, string>();
  const twice = new Set<CanonicalEmail>();
  for (const name of people) {
    const email = canonicalEmail(name);
    if (email === undefined) {
      report.add(name, unusableDeveloper(name));
    } else if (names.has(email)) {
      twice.add(email);
      report.addUnchanged(name);
    } else {
      names.set(email, name);
    }
  }
  return { names, twice };
}

type OtherSpelling =
  | { readonly kind: 'none' }
  /** The developer that the link knows. */
  | { readonly kind: 'found'; readonly developer: Developer }
  | Again
  | Denied;

/**
 * Edge only: whether the link knows another developer, with this email in another spelling. A hold for that reason stays
 * as long as the link's developer is there, until an operator asks for this person again: the other developer may be pages
 * away.
 */
async function otherSpelling(
  developers: Developers,
  link: Link | undefined,
  developer: Developer,
): Promise<OtherSpelling> {
  if (link?.developer === undefined || link.developer.email === developer.email)
    return link?.hold?.reason === 'developer-collision' ? { kind: 'found', developer } : { kind: 'none' };
  const answer = await developers.get(link.developer.email);
  if (!answer.ok) return withoutAnswer(answer.error);
  return answer.value === undefined ? { kind: 'none' } : { kind: 'found', developer: answer.value };
}

type PageRead = { readonly kind: 'read'; readonly developers: ReadonlyMap<string, Developer> } | Again | Denied;

/**
 * Every developer of the page, by email as listed; a developer who is missing has been deleted since the walk. The listing
 * is read from the page's own first key, and each developer whom it leaves out is read alone. A page that cannot be read
 * proves nothing about anyone: the batch is delivered again (rule 25).
 */
async function readPage(developers: Developers, people: readonly string[]): Promise<PageRead> {
  const wanted = new Set(people);
  const found = new Map<string, Developer>();
  let startKey = people[0];
  for (let page = 0; page < pagesToFollow && startKey !== undefined && found.size < wanted.size; page += 1) {
    const answer = await developers.listDevelopers({ startKey, count: listingPage });
    if (!answer.ok) {
      // The key is gone since the walk, or the organisation does not expand pages: every developer is read alone.
      if (answer.error.kind === 'absent' || answer.error.kind === 'refused') break;
      return withoutAnswer(answer.error);
    }
    const before = found.size;
    for (const developer of answer.value) if (wanted.has(developer.email)) found.set(developer.email, developer);
    const last = answer.value.at(-1)?.email;
    startKey = found.size > before && last !== startKey ? last : undefined;
  }
  const missing = [...wanted].filter((email) => !found.has(email) && canonicalEmail(email) !== undefined);
  let failure: Again | Denied | undefined;
  await pMap(
    missing,
    async (email) => {
      if (failure !== undefined) return;
      const answer = await developers.get(email);
      if (!answer.ok) failure ??= withoutAnswer(answer.error);
      else if (answer.value !== undefined) found.set(email, answer.value);
    },
    { concurrency: 8 },
  );
  return failure ?? { kind: 'read', developers: found };
}
