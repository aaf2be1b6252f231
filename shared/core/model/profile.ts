import type { HeldAs, HeldForms } from './held.ts';

/**
 * Portal and Edge know more states than these two on old records, so a developer's status is read as an open string.
 */
export type Status = 'active' | 'inactive';

/** Name → value. A Map, so that an attribute called `__proto__` is only a name. */
export type Attributes = ReadonlyMap<string, string>;

/** The part of a portal user or a developer that is synchronised. Blank names are read as missing. */
export interface Profile {
  readonly firstName: string | undefined;
  readonly lastName: string | undefined;
  /** Portal → Apigee only (rule 14). On a developer: whatever Apigee says. */
  readonly status: string | undefined;
  /** Selected attributes only; reserved and unselected ones never enter a profile (rule 13). */
  readonly attributes: Attributes;
}

/**
 * How the portal reads a profile once it is written there, `user` being whose document it is. The problems: fields with a value
 * that the portal's field cannot hold, each with a sentence; the profile has them as they were.
 */
export type OnPortal = (
  profile: Profile,
  user: PortalUser | undefined,
) => { readonly profile: Profile; readonly problems: ReadonlyMap<FieldName, string> };

/** What of a policy says how a developer is read. */
interface Reading {
  /** Undefined for an attribute that is reserved or not selected. */
  readonly directionOf: (attribute: string) => unknown;
  readonly onPortal?: OnPortal | undefined;
}

/** A user of the portal, read through the mapping. */
export interface PortalUser {
  /** Document id. */
  readonly id: string;
  /** As written on the portal; may differ from the canonical email in case. */
  readonly email: string;
  readonly userName: string | undefined;
  readonly profile: Profile;
  /** Rule 19. True where the mapping names no such field. */
  readonly emailVerified: boolean;
  /** Rule 6. Undefined where the mapping names no such field. */
  readonly passwordResetRequired?: boolean | undefined;
  /** The portal's clock, in ms since the epoch (rule 4). */
  readonly updatedAt: number;
  /** The document's update time, in ms since the epoch: any write moves it, also one that changes nothing of the profile. */
  readonly writtenAt: number;
  /** The document's update time, opaque: two readings with one version are one content. */
  readonly version: string;
  /**
   * Fields that cannot be read, by `FieldName`, `userName` or `updatedAt`, or `attributes` for all attributes: a sentence each,
   * which names the field and what it must be, never a value. Such a field is left alone on both sides (rule 18).
   */
  readonly unreadable?: ReadonlyMap<string, string> | undefined;
  /** What of the document is no plain text. */
  readonly held?: HeldForms | undefined;
  /** False where PORTAL_SELECT does not select the document. */
  readonly selected?: false | undefined;
}

/** A developer as Apigee answers it, every attribute included. Times in ms since the epoch, by Apigee's clock. */
export interface Developer {
  /** As Apigee keeps it: lower case on X and hybrid, any case on Edge. */
  readonly email: string;
  readonly developerId: string;
  readonly userName: string | undefined;
  readonly firstName: string | undefined;
  readonly lastName: string | undefined;
  readonly status: string;
  readonly attributes: Attributes;
  readonly createdAt: number;
  readonly lastModifiedAt: number;
  readonly others: Others;
}

/** What Apigee keeps of a developer besides what we know: opaque, synchronised nowhere, carried by every PUT (rule 30). */
export interface Others {
  /** Members of the developer that we do not know, as Apigee answered them. */
  readonly members: Readonly<Record<string, unknown>>;
  /**
   * The attributes entry by entry, where `attributes` does not say everything about them: an entry has more members than
   * a name and a value, or two entries have one name. Else empty.
   */
  readonly entries: readonly AttributeEntry[];
}

export interface AttributeEntry {
  readonly name: string;
  readonly value?: string | null | undefined;
}

/** Of a developer about whom we know everything, or who is new. */
export const nothingElse: Others = { members: {}, entries: [] };

/** What a document of the portal collection turned out to be. */
export type PortalReading =
  | { readonly kind: 'absent' }
  | { readonly kind: 'user'; readonly user: PortalUser }
  /**
   * `email` is the document's canonical email where at least that could be read. Never the same as absent (rule 18).
   */
  | {
      readonly kind: 'malformed';
      readonly id: string;
      readonly email: string | undefined;
      /** One sentence each, naming the field and what it must be; never a value. */
      readonly problems: readonly string[];
      readonly version: string;
    };

/** How a synchronised field is called in decisions, reports, history and logs. Status travels by a call of its own. */
export type FieldName = 'firstName' | 'lastName' | `attributes.${string}`;

/** How a field is called that is written when a record is, and synchronised never or by a call of its own. */
export type WrittenField = FieldName | 'email' | 'userName' | 'status';

/** One field's new value; undefined removes it (attributes only, names are never removed). */
export interface FieldChange {
  readonly field: FieldName;
  readonly value: string | undefined;
  /** In which form a portal document gets it that has no value there; undefined: as text. */
  readonly held?: HeldAs | undefined;
}

export function attributeField(name: string): FieldName {
  return `attributes.${name}`;
}

/** The attribute's name, or undefined for a field that is not an attribute. */
export function attributeName(field: WrittenField): string | undefined {
  return field.startsWith('attributes.') ? field.slice('attributes.'.length) : undefined;
}

/**
 * The synchronised part of a developer: reserved and unselected attributes stay out of it (rule 13). Where several texts are
 * one value of a portal's field, such as `5` and `5.0` of a number, it is the one that the portal reads.
 */
export function developerProfile(developer: Developer, policy: Reading): Profile {
  const profile: Profile = {
    firstName: presentName(developer.firstName),
    lastName: presentName(developer.lastName),
    status: developer.status,
    attributes: selected(developer.attributes, policy),
  };
  return policy.onPortal === undefined ? profile : policy.onPortal(profile, undefined).profile;
}

/** A stored profile without the attributes that the mapping no longer selects: nobody has removed those. */
export function restrict(profile: Profile, policy: Reading): Profile {
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

/** The profile once these changes are made. */
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

/** The changes of fields that turn `from` into `to`. The status is none of them. */
export function changesBetween(from: Profile, to: Profile): readonly FieldChange[] {
  return fieldsOf(from, to)
    .filter((field) => valueOf(from, field) !== valueOf(to, field))
    .map((field) => ({ field, value: valueOf(to, field) }));
}

export function sameProfile(a: Profile, b: Profile): boolean {
  return a.status === b.status && changesBetween(a, b).length === 0;
}

/** The name, or undefined where it is blank: Apigee requires both names. */
export function presentName(name: string | undefined): string | undefined {
  return name === undefined || name.trim() === '' ? undefined : name;
}

function setAttribute(attributes: Map<string, string>, field: FieldName, value: string | undefined): void {
  const name = attributeName(field);
  if (name === undefined) return;
  if (value === undefined) attributes.delete(name);
  else attributes.set(name, value);
}

function selected(attributes: ReadonlyMap<string, string>, policy: Reading): ReadonlyMap<string, string> {
  return new Map([...attributes].filter(([name]) => policy.directionOf(name) !== undefined));
}
