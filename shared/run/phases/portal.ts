import pMap from 'p-map';
import { emailOf } from '../../core/decide/ownership.ts';
import { documentKey, type PersonKey } from '../../core/model/email.ts';
import type { Link } from '../../core/model/link.ts';
import { withMark, type Mark } from '../../core/link-changes/marked.ts';
import { findingFor } from '../../core/next-step/portal-finding.ts';
import type { PortalReading } from '../../core/model/profile.ts';
import type { Committed, PortalDocument, StoredLink } from '../../state/people.ts';
import type { PortalBatch } from '../../state/batch.ts';
import type { SyncDeps } from '../../sync/deps.ts';
import { syncPerson } from '../../sync/sync-person.ts';
import type { BatchContext, BatchEnd, Phase } from './phase.ts';
import { readPart, walkPortal } from './portal-pages.ts';

const perTransaction = 100;
/** How many documents' links are looked up at the same time. */
const atOnce = 16;

/** The links that a page's documents were compared with, as they were read. */
type Known = ReadonlyMap<PersonKey, StoredLink>;

interface Marked {
  readonly id: string;
  readonly mark: Mark;
}

/** Walks the portal's collection and notes on links which people have to be looked at later in the run. */
export const portal: Phase<'portal'> = { gate: { kind: 'closed' }, walk: walkPortal, work };

/**
 * Compares portal documents with their links: every selected portal user gets a link, and a person whose portal user is
 * new, edited or gone is marked as due (rules 1, 3, 15, 18). Apigee is not asked.
 */
async function work(context: BatchContext, batch: PortalBatch): Promise<BatchEnd> {
  const { session, run, deps } = context;
  const { documents, links } = await readPart(session, deps.people, run, batch);
  const ids = new Set(documents.map(({ id }) => id));
  const boundById = new Map<string, Link>();
  const known = new Map<PersonKey, StoredLink>();
  let marks: Marked[] = [];
  for (const stored of links ?? (await linksOfEach(deps, documents))) {
    const { link } = stored;
    if (link.userId === undefined) continue;
    known.set(link.key, stored);
    if (ids.has(link.userId)) boundById.set(link.userId, link);
    else if (link.key === documentKey(link.userId)) await forgetNameless(deps, link.userId);
    else marks.push({ id: link.userId, mark: { kind: 'due', key: link.key } });
    if (marks.length === perTransaction) {
      await writeMarks(deps, marks, known);
      marks = [];
    }
  }
  for (const [key, stored] of await linksOfUnbound(deps, documents, boundById)) known.set(key, stored);
  for (const { id, reading } of documents) {
    if (reading.kind === 'absent') continue;
    const finding = findingFor(id, reading, boundById.get(id), namedLink(known, reading), deps.policy);
    if (finding.kind === 'nameless') {
      const end = await failNameless(context, id);
      if (end.kind !== 'done') return end;
    } else if (finding.kind === 'mark') marks.push({ id, mark: finding.mark });
    if (finding.kind !== 'nameless' && boundById.get(id)?.key === documentKey(id)) await forgetNameless(deps, id);
  }
  for (let start = 0; start < marks.length; start += perTransaction) {
    await writeMarks(deps, marks.slice(start, start + perTransaction), known);
  }
  return { kind: 'done' };
}

async function linksOfEach(deps: SyncDeps, documents: readonly PortalDocument[]): Promise<readonly StoredLink[]> {
  const links = await pMap(documents, async ({ id }) => deps.people.linksOfPortalUser(id), { concurrency: atOnce });
  return links.flatMap((found, index) => found.filter(({ link }) => link.userId === documents[index]?.id));
}

async function linksOfUnbound(
  deps: SyncDeps,
  documents: readonly PortalDocument[],
  bound: ReadonlyMap<string, Link>,
): Promise<Known> {
  const emails = documents
    .filter(({ id }) => bound.get(id) === undefined)
    .map(({ reading }) => emailOf(reading))
    .filter((email) => email !== undefined);
  // Before the first full run nearly nobody has one: whoever does is found when it is written.
  const isWorthIt = emails.length > 0 && (await deps.isEveryoneLinked());
  return isWorthIt ? deps.people.links([...new Set(emails)]) : new Map();
}

function namedLink(named: Known, reading: PortalReading): Link | undefined {
  const email = emailOf(reading);
  return email === undefined ? undefined : named.get(email)?.link;
}

/** Reports a document without a usable email, as a person of its own under the document's id (rule 18). */
async function failNameless({ deps, report }: BatchContext, id: string): Promise<BatchEnd> {
  const key = documentKey(id);
  const result = await syncPerson(deps, { key, hints: [id] });
  if (result.disposition === 'denied') return { kind: 'denied', message: result.reason };
  report.add(key, result);
  return { kind: 'done' };
}

/**
 * The document has a usable email by now, or is gone: its link under the document's id is removed, and is not counted.
 */
async function forgetNameless(deps: SyncDeps, id: string): Promise<void> {
  await syncPerson(deps, { key: documentKey(id), hints: [id] });
}

/**
 * Several marks may be for one link: two documents with one email are one person (rule 1). Links may be so large that the
 * store takes fewer of them in one transaction.
 */
async function writeMarks(deps: SyncDeps, marks: readonly Marked[], known: Known): Promise<void> {
  if ((await writeTogether(deps, marks, known)) === 'committed') return;
  if (marks.length < 2) throw new Error('the store refuses a link that only says when its person is due');
  const half = marks.length >> 1;
  await writeMarks(deps, marks.slice(0, half), known);
  await writeMarks(deps, marks.slice(half), known);
}

async function writeTogether(
  { people, now: clock }: SyncDeps,
  marks: readonly Marked[],
  known: Known,
): Promise<Committed<undefined>['kind']> {
  const keys = [...new Set(marks.map(({ mark }) => mark.key))];
  const userIds = marks.flatMap(({ id, mark }) => (mark.kind === 'claim' ? [id] : []));
  // A mark that a link has already is not written: then the link has to be read again, or a look meanwhile is overlooked.
  const isDue = keys.some((key) => known.get(key)?.link.due !== undefined);
  const scope = { links: keys, userIds, ...(isDue ? {} : { seen: { links: known } }) };
  const { kind } = await people.transact(scope, (view) => {
    const now = clock();
    const changed = new Map<PersonKey, Link>();
    for (const { id, mark } of marks) {
      // Whoever took another email since the page was read has been pushed under that one: no link may name them twice.
      const reading = view.portal.get(id);
      if (mark.kind === 'claim' && (reading === undefined || emailOf(reading) !== mark.key)) continue;
      const link = withMark(changed.get(mark.key) ?? view.links.get(mark.key)?.link, mark, id, now);
      if (link !== undefined) changed.set(mark.key, link);
    }
    return { result: undefined, links: [...changed.values()] };
  });
  return kind;
}
