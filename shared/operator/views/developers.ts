import type { ListedPage } from '../../apigee/apps.ts';
import type { Answer, ApigeeError } from '../../apigee/developers.ts';
import { canBeNamed } from '../../apigee/refusals.ts';
import { policyOf } from '../../config/policy-of.ts';
import { canonicalEmail } from '../../core/model/email.ts';
import type { Link } from '../../core/model/link.ts';
import type { Developer } from '../../core/model/profile.ts';
import { newMeter } from '../../state/meter.ts';
import type { Services } from '../../wiring/services.ts';
import { matches, type DeveloperFilter } from './developer-filter.ts';
import { syncStateOf, type SyncState } from './sync-state.ts';

/** A developer as a list shows them. */
export interface DeveloperRow {
  readonly developer: Developer;
  readonly link: Link | undefined;
  readonly sync: SyncState;
  /** Names; undefined where they were not read. */
  readonly apps: readonly string[] | undefined;
}

export type DeveloperPage =
  | {
      readonly kind: 'page';
      readonly rows: readonly DeveloperRow[];
      /** For the next page; undefined: this was the last one. */
      readonly next: string | undefined;
    }
  | { readonly kind: 'not-reached'; readonly error: ApigeeError }
  /** Every developer with whom the page before ended was deleted: only the first page is sure to exist. */
  | { readonly kind: 'gone' };

const pageLength = 100;
const scanLength = 1000;
/** So many developers of a page stay in its cursor: one of them is there still, or the list has become another one. */
const tailLength = 5;

/** One page in Apigee's order. `after`: the `next` of the page before. */
export async function listDevelopers(services: Services, after: string | undefined): Promise<DeveloperPage> {
  const page = await readPage(services, tailOf(after), pageLength);
  if (page.kind !== 'page') return page;
  return { kind: 'page', rows: await rowsOf(services, page.developers), next: page.next };
}

export type Scanned =
  | { readonly kind: 'row'; readonly row: DeveloperRow }
  /** After each page, with the cursor from which another scan goes on. */
  | { readonly kind: 'progress'; readonly looked: number; readonly found: number; readonly next: string | undefined }
  | { readonly kind: 'stopped'; readonly looked: number; readonly found: number; readonly why: ScanEnd };

export type ScanEnd =
  | { readonly kind: 'complete' }
  | { readonly kind: 'not-reached'; readonly error: ApigeeError; readonly next: string | undefined }
  | { readonly kind: 'gone' };

/** Looks at every developer and answers those whom the filter selects, as they are found. */
export async function* scanDevelopers(
  services: Services,
  filter: DeveloperFilter,
  after?: string,
): AsyncGenerator<Scanned> {
  let cursor = after;
  let looked = 0;
  let found = 0;
  for (;;) {
    const page = await readPage(services, tailOf(cursor), scanLength);
    if (page.kind === 'gone') {
      yield { kind: 'stopped', looked, found, why: page };
      return;
    }
    if (page.kind === 'not-reached') {
      yield { kind: 'stopped', looked, found, why: { ...page, next: cursor } };
      return;
    }
    looked += page.developers.length;
    const likely = page.developers.filter((listed) => matches(listed, filter));
    for (const row of await rowsOf(services, likely)) {
      if (filter.sync !== undefined && row.sync !== filter.sync) continue;
      found += 1;
      yield { kind: 'row', row };
    }
    cursor = page.next;
    yield { kind: 'progress', looked, found, next: cursor };
    if (cursor === undefined) {
      yield { kind: 'stopped', looked, found, why: { kind: 'complete' } };
      return;
    }
  }
}

/** The rows of developers, each with what the link says. */
export async function rowsOf(services: Services, listed: readonly Found[]): Promise<readonly DeveloperRow[]> {
  const policy = policyOf(services.config);
  const keys = listed.flatMap(({ developer }) => canonicalEmail(developer.email) ?? []);
  const links = await services.people(newMeter()).links(keys);
  return listed.map(({ developer, apps }) => {
    const key = canonicalEmail(developer.email);
    const link = key === undefined ? undefined : links.get(key)?.link;
    return { developer, apps, link, sync: syncStateOf(developer, link, policy) };
  });
}

interface Found {
  readonly developer: Developer;
  readonly apps: readonly string[] | undefined;
}

type Read =
  | { readonly kind: 'page'; readonly developers: readonly Found[]; readonly next: string | undefined }
  | Exclude<DeveloperPage, { kind: 'page' }>;

/**
 * What is listed behind `tail`, oldest first. The start key is inclusive, and its developer may be gone; then the page
 * begins at the one before. One more than the page is asked for, to know whether there is a next one.
 */
async function readPage(services: Services, tail: readonly string[], length: number): Promise<Read> {
  const keys = [...(tail.length === 0 ? [undefined] : []), ...tail];
  while (keys.length > 0) {
    const startKey = keys.pop();
    const count = Math.min(1000, length + tail.length + 1);
    const answer = await services.apps.listed({ startKey, count });
    if (!answer.ok) {
      if (answer.error.kind === 'absent' && startKey !== undefined) continue;
      return { kind: 'not-reached', error: answer.error };
    }
    const fresh = answer.value.emails.filter((email) => !tail.includes(email));
    const emails = fresh.slice(0, Math.min(length, count - tail.length - 1));
    const isLast = fresh.length === emails.length && answer.value.emails.length < count;
    const developers = await expanded(services, answer.value, emails);
    if (!developers.ok) return { kind: 'not-reached', error: developers.error };
    const next = isLast || emails.length === 0 ? undefined : cursorOf(emails.slice(-tailLength));
    return { kind: 'page', developers: developers.value, next };
  }
  return { kind: 'gone' };
}

/** The developers of these emails. One whom the listing did not expand is read by name. */
async function expanded(
  services: Services,
  { developers }: ListedPage,
  emails: readonly string[],
): Promise<Answer<readonly Found[]>> {
  const known = new Map(developers.map((listed) => [listed.developer.email, listed]));
  const read = services.developers(() => undefined);
  const found: Found[] = [];
  for (const email of emails) {
    const listed = known.get(email);
    if (listed !== undefined) {
      found.push(listed);
      continue;
    }
    if (!canBeNamed(email)) continue;
    const answer = await read.get(email);
    if (!answer.ok) return answer;
    if (answer.value !== undefined) found.push({ developer: answer.value, apps: undefined });
  }
  return { ok: true, value: found };
}

function cursorOf(tail: readonly string[]): string {
  return Buffer.from(JSON.stringify(tail)).toString('base64url');
}

/** Empty where the cursor is none of ours: the list then begins anew. */
function tailOf(cursor: string | undefined): readonly string[] {
  if (cursor === undefined) return [];
  try {
    const parsed: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
    const isTail = Array.isArray(parsed) && parsed.length <= tailLength;
    return isTail ? parsed.filter((entry): entry is string => typeof entry === 'string') : [];
  } catch {
    return [];
  }
}
