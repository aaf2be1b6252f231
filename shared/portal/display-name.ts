import type { NameOrder } from './mapping.ts';

/** Two names that one field holds. */
export interface NamePair {
  readonly firstName: string | undefined;
  readonly lastName: string | undefined;
}

export interface SplitName extends NamePair {
  /** Written as `Family, Given`. */
  readonly hasComma: boolean;
}

/** What may follow a family name and belongs to it. */
const suffix = /^(?:jr|sr|ii|iii|iv|phd|ph\.d|md|m\.d|esq)\.?$/iu;

/**
 * Splits a display name. Of `Family, Given`, the part before the comma is the last name, whatever the order. Otherwise the
 * last word is the last name and everything before it the first name; where families are written first, the first word is
 * the last name and everything after it the first name. A suffix such as `Jr.` belongs to the last name. One word is a first
 * name without a last one.
 */
export function splitName(text: string, order: NameOrder): SplitName {
  const [family = '', given = '', ...more] = text.split(',').map((part) => words(part).join(' '));
  if (family !== '' && given !== '' && more.length === 0 && !suffix.test(given)) {
    return { firstName: given, lastName: family, hasComma: true };
  }
  const all = words(text);
  const [only = ''] = all;
  if (all.length < 2) return { firstName: only === '' ? undefined : only, lastName: undefined, hasComma: false };
  if (order === 'family-first') {
    return { firstName: all.slice(1).join(' '), lastName: only, hasComma: false };
  }
  const length = all.length > 2 && suffix.test(all.at(-1) ?? '') ? 2 : 1;
  return { firstName: all.slice(0, -length).join(' '), lastName: all.slice(-length).join(' '), hasComma: false };
}

/** The display name of these names; undefined where there is none. */
export function joinName(
  { firstName, lastName }: NamePair,
  { order, hasComma }: { readonly order: NameOrder; readonly hasComma: boolean },
): string | undefined {
  const first = words(firstName ?? '').join(' ');
  const last = words(lastName ?? '').join(' ');
  if (first === '' || last === '') return first === '' ? (last === '' ? undefined : last) : first;
  if (hasComma) return `${last}, ${first}`;
  return order === 'family-first' ? `${last} ${first}` : `${first} ${last}`;
}

function words(text: string): readonly string[] {
  return text.split(/\s+/u).filter((word) => word !== '');
}
