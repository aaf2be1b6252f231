import { hash } from 'node:crypto';
import type { Policy } from '../core/model/policy.ts';
import type { Developer, PortalUser, Profile } from '../core/model/profile.ts';

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

/** A developer's fields as the portal reads them once they are written there: `5.0` is the number 5. */
export function comparedInApigee(developer: Developer, policy: Policy, user: PortalUser | undefined): Compared {
  const selected = new Map([...developer.attributes].filter(([name]) => policy.directionOf(name) !== undefined));
  const profile = { ...developer, attributes: selected };
  const { profile: read, problems } = policy.onPortal?.(profile, user) ?? { profile, problems: new Map() };
  return { fields: comparedFields(read, policy), unfit: new Set(problems.keys()) };
}

export interface Compared {
  readonly fields: ReadonlyMap<string, string>;
  /** Fields with a value that the portal's field cannot hold. */
  readonly unfit: ReadonlySet<string>;
}

/** Names of the fields in which two records differ. */
export function differingFields(a: ReadonlyMap<string, string>, b: ReadonlyMap<string, string>): readonly string[] {
  return [...new Set([...a.keys(), ...b.keys()])].filter((name) => a.get(name) !== b.get(name));
}

/** A digest of all compared fields. Its 72 bits keep two different people from passing for equal among a million. */
export function digestOf(fields: ReadonlyMap<string, string>): string {
  const text = JSON.stringify([...fields]);
  return hash('sha256', text, 'buffer').subarray(0, 9).toString('base64url');
}
