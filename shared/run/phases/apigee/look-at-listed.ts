import type { Developers } from '../../../apigee/developers.ts';
import { developerFingerprint } from '../../../core/listing/fingerprint.ts';
import { canonicalEmail, formerCanonicalEmail, type CanonicalEmail } from '../../../core/model/email.ts';
import type { Link } from '../../../core/model/link.ts';
import type { Developer } from '../../../core/model/profile.ts';
import { mayHaveChanged } from '../../../core/next-step/no-op.ts';
import type { StoredLink } from '../../../state/people.ts';
import { resultOf, unusableDeveloper } from '../../../sync/result.ts';
import type { Again } from '../../session.ts';
import { syncMany, type Candidate } from '../../sync-many.ts';
import { endWith, withoutAnswer, type BatchContext, type BatchEnd, type BatchReport, type Denied } from '../phase.ts';

/** Whether a person, by canonical email, was in step when the listing said the same of the developer. */
export type Known = (email: CanonicalEmail, fingerprint: string) => boolean;

/**
 * Looks at developers as a listing has just shown them. `people`: everybody who is to be looked at, by email as listed; whom
 * `developers` does not have is gone. Who is known to be in step costs nothing more; in an incremental run, neither does a
 * developer who was not modified since the last run. `knownOf`: undefined where nothing of this listing is to be remembered.
 */
export async function lookAtListed(
  context: BatchContext,
  people: readonly string[],
  developers: ReadonlyMap<string, Developer>,
  knownOf: (() => Promise<Known>) | undefined,
): Promise<BatchEnd> {
  const { deps, run, report, mayBegin, session } = context;
  const { names, twice } = sortedOut(people, report);
  const since = run.since ?? Number.NEGATIVE_INFINITY;
  const recent = new Map([...names].filter(([, name]) => (developers.get(name)?.lastModifiedAt ?? Infinity) >= since));
  for (const [email, name] of names) if (!recent.has(email)) report.addUnchanged(name);
  // Also where there is nobody to look at, it is known that Apigee shows developers in pages.
  if (knownOf !== undefined) report.inStep = { settings: session.settings, developers: [] };
  if (recent.size === 0) return { kind: 'done' };

  const isKnown = knownOf && (await knownOf());
  const inStep: string[] = [];
  const changed = new Map<CanonicalEmail, string>();
  for (const [email, name] of names) {
    const developer = developers.get(name);
    const fingerprint = developer && developerFingerprint(developer);
    const wasInStep = fingerprint !== undefined && !twice.has(email) && isKnown?.(email, fingerprint) === true;
    if (wasInStep) inStep.push(fingerprint);
    if (wasInStep && recent.has(email)) report.addUnchanged(name);
    else if (recent.has(email)) changed.set(email, name);
  }

  const links = await linksOf(deps, changed);
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
    else {
      inStep.push(developerFingerprint(developer));
      report.add(name, resultOf({ key, link: stored?.link }, asBefore, deps.by));
    }
  }
  const nameOf = ({ key }: Candidate): string => names.get(key as CanonicalEmail) ?? key;
  const synced = await syncMany(
    knownOf === undefined ? deps : { ...deps, remembers: true },
    candidates,
    (one, result, isInStep) => {
      report.add(nameOf(one), result);
      if (isInStep && one.listed?.kind === 'developer') inStep.push(developerFingerprint(one.listed.developer));
    },
    mayBegin,
  );
  if (synced.kind !== 'worked') return synced;
  if (knownOf !== undefined) report.inStep = { settings: session.settings, developers: inStep };
  return endWith(synced.left);
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
function sortedOut(people: readonly string[], report: BatchReport): SortedOut {
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
