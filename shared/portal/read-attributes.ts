import type { Attributes } from '../core/model/profile.ts';
import { isReservedAttribute } from './attribute-selection.ts';
import { fieldAt, isFieldMap } from './field-path.ts';
import type { AttributeMapping } from './mapping.ts';
import type { Problems } from './problems.ts';

/** The selected attributes of a document; reserved ones are left out (rule 13), null counts as missing. */
export function readAttributes(data: unknown, mapping: AttributeMapping, problems: Problems): Attributes {
  return mapping.kind === 'map' ? readMap(data, mapping.path, problems) : readNamed(data, mapping.fields, problems);
}

type MapMapping = Extract<AttributeMapping, { kind: 'map' }>;
type NamedMapping = Extract<AttributeMapping, { kind: 'named' }>;

function readMap(data: unknown, path: MapMapping['path'], problems: Problems): Attributes {
  const attributes = new Map<string, string>();
  const field = fieldAt(data, path);
  if (field.kind === 'missing') return attributes;
  if (field.kind === 'blocked' || !isFieldMap(field.value)) {
    problems.add(path, 'must be a map of text');
    return attributes;
  }
  for (const [name, value] of Object.entries(field.value)) {
    if (isReservedAttribute(name) || value === null || value === undefined) continue;
    if (!name.isWellFormed()) problems.add([...path, name], 'must have a name of well-formed Unicode');
    if (isText(value, [...path, name], problems)) attributes.set(name, value);
  }
  return attributes;
}

function readNamed(data: unknown, fields: NamedMapping['fields'], problems: Problems): Attributes {
  const attributes = new Map<string, string>();
  for (const [name, { path }] of fields) {
    const field = fieldAt(data, path);
    if (field.kind === 'missing') continue;
    const value = field.kind === 'value' ? field.value : undefined;
    if (isText(value, path, problems)) attributes.set(name, value);
  }
  return attributes;
}

function isText(value: unknown, path: readonly string[], problems: Problems): value is string {
  if (typeof value !== 'string') {
    problems.add(path, 'must be text');
    return false;
  }
  if (!value.isWellFormed()) problems.add(path, 'must be well-formed Unicode');
  return true;
}
