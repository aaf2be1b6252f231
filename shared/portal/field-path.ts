/** Names of fields, each within the one before: a path that is split at its dots. */
export type FieldPath = readonly [string, ...string[]];

/** Firestore's limit for the name of a field, in UTF-8 bytes. */
const longestName = 1500;

/** Reads a path such as `profile.name.first`; a text instead of a path says what is wrong with it. */
export function parsePath(text: string): FieldPath | string {
  const [first, ...rest] = text.split('.');
  if (first === undefined) return 'set a path';
  const path: FieldPath = [first, ...rest];
  for (const name of path) {
    if (name === '') return 'set a path of field names separated by single dots';
    if (/^__.*__$/su.test(name)) return `Firestore reserves names like ${JSON.stringify(name)}; set another path`;
    if (!name.isWellFormed()) return 'the path has a broken character';
    if (Buffer.byteLength(name) > longestName) return `a field name has at most ${longestName} bytes`;
  }
  return path;
}

/** The labels of the first two paths of which one is the other or lies inside it. */
export function pathClash(
  paths: readonly (readonly [label: string, path: FieldPath])[],
): readonly [string, string] | undefined {
  for (const [index, [label, path]] of paths.entries()) {
    for (const [otherLabel, other] of paths.slice(index + 1)) {
      const shared = Math.min(path.length, other.length);
      if (path.slice(0, shared).every((name, depth) => name === other[depth])) return [label, otherLabel];
    }
  }
  return undefined;
}

/** What a document has at a path. `blocked`: a part of the path exists and is not a map. */
export type FieldValue =
  | { readonly kind: 'missing' }
  | { readonly kind: 'value'; readonly value: unknown }
  | { readonly kind: 'blocked' };

/** Null counts as missing: Firestore documents commonly use it for "no value". */
export function fieldAt(data: unknown, path: FieldPath): FieldValue {
  let value: unknown = data;
  for (const name of path) {
    if (!isFieldMap(value)) return { kind: 'blocked' };
    if (!Object.hasOwn(value, name)) return { kind: 'missing' };
    value = value[name];
    if (value === null || value === undefined) return { kind: 'missing' };
  }
  return { kind: 'value', value };
}

/**
 * Whether a value of a document is a map: not an array, a date, or an object of one of the client library's classes.
 */
export function isFieldMap(value: unknown): value is Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
