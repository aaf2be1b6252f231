import { isFieldMap } from './field-path.ts';

/** Firestore allows maps and lists twenty deep. */
const deepest = 18;

/**
 * A list or a map as one line of JSON, its names in order, so that one content is one text. Undefined where a part of it is no
 * JSON, such as a timestamp or a number that is not exact: it would not come back as what it was.
 */
export function jsonText(value: unknown, depth = 0): string | undefined {
  if (value === null || typeof value === 'boolean') return JSON.stringify(value);
  if (typeof value === 'number') return isExact(value) ? JSON.stringify(value) : undefined;
  if (typeof value === 'string') return value.isWellFormed() ? JSON.stringify(value) : undefined;
  if (depth > deepest) return undefined;
  if (Array.isArray(value)) {
    const entries = value.map((entry: unknown) => jsonText(entry, depth + 1));
    return entries.includes(undefined) ? undefined : `[${entries.join(',')}]`;
  }
  if (!isFieldMap(value)) return undefined;
  const members: string[] = [];
  for (const name of Object.keys(value).sort()) {
    const member = jsonText(value[name], depth + 1);
    if (member === undefined || !name.isWellFormed()) return undefined;
    members.push(`${JSON.stringify(name)}:${member}`);
  }
  return `{${members.join(',')}}`;
}

/** The value of a JSON text that Firestore can hold; undefined: there is none. */
export function jsonValue(text: string): { readonly value: unknown } | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isStorable(value, false, 0) ? { value } : undefined;
  } catch {
    return undefined;
  }
}

/** A number that is read as it was written: not an integer beyond 2^53, not infinite. */
export function isExact(value: number): boolean {
  return Number.isFinite(value) && (!Number.isInteger(value) || Number.isSafeInteger(value));
}

/** Firestore holds no list within a list, and no field with a reserved name. */
function isStorable(value: unknown, inList: boolean, depth: number): boolean {
  if (jsonText(value) === undefined || depth > deepest) return false;
  if (Array.isArray(value)) return !inList && value.every((entry: unknown) => isStorable(entry, true, depth + 1));
  if (!isFieldMap(value)) return true;
  return Object.entries(value).every(
    ([name, member]) => name !== '' && !/^__.*__$/su.test(name) && isStorable(member, false, depth + 1),
  );
}
