import { attributeField, attributeName, type FieldChange, type FieldName } from './fields.ts';
import type { Policy } from './policy.ts';
import type { Developer, Profile } from './profile.ts';

/** The synchronised part of a developer: reserved and unselected attributes stay out of it (rule 13). */
export function developerProfile(developer: Developer, policy: Policy): Profile {
  return {
    firstName: presentName(developer.firstName),
    lastName: presentName(developer.lastName),
    status: developer.status,
    attributes: selected(developer.attributes, policy),
  };
}

/** A stored profile as today's selection sees it: an attribute that is no longer selected was not removed by anyone. */
export function restrict(profile: Profile, policy: Policy): Profile {
  return { ...profile, attributes: selected(profile.attributes, policy) };
}

export function valueOf(profile: Profile, field: FieldName): string | undefined {
  if (field === 'firstName' || field === 'lastName') return profile[field];
  const name = attributeName(field);
  return name === undefined ? undefined : profile.attributes.get(name);
}

/** Every field any of the profiles has, in a fixed order. */
export function fieldsOf(...profiles: readonly Profile[]): readonly FieldName[] {
  const names = new Set(profiles.flatMap((profile) => [...profile.attributes.keys()]));
  return ['firstName', 'lastName', ...[...names].sort().map(attributeField)];
}

/** `profile` with the changes made. */
export function withChanges(profile: Profile, changes: readonly FieldChange[]): Profile {
  let { firstName, lastName } = profile;
  const attributes = new Map(profile.attributes);
  for (const { field, value } of changes) {
    if (field === 'firstName') firstName = value;
    else if (field === 'lastName') lastName = value;
    else setAttribute(attributes, field, value);
  }
  return { ...profile, firstName, lastName, attributes };
}

/** Changes that turn `from` into `to`, field by field; status apart. */
export function changesBetween(from: Profile, to: Profile): readonly FieldChange[] {
  return fieldsOf(from, to)
    .filter((field) => valueOf(from, field) !== valueOf(to, field))
    .map((field) => ({ field, value: valueOf(to, field) }));
}

export function sameProfile(a: Profile, b: Profile): boolean {
  return a.status === b.status && changesBetween(a, b).length === 0;
}

/** Blank names are no names: Apigee requires both. */
export function presentName(name: string | undefined): string | undefined {
  return name === undefined || name.trim() === '' ? undefined : name;
}

function setAttribute(attributes: Map<string, string>, field: FieldName, value: string | undefined): void {
  const name = attributeName(field);
  if (name === undefined) return;
  if (value === undefined) attributes.delete(name);
  else attributes.set(name, value);
}

function selected(attributes: ReadonlyMap<string, string>, policy: Policy): ReadonlyMap<string, string> {
  return new Map([...attributes].filter(([name]) => policy.directionOf(name) !== undefined));
}
