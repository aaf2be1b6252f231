/** Portal and Edge know more states than these two on old records, so a developer's status is read as an open string. */
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
  /** The portal's clock, in ms since the epoch (rule 4). */
  readonly updatedAt: number;
  /** The document's update time, opaque: two readings with one version are one content. */
  readonly version: string;
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
}

/** What a document of the portal collection turned out to be. */
export type PortalReading =
  | { readonly kind: 'absent' }
  | { readonly kind: 'user'; readonly user: PortalUser }
  /** `email` is the document's canonical email where at least that could be read. Never the same as absent (rule 18). */
  | {
      readonly kind: 'malformed';
      readonly id: string;
      readonly email: string | undefined;
      /** One sentence each, naming the field and what it must be; never a value. */
      readonly problems: readonly string[];
      readonly version: string;
    };
