import { hash } from 'node:crypto';
import type { FieldForm } from './field-form.ts';
import type { PortalMapping } from './mapping.ts';

/**
 * Sixteen hex digits that stand for how profiles are read: two mappings with one fingerprint read the same profile from the
 * same document. The same on every machine; that of plain paths is the one of the first version.
 */
export function mappingFingerprint(mapping: PortalMapping): string {
  const { firstName, lastName, status, attributes, forms = {}, oneName } = mapping;
  const selected =
    attributes.kind === 'map'
      ? attributes.path
      : [...attributes.fields]
          .map(([name, { path, direction, form }]) => JSON.stringify([name, path, direction, ...formParts(form)]))
          .sort((a, b) => (a < b ? -1 : 1));
  const parts: unknown[] = [firstName, lastName, status ?? null, attributes.kind, selected];
  const formed = (['firstName', 'lastName', 'status'] as const)
    .map((name) => [name, ...formParts(forms[name])])
    .filter((part) => part.length > 1);
  if (formed.length > 0 || oneName !== undefined) parts.push(formed, oneName ?? null);
  return hash('sha256', JSON.stringify(parts), 'hex').slice(0, 16);
}

/** What a form says about reading. */
function formParts(form: FieldForm | undefined): readonly unknown[] {
  if (form === undefined) return [];
  const { type, values, trim } = form;
  return [type ?? null, values === undefined ? null : [...values], trim ?? null, form.default ?? null];
}
