import { canonicalEmail } from '../../core/model/email.ts';
import { isFieldMap } from '../field-path.ts';
import type { RawPortalDocument } from '../read-user.ts';
import { isTimestamp, readTime } from '../read-time.ts';

/** What a sample of documents holds at one path. */
export interface FieldFacts {
  /** With dots. */
  readonly path: string;
  /** In how many documents it is there and not null. */
  readonly present: number;
  readonly texts: number;
  readonly emails: number;
  readonly booleans: number;
  readonly numbers: number;
  /** Values that can be read as a time. */
  readonly times: number;
  readonly timestamps: number;
  readonly maps: number;
  /** Lists of maps with a name and a value, as Apigee keeps attributes. */
  readonly namedLists: number;
  /** Texts of two words or more. */
  readonly phrases: number;
  /** The different short texts and booleans; undefined where there are many. */
  readonly values: ReadonlyMap<string | boolean, number> | undefined;
}

export interface SampleFacts {
  readonly documents: number;
  /** How many ids are emails. */
  readonly idEmails: number;
  readonly fields: ReadonlyMap<string, FieldFacts>;
}

type Counting = { -readonly [key in keyof FieldFacts]: FieldFacts[key] } & {
  values: Map<string | boolean, number> | undefined;
};

const deepest = 3;
const mostPaths = 2000;
const mostValues = 8;
const longestValue = 24;

/** Counts what the documents of a sample hold, field by field. */
export function factsOf(documents: readonly Pick<RawPortalDocument, 'id' | 'data'>[]): SampleFacts {
  const fields = new Map<string, Counting>();
  for (const { data } of documents) if (isFieldMap(data)) walk(fields, data, '', 1);
  const idEmails = documents.filter(({ id }) => canonicalEmail(id) !== undefined).length;
  return { documents: documents.length, idEmails, fields };
}

function walk(
  fields: Map<string, Counting>,
  map: Readonly<Record<string, unknown>>,
  above: string,
  depth: number,
): void {
  for (const [name, value] of Object.entries(map)) {
    // A name with a dot in it cannot be written as a path.
    if (value === null || value === undefined || name.includes('.') || name === '') continue;
    const path = above === '' ? name : `${above}.${name}`;
    const facts = fields.get(path) ?? nothing(path);
    if (!fields.has(path) && fields.size >= mostPaths) return;
    fields.set(path, facts);
    count(facts, value);
    if (isFieldMap(value) && depth < deepest) walk(fields, value, path, depth + 1);
  }
}

function nothing(path: string): Counting {
  const none = { present: 0, texts: 0, emails: 0, booleans: 0, numbers: 0, times: 0, timestamps: 0, maps: 0 };
  return { path, ...none, namedLists: 0, phrases: 0, values: new Map() };
}

function count(facts: Counting, value: unknown): void {
  facts.present += 1;
  if (typeof value === 'string') {
    facts.texts += 1;
    if (canonicalEmail(value) !== undefined) facts.emails += 1;
    if (/\S\s+\S/u.test(value.trim())) facts.phrases += 1;
  }
  if (typeof value === 'boolean') facts.booleans += 1;
  if (typeof value === 'number') facts.numbers += 1;
  if (value instanceof Date || isTimestamp(value)) facts.timestamps += 1;
  if (isTimeLike(value)) facts.times += 1;
  if (isFieldMap(value)) facts.maps += 1;
  if (Array.isArray(value) && value.every(isNamed)) facts.namedLists += 1;
  note(facts, value);
}

/** A small number is a time only by its name: that is for whoever looks. */
function isTimeLike(value: unknown): boolean {
  if (typeof value === 'number') return value > 1e8;
  return readTime(value) !== undefined;
}

function isNamed(entry: unknown): boolean {
  return isFieldMap(entry) && typeof entry['name'] === 'string' && 'value' in entry;
}

function note(facts: Counting, value: unknown): void {
  if (facts.values === undefined) return;
  const isShort = typeof value === 'boolean' || (typeof value === 'string' && value.length <= longestValue);
  if (isShort) facts.values.set(value, (facts.values.get(value) ?? 0) + 1);
  if (facts.values.size > mostValues || (typeof value === 'string' && !isShort)) facts.values = undefined;
}
