import { canonicalEmail, type CanonicalEmail } from '../core/model/email.ts';

/**
 * Whom an audit entry is about. A developer may be named by email or by Apigee's own id, as whoever made the call wrote it.
 * `emails`: everybody it may be about, mostly one; on Edge two, where the email was changed, and two where it is not
 * known whether a `%` belongs to the email.
 */
export type Named =
  | { readonly kind: 'emails'; readonly emails: readonly [CanonicalEmail, ...CanonicalEmail[]] }
  | { readonly kind: 'id'; readonly developerId: string }
  /** The developer has an email that nobody can be told by (rule 31): a run reports that. */
  | { readonly kind: 'unusable' }
  | { readonly kind: 'nobody' };

/** UUIDs today; Apigee does not say what they are made of. */
const idPattern = /^[\w-]{8,64}$/;
/** No entry is about more people; a longer list was made up. */
const mostEmails = 4;

/**
 * Finds the person in what an entry says: `texts` are emails as Apigee answered them, `names` are names of resources
 * (`organizations/ORG/developers/ID/…`). Emails count before ids, because a person's link is found by email.
 */
export function findNamed(texts: readonly unknown[], names: readonly (string | undefined)[]): Named {
  const said = texts.filter((text) => typeof text === 'string' && text.trim() !== '');
  const emails = new Set(said.map(canonicalEmail).filter((email) => email !== undefined));
  let isUnusable = said.length > 0 && emails.size === 0;
  let developerId: string | undefined;
  for (const name of names) {
    const id = name === undefined ? undefined : developerIn(name)?.id;
    if (id === undefined) continue;
    const written = emailsIn(id);
    for (const email of written) emails.add(email);
    if (written.length === 0 && /@|%40/i.test(id)) isUnusable = true;
    else if (written.length === 0 && idPattern.test(id)) developerId ??= id;
  }
  const [first, ...others] = emails;
  if (first !== undefined) return { kind: 'emails', emails: [first, ...others.slice(0, mostEmails - 1)] };
  if (isUnusable) return { kind: 'unusable' };
  return developerId === undefined ? { kind: 'nobody' } : { kind: 'id', developerId };
}

/** The organisation in the name of a resource, undefined where the text is no such name. */
export function organizationIn(name: string): string | undefined {
  const [, org] = /(?:^|\/)(?:organizations|o)\/([^/]+)/.exec(name) ?? [];
  return org;
}

/** The developer in the name of a resource, as written; `rest`: what stands behind, such as `/attributes/tier`. */
export interface DeveloperPath {
  readonly id: string;
  readonly rest: string;
}

const uuid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Undefined where the text names no developer. A slash may belong to an email, before its `@`. */
export function developerIn(name: string): DeveloperPath | undefined {
  const [, path] = /(?:^|\/)(?:organizations|o)\/[^/]+\/developers\/(.+)$/s.exec(name) ?? [];
  if (path === undefined) return undefined;
  const [first = ''] = path.split('/', 1);
  const isWhole = uuid.test(first) || /@|%40/i.test(first) || path.startsWith(`${first}/attributes`);
  const id = isWhole ? first : (/^[^@]*@[^/]*/.exec(path)?.[0] ?? first);
  return id === '' ? undefined : { id, rest: path.slice(id.length) };
}

/** What the text may mean as an email: as it is, and decoded once. */
function emailsIn(id: string): readonly CanonicalEmail[] {
  const readings = id.includes('@') ? [id, decoded(id)] : [decoded(id)];
  return [...new Set(readings)].map(canonicalEmail).filter((email) => email !== undefined);
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
