import type { Developer, FieldName } from '../../../shared/core/model/profile.ts';

export type Side = 'portal' | 'apigee';
export const fields = ['firstName', 'lastName', 'tier', 'team', 'note'] as const;
export type Field = (typeof fields)[number];

/**
 * - `map`: one map of attributes, both ways, and an `updatedAt`.
 * - `document-time`: the same without an `updatedAt`: the document's own time counts.
 * - `named`: each attribute has its field; `team` goes to Apigee only, `note` to the portal only.
 */
export type MappingKind = 'map' | 'document-time' | 'named';

const named = {
  tier: 'profile.tier',
  team: { path: 'team', direction: 'to-apigee' },
  note: { path: 'note', direction: 'to-portal' },
};

export const mappingText: Readonly<Record<MappingKind, string>> = {
  map: '{}',
  'document-time': JSON.stringify({ updatedAt: null }),
  named: JSON.stringify({ attributes: named }),
};

export type Direction = 'both' | 'to-apigee' | 'to-portal';

export function directionOf(field: Field, mapping: MappingKind): Direction {
  if (mapping !== 'named') return 'both';
  return field === 'team' ? 'to-apigee' : field === 'note' ? 'to-portal' : 'both';
}

/** How the product calls the field in a link's history. */
export function fieldName(field: Field): FieldName {
  return isName(field) ? field : `attributes.${field}`;
}

export function isName(field: Field): field is 'firstName' | 'lastName' {
  return field === 'firstName' || field === 'lastName';
}

export type Document = Readonly<Record<string, unknown>>;

function pathOf(field: Field, mapping: MappingKind): readonly [string, ...string[]] {
  if (isName(field)) return [field];
  if (mapping !== 'named') return ['attributes', field];
  return field === 'tier' ? ['profile', 'tier'] : [field];
}

export function portalValue(document: Document, field: Field, mapping: MappingKind): string | undefined {
  let at: unknown = document;
  for (const name of pathOf(field, mapping)) at = isMap(at) ? at[name] : undefined;
  return typeof at === 'string' ? at : undefined;
}

/** Whether what holds the field is what the mapping says it is. */
export function isReadable(document: Document, field: Field, mapping: MappingKind): boolean {
  const [first, second] = pathOf(field, mapping);
  return second === undefined || document[first] === undefined || isMap(document[first]);
}

export function withPortalValue(
  document: Document,
  field: Field,
  value: string | undefined,
  mapping: MappingKind,
): Document {
  const [first, second] = pathOf(field, mapping);
  if (second === undefined) return withEntry(document, first, value);
  const inner = document[first];
  return withEntry(document, first, withEntry(isMap(inner) ? inner : {}, second, value));
}

export function developerValue(developer: Developer, field: Field): string | undefined {
  return isName(field) ? developer[field] : developer.attributes.get(field);
}

/** Attributes that are neither copied nor dropped (rule 13). */
export const foreignAttribute = 'MINT_PLAN';
/** A member of developers that the product does not know. */
export const unknownMember = 'accessType';

/** Everybody's canonical email. Some have an accent, the others a letter that others pass for (rule 31). */
export function emailOf(person: number): string {
  return `${person % 3 === 2 ? 'pé' : 'pk'}${String(person)}@example.com`;
}

/** What passes for the email and is another. */
export function lookAlikeOf(person: number): string {
  const email = emailOf(person);
  return email.includes('k') ? email.replace('k', '\u212A') : email.replace('é', 'é\u200B');
}

function withEntry(map: Document, name: string, value: unknown): Document {
  const { [name]: _, ...rest } = map;
  return value === undefined ? rest : { ...rest, [name]: value };
}

function isMap(value: unknown): value is Document {
  return typeof value === 'object' && value !== null && !(value instanceof Date);
}
