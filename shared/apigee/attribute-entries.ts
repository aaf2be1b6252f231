import type { AttributeEntry, Attributes } from '../core/model/profile.ts';

/** Name → value. X leaves out an empty value, and of two entries with one name the last one counts. */
export function attributesIn(entries: readonly AttributeEntry[]): Attributes {
  return new Map(entries.map(({ name, value }) => [name, value ?? '']));
}

/** The entries, where the Map of their names and values does not say everything about them; else none. */
export function unsaidBy(attributes: Attributes, entries: readonly AttributeEntry[]): readonly AttributeEntry[] {
  const isSaid = attributes.size === entries.length && entries.every(isPlain);
  return isSaid ? [] : entries;
}

/**
 * The entries of a developer who has `attributes` now and was read with the entries `known`. An attribute that did not
 * change keeps its entries as they were. One that changed keeps them with the new value, whichever of two with one name
 * Apigee goes by.
 */
export function entriesOf(attributes: Attributes, known: readonly AttributeEntry[]): readonly AttributeEntry[] {
  const before = attributesIn(known);
  const kept = known.flatMap((entry) => {
    const value = attributes.get(entry.name);
    if (value === undefined) return [];
    return value === before.get(entry.name) ? entry : { ...entry, value };
  });
  const added = [...attributes].filter(([name]) => !before.has(name)).map(([name, value]) => ({ name, value }));
  return [...kept, ...added];
}

function isPlain(entry: AttributeEntry): boolean {
  return Object.keys(entry).every((member) => member === 'name' || member === 'value') && entry.value !== null;
}
