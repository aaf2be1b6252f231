import pMap from 'p-map';
import { canonicalEmail, documentKey, type CanonicalEmail, type PersonKey } from '../core/email.ts';
import type { Link } from '../core/link.ts';
import { markFor, withMark, type Mark } from '../core/mark.ts';
import type { PortalReading } from '../core/profile.ts';
import type { IdRange, PortalDocument, StoredLink } from '../state/people.ts';
import type { SyncDeps } from '../sync/deps.ts';
import { syncPerson } from '../sync/sync-person.ts';
import { AccessDenied, type BatchWork } from './batch-work.ts';

const perTransaction = 100;
/** Documents whose links are looked up one by one, at once. */
const atOnce = 16;

interface Marked {
  readonly id: string;
  readonly mark: Exclude<Mark, { kind: 'none' | 'nameless' }>;
}

/**
 * Compares documents of the portal with their links: every selected user gets one, and whoever is new, edited or gone is
 * marked to be looked at later in the run (rules 1, 3, 15, 18). Apigee is not asked.
 * `range`: the ids the documents are all of, undefined where they were found another way, so that none is known missing.
 */
export async function markPortalUsers(
  deps: SyncDeps,
  documents: readonly PortalDocument[],
  range: IdRange | undefined,
  work: BatchWork,
): Promise<void> {
  const bound = range === undefined ? await linksOfEach(deps, documents) : await deps.people.linksByPortalId(range);
  const boundById = new Map(bound.map((stored) => [stored.link.portalId ?? '', stored.link]));
  const named = await linksOfUnbound(deps, documents, boundById);
  const marks: Marked[] = [];
  for (const { id, reading } of documents) {
    if (reading.kind === 'absent') continue;
    const mark = markFor(id, reading, boundById.get(id), namedLink(named, reading), deps.policy);
    if (mark.kind === 'nameless') await failNameless(deps, id, work);
    else if (mark.kind !== 'none') marks.push({ id, mark });
    if (mark.kind !== 'nameless' && boundById.get(id)?.key === documentKey(id)) await forgetNameless(deps, id);
  }
  if (range !== undefined) {
    for (const { id, mark } of vanished(bound, documents)) {
      if (mark.key === documentKey(id)) await forgetNameless(deps, id);
      else marks.push({ id, mark });
    }
  }
  for (let start = 0; start < marks.length; start += perTransaction) {
    await writeMarks(deps, marks.slice(start, start + perTransaction));
  }
}

async function linksOfEach(deps: SyncDeps, documents: readonly PortalDocument[]): Promise<readonly StoredLink[]> {
  const links = await pMap(documents, async ({ id }) => deps.people.linksOfPortalUser(id), { concurrency: atOnce });
  return links.flatMap((found, index) => found.filter(({ link }) => link.portalId === documents[index]?.id));
}

async function linksOfUnbound(
  deps: SyncDeps,
  documents: readonly PortalDocument[],
  bound: ReadonlyMap<string, Link>,
): Promise<ReadonlyMap<PersonKey, StoredLink>> {
  const emails = documents
    .filter(({ id }) => bound.get(id) === undefined)
    .map(({ reading }) => emailOf(reading))
    .filter((email) => email !== undefined);
  return emails.length === 0 ? new Map() : deps.people.links([...new Set(emails)]);
}

function namedLink(named: ReadonlyMap<PersonKey, StoredLink>, reading: PortalReading): Link | undefined {
  const email = emailOf(reading);
  return email === undefined ? undefined : named.get(email)?.link;
}

function emailOf(reading: PortalReading): CanonicalEmail | undefined {
  switch (reading.kind) {
    case 'absent':
      return undefined;
    case 'user':
      return canonicalEmail(reading.user.email);
    case 'malformed':
      return canonicalEmail(reading.email);
  }
}

/** Links whose portal document should have been among these and was not. */
function vanished(bound: readonly StoredLink[], documents: readonly PortalDocument[]): readonly Marked[] {
  const present = new Set(documents.map(({ id }) => id));
  return bound.flatMap(({ link }) =>
    link.portalId === undefined || present.has(link.portalId)
      ? []
      : [{ id: link.portalId, mark: { kind: 'due', key: link.key } as const }],
  );
}

async function failNameless(deps: SyncDeps, id: string, work: BatchWork): Promise<void> {
  const key = documentKey(id);
  const result = await syncPerson(deps, { key, hints: [id] });
  if (result.denied !== undefined) throw new AccessDenied(result.reason);
  work.add(key, result);
}

/** It has an email by now, or is gone: whoever it is, it is nobody under its own id any more, and is not counted there. */
async function forgetNameless(deps: SyncDeps, id: string): Promise<void> {
  await syncPerson(deps, { key: documentKey(id), hints: [id] });
}

/** Several marks may concern one link: two documents with one email are one person (rule 1). */
async function writeMarks(deps: SyncDeps, marks: readonly Marked[]): Promise<void> {
  const keys = [...new Set(marks.map(({ mark }) => mark.key))];
  await deps.people.transact({ links: keys, portalIds: [] }, (view) => {
    const now = deps.now();
    const changed = new Map<PersonKey, Link>();
    for (const { id, mark } of marks) {
      const link = withMark(changed.get(mark.key) ?? view.links.get(mark.key)?.link, mark, id, now);
      if (link !== undefined) changed.set(mark.key, link);
    }
    return { result: undefined, links: [...changed.values()] };
  });
}
