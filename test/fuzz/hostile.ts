import fc from 'fast-check';
import { expect } from 'vitest';
import type { LogEntry } from '../../shared/log/log.ts';

/** Stands for personal data: it may never be seen again in a log line or an error text (rule 27). */
export const secret = 'secret.person@example.com';

/** Nothing that is logged or recorded about one piece of input may be longer. */
const longestText = 1000;

export function expectDiscreet(texts: readonly string[]): void {
  for (const text of texts) {
    expect(text).not.toContain('secret.person');
    expect(text.length).toBeLessThanOrEqual(longestText);
  }
}

/** What is logged, but for the person's key, which leaves the process as a hash. */
export function logged(entries: readonly LogEntry[]): readonly string[] {
  return entries.map(({ person: _, stack: _stack, ...entry }) => JSON.stringify(entry));
}

/** Text of every kind, some of it large. */
export const text = fc.oneof(
  fc.constantFrom(
    '',
    secret,
    '__proto__',
    'constructor',
    'toString',
    '.',
    '..',
    '/',
    '\u0000',
    '\ud800',
    '𝒜'.repeat(50),
  ),
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.integer({ min: 1, max: 200_000 }).map((length) => secret + 'x'.repeat(length)),
);

/** Names of fields: those every object has without being asked among them. */
export const names = fc.oneof(fc.constantFrom('__proto__', 'constructor', 'hasOwnProperty', 'toJSON', ''), text);

export const anything = fc.oneof(
  {
    arbitrary: fc.anything({ key: names, withDate: true, withMap: true, withBigInt: true, withNullPrototype: true }),
    weight: 5,
  },
  { arbitrary: text, weight: 1 },
  { arbitrary: fc.integer({ min: 1, max: 5000 }).map(nested), weight: 1 },
);

/** Maps within maps, or lists within lists. */
export function nested(depth: number): unknown {
  let value: unknown = secret;
  for (let level = 0; level < depth; level += 1) value = level % 2 === 0 ? { message: value } : [value];
  return value;
}

/** An object with a member whose name JSON allows, and an object literal does not. */
export function withOwn(entries: readonly (readonly [string, unknown])[]): Record<string, unknown> {
  const object: Record<string, unknown> = {};
  for (const [name, value] of entries)
    Object.defineProperty(object, name, { value, enumerable: true, configurable: true, writable: true });
  return object;
}
