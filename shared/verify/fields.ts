import { createHash } from 'node:crypto';
import type { Policy } from '../core/model/policy.ts';
import type { Profile } from '../core/model/profile.ts';

type Named = Pick<Profile, 'firstName' | 'lastName' | 'attributes'>;

/**
 * The fields that must be the same on both sides, as name and value, in a fixed order: both names, and the selected
 * attributes, whichever way they travel (rules 5, 13). A blank first or last name counts as absent.
 */
export function comparedFields(
  { firstName, lastName, attributes }: Named,
  policy: Policy,
): ReadonlyMap<string, string> {
  const fields = new Map<string, string>();
  for (const [name, value] of [['firstName', firstName] as const, ['lastName', lastName] as const]) {
    if (value !== undefined && value.trim() !== '') fields.set(name, value);
  }
  for (const name of [...attributes.keys()].sort()) {
    const value = attributes.get(name);
    if (value !== undefined && policy.directionOf(name) !== undefined) fields.set(`attributes.${name}`, value);
  }
  return fields;
}

/** Names of the fields in which two records differ. */
export function differingFields(a: ReadonlyMap<string, string>, b: ReadonlyMap<string, string>): readonly string[] {
  return [...new Set([...a.keys(), ...b.keys()])].filter((name) => a.get(name) !== b.get(name));
}

/** A digest of all compared fields. Its 72 bits keep two different people from passing for equal among a million. */
export function digestOf(profile: Named, policy: Policy): string {
  const text = JSON.stringify([...comparedFields(profile, policy)]);
  return createHash('sha256').update(text).digest().subarray(0, 9).toString('base64url');
}
