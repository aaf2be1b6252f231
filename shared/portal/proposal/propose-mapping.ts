import type { RawPortalDocument } from '../read-user.ts';
import { factsOf, type FieldFacts, type SampleFacts } from './field-facts.ts';
import { best, nameOf, seen, type Found } from './find-fields.ts';
import { statusOf } from './propose-status.ts';

/** A guess at PORTAL_MAPPING, key by key, each with what speaks for it. Evidence names fields and counts, no person's values. */
export interface Proposal {
  /** As it can be set. */
  readonly mapping: Readonly<Record<string, unknown>>;
  readonly evidence: readonly Evidence[];
  /** A condition for PORTAL_SELECT to think about. */
  readonly select: string | undefined;
}

export interface Evidence {
  readonly key: string;
  readonly words: string;
}

const known = {
  email: ['email', 'mail', 'emailaddress', 'useremail', 'loginemail'],
  firstName: ['firstname', 'givenname', 'forename', 'first', 'given'],
  lastName: ['lastname', 'familyname', 'surname', 'last', 'family'],
  fullName: ['displayname', 'fullname', 'name'],
  userName: ['username', 'handle', 'nickname', 'nick', 'login'],
  updatedAt: [
    'updatedat',
    'lastmodified',
    'modifiedat',
    'lastupdated',
    'updated',
    'lastupdate',
    'updatetime',
    'modified',
  ],
  createdAt: ['createdat', 'created', 'creationtime', 'createtime', 'registeredat'],
  emailVerified: ['emailverified', 'isemailverified', 'verified', 'emailconfirmed'],
  attributes: ['attributes', 'customattributes', 'attrs'],
  passwordHash: ['passwordhash', 'hashedpassword'],
  passwordResetRequired: ['passwordresetrequired', 'mustresetpassword', 'forcepasswordreset'],
  role: ['role', 'usertype', 'accounttype', 'kind', 'type', 'developer', 'isdeveloper'],
} as const;

/** Proposes a mapping for what a sample of the collection holds. Undefined where there is no document to look at. */
export function proposeMapping(documents: readonly Pick<RawPortalDocument, 'id' | 'data'>[]): Proposal | undefined {
  if (documents.length === 0) return undefined;
  const facts = factsOf(documents);
  const mapping: Record<string, unknown> = {};
  const evidence: Evidence[] = [];
  const set = (key: string, value: unknown, words: string): void => {
    mapping[key] = value;
    evidence.push({ key, words });
  };
  proposeEmail(facts, set);
  proposeNames(facts, set);
  const userName = best(facts, known.userName, ({ texts, emails }) => texts - emails);
  if (userName === undefined) set('userName', null, 'no field looks like a user name: the email is used');
  else set('userName', userName.facts.path, seen(userName, facts, 'holds text'));
  const status = statusOf(facts);
  set('status', status.value, status.words);
  proposeAttributes(facts, set);
  const updatedAt = best(facts, known.updatedAt, ({ times }) => times, 0.5);
  if (updatedAt === undefined)
    set(
      'updatedAt',
      null,
      'no field holds the time of the last change: the time at which Firestore wrote the document counts',
    );
  else set('updatedAt', updatedAt.facts.path, seen(updatedAt, facts, 'holds a time'));
  for (const key of ['passwordHash', 'passwordResetRequired'] as const) {
    const found = best(facts, known[key], ({ texts, booleans }) => texts + booleans);
    if (found === undefined) set(key, null, 'no such field: nothing is written');
    else set(key, found.facts.path, seen(found, facts, 'is there'));
  }
  const verified = best(facts, known.emailVerified, ({ booleans }) => booleans);
  if (verified !== undefined)
    set(
      'emailVerified',
      verified.facts.path,
      `${seen(verified, facts, 'is true or false')}: only people with true are synchronised`,
    );
  const role = best(facts, known.role, ({ values, present }) =>
    values === undefined || values.size === 0 ? 0 : present,
  );
  proposeCreation(facts, role, new Set(Object.values(mapping).map(pathIn)), set);
  return { mapping, evidence, select: role && selectFor(role) };
}

type Propose = (key: string, value: unknown, words: string) => void;

function pathIn(value: unknown): string {
  if (typeof value === 'string') return value;
  const path = typeof value === 'object' && value !== null && 'path' in value ? value.path : undefined;
  return typeof path === 'string' ? path : '';
}

