import type { HeldAs } from '../core/model/held.ts';
import { largestProfile } from '../core/model/limits.ts';
import { attributeField, type Attributes } from '../core/model/profile.ts';
import { isReservedAttribute } from './attribute-selection.ts';
import { textOf, type FieldForm } from './field-form.ts';
import { fieldAt, isFieldMap } from './field-path.ts';
import type { AttributeMapping } from './mapping.ts';
import { problemWith } from './problems.ts';

/** The attributes of a document. Those that cannot be read are left out, and said to be so. */
export interface ReadAttributes {
  readonly attributes: Attributes;
  /** By attribute; those left out are held as text. */
  readonly held: ReadonlyMap<string, HeldAs>;
  /** The document's own list, where it keeps the attributes in one. */
  readonly list: readonly unknown[] | undefined;
  /** By the name of the field, or `attributes` for all of them: a sentence that names it. */
  readonly unreadable: ReadonlyMap<string, string>;
}

/** So many are more than a profile may have, whatever they hold. */
const mostRead = largestProfile / 16 + 50;

/** More than anybody maps: past it, something else is there than attributes. */
const mostUnreadable = 50;

/** The selected attributes of a document; reserved ones are left out (rule 13), null counts as missing. */
export function readAttributes(data: unknown, mapping: AttributeMapping): ReadAttributes {
  return mapping.kind === 'map' ? readMap(data, mapping) : readNamed(data, mapping.fields);
}

type MapMapping = Extract<AttributeMapping, { kind: 'map' }>;
type NamedMapping = Extract<AttributeMapping, { kind: 'named' }>;

interface Found {
  readonly attributes: Map<string, string>;
  readonly held: Map<string, HeldAs>;
  readonly unreadable: Map<string, string>;
}

function readMap(data: unknown, { path, creates }: MapMapping): ReadAttributes {
  const found = nothingFound();
  const field = fieldAt(data, path);
  if (field.kind === 'missing') return { ...found, list: creates === 'list' ? [] : undefined };
  if (field.kind === 'value' && isFieldMap(field.value)) {
    for (const [name, value] of Object.entries(field.value)) {
      if (found.attributes.size + found.unreadable.size > mostRead) break;
      take(found, name, value, [...path, name]);
    }
    return { ...bounded(found, path), list: undefined };
  }
  const list = field.kind === 'value' && Array.isArray(field.value) ? readList(field.value, path) : undefined;
  return list ?? whole(path, 'must be a map of attributes, or a list of maps with a "name" and a "value" each');
}

/** A list as Apigee has it. Undefined: it is none. */
function readList(list: readonly unknown[], path: MapMapping['path']): ReadAttributes | undefined {
  const found = nothingFound();
  const names = new Set<string>();
  for (const entry of list) {
    const name = isFieldMap(entry) ? entry['name'] : undefined;
    if (!isFieldMap(entry) || typeof name !== 'string') return undefined;
    if (names.has(name) && !isReservedAttribute(name)) {
      found.attributes.delete(name);
      found.unreadable.set(attributeField(name), problemWith([...path, name], 'must be in the list once'));
    } else {
      take(found, name, entry['value'], [...path, name]);
    }
    names.add(name);
  }
  // What else the entries have is carried in memory until the list is written back.
  if (roughBytes(list) > 2 * largestProfile) return whole(path, `must have at most ${2 * largestProfile} bytes`);
  return { ...bounded(found, path), list };
}

function readNamed(data: unknown, fields: NamedMapping['fields']): ReadAttributes {
  const found = nothingFound();
  for (const [name, { path, form }] of fields) {
    const field = fieldAt(data, path);
    if (field.kind === 'missing') continue;
    if (field.kind === 'value') take(found, name, field.value, path, form);
    else found.unreadable.set(attributeField(name), problemWith(path, 'must be text, and what leads there maps'));
  }
  return { ...found, list: undefined };
}

function take(
  { attributes, held, unreadable }: Found,
  name: string,
  value: unknown,
  path: readonly string[],
  form?: FieldForm,
): void {
  if (isReservedAttribute(name) || value === null || value === undefined) return;
  if (!name.isWellFormed()) {
    unreadable.set(attributeField(name), problemWith(path, 'must have a name of well-formed Unicode'));
    return;
  }
  const reading = textOf(value, form);
  if (reading.kind === 'problem') {
    unreadable.set(attributeField(name), problemWith(path, reading.what));
    return;
  }
  attributes.set(name, reading.text);
  if (reading.held !== 'text' || form?.type !== undefined) held.set(name, reading.held);
}

function nothingFound(): Found {
  return { attributes: new Map(), held: new Map(), unreadable: new Map() };
}

function bounded(found: Found, path: readonly string[]): Omit<ReadAttributes, 'list'> {
  return found.unreadable.size <= mostUnreadable
    ? found
    : whole(path, `must hold attributes: more than ${mostUnreadable} of its values are none`);
}

function whole(path: readonly string[], what: string): ReadAttributes {
  return { ...nothingFound(), list: undefined, unreadable: new Map([['attributes', problemWith(path, what)]]) };
}

function roughBytes(value: unknown): number {
  if (typeof value === 'string') return Buffer.byteLength(value);
  if (Array.isArray(value)) return value.reduce((sum: number, entry: unknown) => sum + roughBytes(entry), 8);
  if (!isFieldMap(value)) return Buffer.isBuffer(value) ? value.length : 8;
  return Object.entries(value).reduce((sum, [name, member]) => sum + Buffer.byteLength(name) + roughBytes(member), 8);
}
