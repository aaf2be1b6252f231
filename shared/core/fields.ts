/** How a synchronised field is called in decisions, reports, history and logs. Status travels by a call of its own. */
export type FieldName = 'firstName' | 'lastName' | `attributes.${string}`;

/** One field's new value; undefined removes it (attributes only, names are never removed). */
export interface FieldChange {
  readonly field: FieldName;
  readonly value: string | undefined;
}

export function attributeField(name: string): FieldName {
  return `attributes.${name}`;
}

/** The attribute's name, or undefined for a field that is not an attribute. */
export function attributeName(field: FieldName): string | undefined {
  return field.startsWith('attributes.') ? field.slice('attributes.'.length) : undefined;
}
