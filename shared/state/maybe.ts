import type { z } from 'zod';

/** A field that is left out of a stored document where its value is undefined. */
export function maybe<T extends z.ZodType>(schema: T) {
  return schema.optional().transform((value) => value);
}

/** What is wrong with a stored document, naming fields and never values. */
export function unreadable(what: string, error: z.ZodError): Error {
  const problems = error.issues.slice(0, 5).map((issue) => `${issue.path.join('.') || 'document'}: ${issue.code}`);
  return new Error(`The ${what} cannot be read (${problems.join('; ')}).`);
}

/** The value without its undefined members, at every depth: Firestore takes no undefined. */
export function withoutUndefined(value: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const kept: Record<string, unknown> = {};
  for (const [name, member] of Object.entries(value)) {
    if (member !== undefined) kept[name] = compact(member);
  }
  return kept;
}

function compact(value: unknown): unknown {
  if (Array.isArray(value)) return value.map((entry: unknown) => compact(entry));
  return isRecord(value) ? withoutUndefined(value) : value;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}
