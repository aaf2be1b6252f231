/** A value of Terraform's language. What only the cloud knows stands as a text in angle quotes that says what it is. */
export type Value = string | number | boolean | null | readonly Value[] | Values | Lookup;

export interface Values {
  readonly [name: string]: Value;
}

/** Something whose members are found out when they are asked for: a module, a resource, a block of one. */
export class Lookup {
  readonly names: () => readonly string[];
  readonly get: (name: string) => Value;

  /** `get` throws where there is no such member. */
  constructor(names: () => readonly string[], get: (name: string) => Value) {
    this.names = names;
    this.get = get;
  }
}

export function isList(value: Value): value is readonly Value[] {
  return Array.isArray(value);
}

export function isObject(value: Value): value is Values {
  return typeof value === 'object' && value !== null && !isList(value) && !(value instanceof Lookup);
}

/** The members in the order in which Terraform goes through them: of its names. A list's names are its places. */
export function entriesOf(value: Value): readonly (readonly [string, Value])[] {
  if (isList(value)) return value.map((item, place) => [String(place), item]);
  if (value instanceof Lookup) return value.names().map((name) => [name, value.get(name)]);
  if (!isObject(value)) throw new Error(`${JSON.stringify(value)} has no members`);
  return Object.keys(value)
    .toSorted()
    .map((name) => [name, value[name] ?? null]);
}

/** As JSON knows it, members in the order of their names. */
export function plain(value: Value): unknown {
  if (isList(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(entriesOf(value).map(([name, member]) => [name, plain(member)]));
}

export function isEqual(one: Value, other: Value): boolean {
  return JSON.stringify(plain(one)) === JSON.stringify(plain(other));
}

/** Throws where Terraform would: a list or an object is no text. */
export function textOf(value: Value): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  throw new Error(`${JSON.stringify(plain(value))} is no text`);
}

export function numberOf(value: Value): number {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  if (typeof number !== 'number' || Number.isNaN(number))
    throw new Error(`${JSON.stringify(plain(value))} is no number`);
  return number;
}

export function listOf(value: Value): readonly Value[] {
  if (!isList(value)) throw new Error(`${JSON.stringify(plain(value))} is no list`);
  return value;
}

export function truthOf(value: Value): boolean {
  if (value === true || value === 'true') return true;
  if (value === false || value === 'false') return false;
  throw new Error(`${JSON.stringify(plain(value))} is neither true nor false`);
}
