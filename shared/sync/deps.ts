import type { Developers } from '../apigee/developers.ts';
import type { ChangeNote } from '../core/changes/note.ts';
import type { Change } from '../core/model/change.ts';
import type { Actor } from '../core/model/link.ts';
import type { PersonKey } from '../core/model/email.ts';
import type { Walked } from '../core/next-step/evidence.ts';
import type { Policy } from '../core/model/policy.ts';
import type { Log } from '../log/log.ts';
import type { Recipient } from '../portal/mail.ts';
import type { NewDocument, People } from '../state/people.ts';

/** What synchronising a person needs from outside. Each flow brings its own; the steps are the same (rule 20). */
export interface SyncDeps {
  /** What tells a person whom Apigee brought to the portal; undefined: nobody is told. */
  readonly mail: Mail | undefined;
  readonly people: People;
  readonly developers: Developers;
  readonly policy: Policy;
  readonly log: Log;
  /** What acts. Noted on every link that is written. */
  readonly by: Actor;
  readonly gate: WriteGate;
  /** Undefined where creating is not limited: outside a run, in a dry run, and in a run that was approved. */
  readonly creation: CreationLimit | undefined;
  /**
   * What was planned for each person: whatever else would be done now is not done (rule 36). Undefined: there is no plan, or
   * it is carried out for them.
   */
  readonly planned: ((key: PersonKey) => Change | Unplanned | undefined) | undefined;
  /** Whether nothing may be written to either side any more (rule 33), as known a second ago at most. */
  readonly isStopped: () => Promise<boolean>;
  /** What is noted on the link of somebody who is in step is remembered with the listing that shows them. */
  readonly remembers?: true;
  /** The run's walk of the developer listing; undefined outside a run. */
  readonly walk: ListingWalk | undefined;
  /**
   * Apigee itself has said that the developer of the one person at hand was deleted, for it answered our own deletion, or its
   * audit log tells of one: that and a read prove the absence (rule 29).
   */
  readonly deletionConfirmed?: boolean;
  /**
   * Something was changed in Apigee (rule 40): what the link remembers is not enough, and the developer is read before the
   * lease is taken, so that nothing new costs no write.
   */
  readonly readsAhead?: boolean;
  /** Whether a full run has met every developer: whoever has no link by then is new. */
  readonly isEveryoneLinked: () => Promise<boolean>;
  /** Our own clock, ms. */
  readonly now: () => number;
  readonly wait: (ms: number) => Promise<void>;
  /** A new unguessable id, for documents and lease holders. */
  readonly newId: () => string;
  /** Rule 6. */
  readonly newPasswordHash: () => string;
  readonly timing: SyncTiming;
  /** How many people of one batch are worked on at once: no more than the call budget serves within their leases. */
  readonly peopleAtOnce: number;
}

/** Why a plan says of nobody what to write. */
export type Unplanned =
  /** The person is not in it, or not any more. */
  | 'nothing'
  /** It was made with other settings than those of today. */
  | 'other-settings';

export interface Mail {
  /** Whether everybody of a first load is told, too. */
  readonly firstLoad: boolean;
  readonly documentFor: (recipient: Recipient) => NewDocument;
}

/** How many people may still be created (rule 32). */
export interface CreationLimit {
  /** Whether it is known that nobody may be created any more. */
  isUsedUp(): boolean;
  /** Takes one from what is left; false where nothing is. */
  take(): Promise<boolean>;
  /** Gives one back: the person was not created after all. */
  giveBack(): void;
}

export interface ListingWalk extends Pick<Walked, 'startedAt' | 'isComplete'> {
  /** The spellings under which the walk showed this email. */
  readonly spellings: (key: PersonKey) => Promise<readonly string[]>;
}

export interface SyncTiming {
  /** How long a lease is granted for, ms. */
  readonly leaseMs: number;
  /** The longest one call to Apigee can take, retries included, ms: no call starts with less of the lease left. */
  readonly callMs: number;
  /** How long to wait while somebody else owns the lease, ms. */
  readonly leaseWaitMs: number;
  /** How long to wait in all, in one invocation, before looking again at a person whose write Apigee did not make, ms. */
  readonly failureWaitMs: number;
}

/** When a write may be made: for all but `review`, a destructive one (rule 16). */
export type WriteGate =
  /** In a run: none is made before the whole run has been counted. */
  | { readonly kind: 'closed' }
  /** In a run that an operator has to look at first: nothing is written to either side, and `plan` keeps what would be. */
  | { readonly kind: 'review'; readonly plan: (note: ChangeNote) => Promise<void> }
  /** After the count, or after an operator's approval. */
  | { readonly kind: 'open' }
  /** In real time: while the allowance of 60 minutes lasts. */
  | { readonly kind: 'allowance'; readonly spend: () => Promise<boolean> };
