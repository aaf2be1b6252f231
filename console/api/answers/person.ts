import type { SyncState } from '../requests.ts';

export type Side = 'portal' | 'apigee';

/** The two sides of a person and how they stand, read at this moment. */
export interface PersonAnswer {
  readonly id: string;
  readonly key: string;
  readonly now: number;
  /** For an edit: stands for both sides as they are shown here. */
  readonly seen: string;
  readonly sync: SyncState | 'only-on-portal' | 'nobody';
  readonly syncWords: string;
  readonly situation: string | null;
  readonly situationWords: string;
  readonly developer: DeveloperAnswer | null;
  readonly portalUser: PortalUserAnswer | null;
  /** Why a side shows nothing; null where it was read. */
  readonly apigeeProblem: string | null;
  readonly portalProblem: string | null;
  /** Every field of either side and of the base, in order. */
  readonly fields: readonly FieldAnswer[];
  /** What else the link says, such as why the person is held. */
  readonly facts: readonly { readonly name: string; readonly words: string }[];
  readonly hold: {
    readonly reason: string;
    readonly words: string;
    readonly advice: string;
    readonly since: number;
  } | null;
  readonly failure: {
    readonly words: string;
    readonly since: number;
    readonly attempts: number;
    readonly permanent: boolean;
  } | null;
  readonly history: readonly HistoryEntry[];
  readonly may: {
    readonly edit: boolean;
    readonly activate: boolean;
    readonly deactivate: boolean;
    readonly delete: boolean;
    readonly sync: boolean;
    readonly release: boolean;
    /** On neither side: all that is kept may be removed. */
    readonly forget: boolean;
  };
}

export interface DeveloperAnswer {
  readonly developerId: string;
  readonly email: string;
  readonly userName: string | null;
  readonly firstName: string | null;
  readonly lastName: string | null;
  readonly status: string;
  readonly createdAt: number;
  readonly lastModifiedAt: number;
  readonly attributes: number;
}

export interface PortalUserAnswer {
  readonly userId: string;
  readonly email: string;
  readonly userName: string | null;
  readonly status: string | null;
  readonly emailVerified: boolean;
  readonly updatedAt: number;
}

export interface FieldAnswer {
  /** `firstName`, `lastName`, `status` or `attributes.NAME`. */
  readonly field: string;
  /** Null: not there. */
  readonly portal: string | null;
  readonly apigee: string | null;
  readonly basePortal: string | null;
  readonly baseApigee: string | null;
  /** Which side changed since both were in step. */
  readonly changed: 'portal' | 'apigee' | 'both' | 'neither' | null;
  /** Where an edit made here is written first. `locked`: reserved, nobody may edit it here. */
  readonly edit: 'portal' | 'apigee' | 'locked';
  readonly editWords: string;
}

/** What happened to the person, newest first. */
export interface HistoryEntry {
  readonly at: number;
  readonly kind: 'done' | 'changed' | 'lost-value' | 'operator';
  /** A run's id, `push`, an operator's email; null where nobody knows. */
  readonly by: string | null;
  readonly words: string;
  readonly field: string | null;
  readonly side: Side | null;
  readonly value: string | null;
  readonly reason: string | null;
  /** Of a change: by this it is undone, with the person. */
  readonly act: string | null;
  /** Of a change: what was written. */
  readonly writes: readonly WriteAnswer[];
}

/** One field of one side that was written. */
export interface WriteAnswer {
  readonly side: Side;
  readonly field: string;
  /** Null: values are shown to operators, and not to who only looks. A value that is null was not there. */
  readonly values: { readonly before: string | null; readonly after: string | null } | null;
}

/** What became of an action on one person. */
export interface PersonDone {
  readonly actionId: string;
  readonly result: 'done' | 'nothing' | 'held' | 'failed';
  readonly words: readonly string[];
  /** As found afterwards; null where that could not be read, or where the person is nowhere any more. */
  readonly person: PersonAnswer | null;
}

/** What a sync would do, step by step; nothing is written. */
export interface ExplainAnswer {
  readonly id: string;
  readonly key: string;
  readonly now: number;
  readonly steps: readonly ExplainStep[];
  /** Each write that would be made; empty: none. */
  readonly writes: readonly string[];
  readonly outcome: string | null;
  readonly person: PersonAnswer;
}

export interface ExplainStep {
  readonly step: 'found' | 'in-scope' | 'matched' | 'situation' | 'decision' | 'writes';
  readonly title: string;
  readonly state: 'passed' | 'stopped' | 'skipped';
  readonly words: readonly string[];
}

export interface AppsAnswer {
  readonly apps: readonly AppAnswer[];
}

/** Keys are told by their last four characters; secrets are never read. */
export interface AppAnswer {
  readonly name: string;
  readonly status: string;
  readonly createdAt: number;
  readonly lastModifiedAt: number;
  readonly keys: readonly {
    readonly keyEnd: string;
    readonly status: string;
    readonly issuedAt: number | null;
    /** Null: never. */
    readonly expiresAt: number | null;
    readonly products: readonly { readonly name: string; readonly status: string }[];
  }[];
}
