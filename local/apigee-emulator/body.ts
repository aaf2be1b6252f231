import type { Attribute, DeveloperInput, DeveloperRecord } from './developer.ts';
import type { Failure } from './failure.ts';
import { isJsonObject, isObject, parseJson, type JsonObject } from './json.ts';
import type { Mode } from './settings.ts';

type Read<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly failure: Failure };
type Members = Readonly<Record<string, unknown>>;

const good = <T>(value: T): Read<T> => ({ ok: true, value });
const bad = (failure: Failure): { readonly ok: false; readonly failure: Failure } => ({ ok: false, failure });

/** The members of a developer in the Discovery document that have no meaning here, and may be written. */
const otherMembers = ['accessType', 'appFamily'];
/** Members that only Apigee sets: ignored where a body has them. */
const setByApigee = [
  'apps',
  'companies',
  'createdAt',
  'developerId',
  'lastModifiedAt',
  'organizationName',
  'status',
] as const;
/** The same, on Edge only. */
const setByEdge = ['createdBy', 'lastModifiedBy'];
const requiredMembers = ['email', 'userName', 'firstName', 'lastName'] as const;

const understood: ReadonlySet<string> = new Set([...requiredMembers, 'attributes', ...setByApigee]);

/**
 * The developer in the body of a create, or of an update of `known`. X refuses members that it does not know; it knows
 * those of the Discovery document, and those that it has answered itself.
 */
export function readDeveloper(mode: Mode, body: string, known?: DeveloperRecord): Read<DeveloperInput> {
  const others = new Set([...otherMembers, ...Object.keys(known?.others ?? {})]);
  const members = readMembers(mode, body, 'developer', new Set([...understood, ...others]));
  if (!members.ok) return members;
  const texts: Record<(typeof requiredMembers)[number], string> = {
    email: '',
    userName: '',
    firstName: '',
    lastName: '',
  };
  for (const name of requiredMembers) {
    const text = readText(mode, members.value[name], `developer.${name}`);
    if (!text.ok) return text;
    texts[name] = text.value;
  }
  const attributes = readAttributeList(mode, members.value['attributes'], 'developer.attributes', known?.attributes);
  if (!attributes.ok) return attributes;
  if (requiredMembers.some((name) => texts[name].trim() === '')) return bad({ kind: 'elements-required' });
  if (mode === 'x' && texts.email !== texts.email.toLowerCase()) return bad({ kind: 'email-not-lowercase' });
  if (!/^[^\s@]+@[^\s@]+$/.test(texts.email)) return bad({ kind: 'email-malformed', email: texts.email });
  return good({ ...texts, attributes: attributes.value, others: othersIn(mode, members.value) });
}

function othersIn(mode: Mode, members: Members): JsonObject {
  const isOther = (name: string): boolean => !understood.has(name) && !(mode === 'edge' && setByEdge.includes(name));
  const others = Object.fromEntries(Object.entries(members).filter(([name]) => isOther(name)));
  return isJsonObject(others) ? others : {};
}

/** The body of a replacement of all attributes. */
export function readAttributes(mode: Mode, body: string): Read<readonly Attribute[]> {
  const members = readMembers(mode, body, 'attributes', new Set(['attribute']));
  return members.ok ? readAttributeList(mode, members.value['attribute'], 'attributes.attribute') : members;
}

/** The body of a write of one attribute; its name may be left out. */
export function readAttributeValue(mode: Mode, body: string, name: string): Read<Attribute> {
  const members = readMembers(mode, body, 'attribute', new Set(['name', 'value']));
  if (!members.ok) return members;
  const value = readText(mode, members.value['value'], 'attribute.value');
  if (!value.ok) return value;
  const named = members.value['name'];
  if (named !== undefined && named !== null && named !== name) return bad({ kind: 'name-mismatch' });
  return good({ name, value: value.value });
}

function readMembers(mode: Mode, body: string, at: string, known: ReadonlySet<string>): Read<Members> {
  if (body === '' && mode === 'x') return good({});
  const json = parseJson(body);
  if (!json.ok) return bad({ kind: 'malformed-json', problem: json.problem });
  if (!isObject(json.value)) return bad({ kind: 'malformed-json', problem: 'Root element must be a message.' });
  const stranger = mode === 'x' ? Object.keys(json.value).find((name) => !known.has(name)) : undefined;
  return stranger === undefined ? good(json.value) : bad({ kind: 'unknown-member', name: stranger, at });
}

/** A list of attributes. Where several have one name, the last of them counts (undocumented; a guess). */
function readAttributeList(
  mode: Mode,
  value: unknown,
  at: string,
  known: readonly Attribute[] = [],
): Read<readonly Attribute[]> {
  if (value === undefined || value === null) return good([]);
  if (!Array.isArray(value)) return bad(invalid(at, value));
  const understoodHere = new Set(['name', 'value', ...known.flatMap((attribute) => Object.keys(attribute))]);
  const attributes = new Map<string, Attribute>();
  for (const item of value) {
    if (!isJsonObject(item)) return bad(invalid(at, item));
    const stranger = mode === 'x' ? Object.keys(item).find((name) => !understoodHere.has(name)) : undefined;
    if (stranger !== undefined) return bad({ kind: 'unknown-member', name: stranger, at });
    const name = readText(mode, item['name'], `${at}.name`);
    if (!name.ok) return name;
    const text = readText(mode, item['value'], `${at}.value`);
    if (!text.ok) return text;
    if (name.value === '') return bad({ kind: 'invalid-argument', message: 'Attribute name is required' });
    attributes.set(name.value, { ...item, name: name.value, value: text.value });
  }
  return good([...attributes.values()]);
}

/** A null or absent value is an empty text. Edge turns numbers and booleans into text, X refuses them. */
function readText(mode: Mode, value: unknown, at: string): Read<string> {
  if (value === undefined || value === null) return good('');
  if (typeof value === 'string') return good(value);
  const scalar = typeof value === 'number' || typeof value === 'boolean';
  return scalar && mode === 'edge' ? good(String(value)) : bad(invalid(at, value));
}

function invalid(at: string, value: unknown): Failure {
  return { kind: 'invalid-argument', message: `Invalid value at '${at}', ${JSON.stringify(value)}` };
}
