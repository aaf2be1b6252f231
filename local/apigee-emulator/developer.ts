import type { Json, JsonObject } from './json.ts';

/** One custom attribute, with whatever further members it was written with. */
export interface Attribute {
  readonly name: string;
  readonly value: string;
  readonly [member: string]: Json;
}

/** A developer as the emulator keeps it. Times in ms since the epoch. */
export interface DeveloperRecord {
  readonly email: string;
  readonly developerId: string;
  /** This and the next two are null on a few old records only: today the API demands them. */
  readonly firstName: string | null;
  readonly lastName: string | null;
  readonly userName: string | null;
  /** `active` or `inactive`; old Edge records know more words. */
  readonly status: string;
  readonly attributes: readonly Attribute[];
  /** Members that the emulator knows nothing of, such as `accessType`: kept and answered, and wiped by a PUT without them. */
  readonly others: JsonObject;
  readonly apps: readonly string[];
  /** Edge only. */
  readonly companies: readonly string[];
  readonly createdAt: number;
  readonly lastModifiedAt: number;
  /** Only Edge answers this and the next one. */
  readonly createdBy: string;
  readonly lastModifiedBy: string;
}

/**
 * What a developer is seeded from: an email and everything that differs from the defaults (names `First` and `Last`,
 * userName = email, active, no attributes, no apps, created now, last modified when created, a random developerId). A
 * record that was read can be seeded again.
 */
export type DeveloperSeed = Pick<DeveloperRecord, 'email'> &
  Partial<Omit<DeveloperRecord, 'email' | 'attributes'>> & {
    readonly attributes?: readonly Attribute[] | Readonly<Record<string, string>>;
  };

/** What a POST or PUT says about a developer, once it passed the checks. */
export interface DeveloperInput {
  readonly email: string;
  readonly firstName: string;
  readonly lastName: string;
  readonly userName: string;
  readonly attributes: readonly Attribute[];
  readonly others: JsonObject;
}