function proposeEmail(facts: SampleFacts, set: Propose): void {
  const named = best(facts, known.email, ({ emails }) => emails);
  const any = [...facts.fields.values()].toSorted((a, b) => b.emails - a.emails || a.path.length - b.path.length)[0];
  const field = named?.facts ?? any;
  if (facts.idEmails > (field?.emails ?? 0)) {
    set(
      'email',
      '__name__',
      `${String(facts.idEmails)} of ${String(facts.documents)} documents have an email as their id`,
    );
    return;
  }
  if (field === undefined || field.emails === 0) {
    set('email', 'email', 'NO FIELD HOLDS AN EMAIL, and no id is one: nobody can be linked by this collection');
    return;
  }
  set(
    'email',
    field.path,
    `${String(field.emails)} of ${String(facts.documents)} have a usable email in "${field.path}"`,
  );
}

function proposeNames(facts: SampleFacts, set: Propose): void {
  const texts = ({ texts: count, emails }: FieldFacts): number => count - emails;
  const first = best(facts, known.firstName, texts);
  const last = best(facts, known.lastName, texts);
  const full = best(facts, known.fullName, texts);
  const filler = { default: '–', trim: true };
  if (first !== undefined && last !== undefined && Math.min(first.count, last.count) >= (full?.count ?? 0) / 2) {
    for (const [key, found] of [['firstName', first] as const, ['lastName', last] as const]) {
      const isWhole = found.count === facts.documents;
      set(key, isWhole ? found.facts.path : { path: found.facts.path, default: '–' }, fillerWords(found, facts));
    }
    return;
  }
  if (full !== undefined) {
    const { path, phrases } = full.facts;
    const none = first === undefined ? 'none "firstName"' : `${String(first.count)} "${first.facts.path}"`;
    const words = `${String(full.count)} of ${String(facts.documents)} have "${path}", ${none}; ${String(phrases)} of them are of two words or more`;
    set('firstName', { path, split: 'first', ...filler }, words);
    set(
      'lastName',
      { path, split: 'last', ...filler },
      'the last word of it; "–" where there is one word only, since Apigee requires both names',
    );
    return;
  }
  for (const [key, found] of [['firstName', first] as const, ['lastName', last] as const]) {
    if (found === undefined)
      set(key, { path: key, default: '–' }, `no field looks like a ${key}: "–" is sent to Apigee, which requires one`);
    else set(key, { path: found.facts.path, default: '–' }, fillerWords(found, facts));
  }
}

function fillerWords(found: Found, facts: SampleFacts): string {
  const words = seen(found, facts, 'holds text');
  return found.count === facts.documents ? words : `${words}; "–" for the others, since Apigee requires both names`;
}

function proposeAttributes(facts: SampleFacts, set: Propose): void {
  const found = best(facts, known.attributes, ({ maps, namedLists }) => maps + namedLists, 0.01);
  if (found === undefined) {
    set(
      'attributes',
      {},
      'no field looks like a map or a list of attributes: none is copied before you name them one by one',
    );
    return;
  }
  const { path, namedLists, maps } = found.facts;
  const isList = namedLists > maps;
  set('attributes', path, seen(found, facts, isList ? 'holds a list of names and values' : 'holds a map'));
  if (isList) set('attributesAs', 'list', 'new portal users get a list as well');
}

/** What the portal's own program seems to put into every new document. */
function proposeCreation(facts: SampleFacts, role: Found | undefined, taken: ReadonlySet<string>, set: Propose): void {
  const constants: Record<string, unknown> = {};
  const words: string[] = [];
  const [common] = [...(role?.facts.values ?? [])].toSorted(([, a], [, b]) => b - a);
  if (role !== undefined && common !== undefined && !taken.has(role.facts.path)) {
    constants[role.facts.path] = developerValue(role.facts) ?? common[0];
    words.push(seen(role, facts, 'says what somebody is'));
  }
  const created = best(facts, known.createdAt, ({ times }) => times);
  if (created !== undefined && !taken.has(created.facts.path)) {
    const { path, timestamps, texts } = created.facts;
    constants[path] = { now: timestamps > 0 ? 'timestamp' : texts > 0 ? 'iso' : 'milliseconds' };
    words.push(seen(created, facts, 'holds a time'));
  }
  if (words.length > 0) set('onCreate', constants, words.join('; '));
}

function selectFor({ facts }: Found): string | undefined {
  const wanted = developerValue(facts);
  return wanted === undefined || (facts.values?.size ?? 0) < 2
    ? undefined
    : `${facts.path} == ${JSON.stringify(wanted)}`;
}

/** Which value of a role means a developer. */
function developerValue({ path, values }: FieldFacts): string | boolean | undefined {
  const all = [...(values?.keys() ?? [])];
  if (nameOf(path).endsWith('developer')) return all.find((value) => value === true);
  return all.find((value) => typeof value === 'string' && /^dev(?:eloper)?$/iu.test(value));
}
