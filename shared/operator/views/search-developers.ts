import type { ApigeeError } from '../../apigee/developers.ts';
import { canBeNamed } from '../../apigee/refusals.ts';
import { canonicalEmail, type PersonKey } from '../../core/model/email.ts';
import type { Link } from '../../core/model/link.ts';
import { newMeter } from '../../state/meter.ts';
import type { Services } from '../../wiring/services.ts';
import { rowsOf, type DeveloperRow } from './developers.ts';

export type Search =
  | {
      /** `exact`: asked for by email, in one call. `prefix`: from the index of links. */
      readonly kind: 'exact' | 'prefix';
      readonly rows: readonly DeveloperRow[];
      /** People without a developer. */
      readonly others: readonly { readonly key: PersonKey; readonly words: string }[];
      readonly next: string | undefined;
    }
  | { readonly kind: 'not-reached'; readonly error: ApigeeError };

const pageLength = 50;

/**
 * Finds a developer by email, or all whose email begins with `query`, in any case, however many there are. A whole email is
 * asked for in Apigee, who need not be linked yet. `after`: the `next` of the page before.
 */
export async function searchDevelopers(services: Services, query: string, after?: string): Promise<Search> {
  const email = canonicalEmail(query);
  const exact = email === undefined || after !== undefined ? undefined : await readOne(services, query.trim(), email);
  if (exact?.kind === 'not-reached') return exact;
  if (exact !== undefined && exact.rows.length + exact.others.length > 0) return exact;
  const prefix = query.trim().normalize('NFC').toLowerCase();
  const stored = await services.directory.keysBeginningWith(prefix, { after: keyAfter(after), limit: pageLength + 1 });
  const links = stored.slice(0, pageLength).map(({ link }) => link);
  const found = await readAll(services, links);
  if (!found.ok) return { kind: 'not-reached', error: found.error };
  const known = new Set(found.rows.map(({ link }) => link?.key));
  const others = links.filter(({ key }) => !known.has(key)).flatMap(otherOf);
  const last = stored.length > pageLength ? links.at(-1) : undefined;
  const next = last && Buffer.from(last.key).toString('base64url');
  return { kind: 'prefix', rows: found.rows, others, next };
}

async function readOne(
  services: Services,
  typed: string,
  email: NonNullable<ReturnType<typeof canonicalEmail>>,
): Promise<Search> {
  const link = (await services.people(newMeter()).links([email])).get(email)?.link;
  const developers = services.developers(() => undefined);
  const spellings = services.config.apigee.type === 'edge' ? [link?.developer?.email, typed, email] : [email];
  for (const spelling of new Set(spellings.filter((one) => one !== undefined))) {
    const answer = canBeNamed(spelling) ? await developers.get(spelling) : undefined;
    if (answer?.ok === false) return { kind: 'not-reached', error: answer.error };
    if (answer?.value !== undefined) {
      const rows = await rowsOf(services, [{ developer: answer.value, apps: undefined }]);
      return { kind: 'exact', rows, others: [], next: undefined };
    }
  }
  return { kind: 'exact', rows: [], others: link === undefined ? [] : otherOf(link), next: undefined };
}

type All =
  | { readonly ok: true; readonly rows: readonly DeveloperRow[] }
  | { readonly ok: false; readonly error: ApigeeError };

/** The developers of these links, as Apigee has them now: a few at a time. */
async function readAll(services: Services, links: readonly Link[]): Promise<All> {
  const developers = services.developers(() => undefined);
  const wanted = links.filter(({ presence }) => presence === 'both' || presence === 'apigee');
  const found = [];
  for (let from = 0; from < wanted.length; from += 10) {
    const emails = wanted.slice(from, from + 10).map(({ developer, key }) => developer?.email ?? key);
    const answers = await Promise.all(emails.map((email) => developers.get(email)));
    for (const answer of answers) {
      if (!answer.ok) return { ok: false, error: answer.error };
      if (answer.value !== undefined) found.push({ developer: answer.value, apps: undefined });
    }
  }
  return { ok: true, rows: await rowsOf(services, found) };
}

function otherOf({ key, presence, tombstone }: Link): readonly { readonly key: PersonKey; readonly words: string }[] {
  if (presence === 'portal') return [{ key, words: 'only on the portal' }];
  if (presence === 'none') return tombstone === undefined ? [] : [{ key, words: 'deleted' }];
  return [{ key, words: 'Apigee shows no developer any more' }];
}

function keyAfter(cursor: string | undefined): string | undefined {
  return cursor === undefined ? undefined : Buffer.from(cursor, 'base64url').toString('utf8');
}
