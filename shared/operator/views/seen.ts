import { hash } from 'node:crypto';
import type { Subject } from '../../core/model/decision.ts';
import { attributeField, type Developer, type PortalUser } from '../../core/model/profile.ts';

/** A field of one side, as an operator saw it. */
export interface SeenField {
  readonly side: 'portal' | 'apigee';
  /** A synchronised field, or `status`, `userName`, `id`. */
  readonly field: string;
}

/**
 * Stands for both sides as an operator saw them: each field with a hash of its value, so that whoever changed something since
 * can be told by field. Opaque, fit for a request's body.
 */
export function seenOf(subject: Pick<Subject, 'portal' | 'developer'>): string {
  const entries = valuesOf(subject).map(({ side, field, value }) => [side, field, hashOf(value)]);
  return Buffer.from(JSON.stringify(entries)).toString('base64url');
}

/** The fields that are not as they were seen; undefined where `seen` is none of ours. */
export function changedSince(
  seen: string,
  subject: Pick<Subject, 'portal' | 'developer'>,
): readonly SeenField[] | undefined {
  const before = parse(seen);
  if (before === undefined) return undefined;
  const now = new Map(valuesOf(subject).map(({ side, field, value }) => [nameOf(side, field), hashOf(value)]));
  const then = new Map(before.map(([side, field, hash]) => [nameOf(side, field), hash]));
  const names = [...new Set([...then.keys(), ...now.keys()])].filter((name) => then.get(name) !== now.get(name));
  return names.map((name) => {
    const [side, field] = JSON.parse(name) as readonly [SeenField['side'], string];
    return { side, field };
  });
}

/** The value of a field now; undefined where the side does not have it. */
export function valueNow(
  subject: Pick<Subject, 'portal' | 'developer'>,
  { side, field }: SeenField,
): string | undefined {
  return valuesOf(subject).find((entry) => entry.side === side && entry.field === field)?.value;
}

interface Value extends SeenField {
  readonly value: string;
}

function valuesOf({ portal, developer }: Pick<Subject, 'portal' | 'developer'>): readonly Value[] {
  const ofPortal = portal.kind === 'user' ? userValues(portal.user) : [];
  const found = developer.kind === 'developer' ? developer.developer : undefined;
  return [
    ...present('portal', [['kind', portal.kind], ...ofPortal]),
    ...present('apigee', [['kind', developer.kind], ...(found === undefined ? [] : developerValues(found))]),
  ];
}

type Pair = readonly [field: string, value: string | undefined];

function userValues({ id, email, userName, profile }: PortalUser): readonly Pair[] {
  const { firstName, lastName, status, attributes } = profile;
  const named = [...attributes].map(([name, value]) => [attributeField(name), value] as const);
  return [
    ['id', id],
    ['email', email],
    ['userName', userName],
    ['firstName', firstName],
    ['lastName', lastName],
    ['status', status],
    ...named,
  ];
}

function developerValues(developer: Developer): readonly Pair[] {
  const { developerId, email, userName, firstName, lastName, status, attributes } = developer;
  const named = [...attributes].map(([name, value]) => [attributeField(name), value] as const);
  return [
    ['id', developerId],
    ['email', email],
    ['userName', userName],
    ['firstName', firstName],
    ['lastName', lastName],
    ['status', status],
    ...named,
  ];
}

function present(side: SeenField['side'], pairs: readonly Pair[]): readonly Value[] {
  return pairs.flatMap(([field, value]) => (value === undefined ? [] : [{ side, field, value }]));
}

function nameOf(side: string, field: string): string {
  return JSON.stringify([side, field]);
}

function hashOf(value: string): string {
  return hash('sha256', value, 'base64url').slice(0, 10);
}

function parse(seen: string): readonly (readonly [string, string, string])[] | undefined {
  try {
    const parsed: unknown = JSON.parse(Buffer.from(seen, 'base64url').toString('utf8'));
    if (!Array.isArray(parsed) || parsed.length === 0) return undefined;
    const entries = parsed.filter(isEntry);
    return entries.length === parsed.length ? entries : undefined;
  } catch {
    return undefined;
  }
}

function isEntry(entry: unknown): entry is readonly [string, string, string] {
  const isTriple = Array.isArray(entry) && entry.length === 3 && entry.every((part) => typeof part === 'string');
  return isTriple && (entry[0] === 'portal' || entry[0] === 'apigee');
}
