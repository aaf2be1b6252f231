import type { Role } from '../roles.ts';
import type { RunMode } from './runs.ts';

export interface Done {
  readonly done: true;
}

export interface SessionAnswer {
  readonly operator: { readonly email: string | null; readonly name: string };
  readonly role: Role;
  readonly version: string;
  readonly settings: {
    readonly org: string;
    readonly apigeeType: 'x' | 'hybrid' | 'edge';
    readonly project: string;
    readonly database: string;
    readonly portalCollection: string;
    readonly statePrefix: string;
    readonly filter: string | null;
    readonly destructiveLimit: number;
    readonly destructiveLimitPercent: number;
    readonly portalDeletePolicy: string;
    readonly apigeeDeletePolicy: string;
    readonly conflictPolicy: string;
    readonly creationLimit: number;
    /** To Apigee, of all instances together. */
    readonly callsPerMinute: number;
    /** Which field of a portal document holds what; what the mapping switches off is left out. */
    readonly mapping: readonly MappedField[];
  };
  readonly limits: { readonly attributes: number };
  /** What this installation offers; what it does not offer is not to be shown. */
  readonly offers: {
    readonly editDevelopers: boolean;
    readonly schedule: boolean;
    readonly deadLetters: boolean;
  };
  /** Of the server. */
  readonly now: number;
}

export interface MappedField {
  /** Of a developer, or what else the product reads and writes on the portal. */
  readonly field: string;
  readonly path: string;
  /** Of an attribute. */
  readonly direction: 'both' | 'to-apigee' | 'to-portal' | null;
}

export interface DeadLettersAnswer {
  readonly topics: readonly {
    readonly topic: string;
    readonly replayed: number;
    readonly rejected: number;
    /** Whether there may be more. */
    readonly more: boolean;
    readonly problem: string | null;
  }[];
}

export interface ScheduleAnswer {
  readonly jobs: readonly ScheduledJob[];
  /** Why nothing can be said about the schedule; null where it can. */
  readonly problem: string | null;
}

export interface ScheduledJob {
  readonly name: string;
  readonly mode: RunMode;
  /** Null: there is no such job. */
  readonly state: 'enabled' | 'paused' | 'other' | null;
  readonly schedule: string | null;
  readonly timeZone: string | null;
  readonly next: number | null;
  readonly lastAttempt: number | null;
  readonly words: string;
}
