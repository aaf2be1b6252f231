import type { PersonKey } from './email.ts';
import type { Profile } from './profile.ts';
import type { ReportedSituation } from './situation.ts';

/**
 * Our own document per person: which portal user and which developer belong together, what each looked like when they
 * were last in step, and whatever is still owed to them. It outlives both sides as a tombstone (rule 15).
 * Times are ms since the epoch by our own clock.
 */
export interface Link {
  readonly key: PersonKey;
  /** Where the person was last known to be. `none`: only the tombstone is left. */
  readonly presence: Presence;
  /** The portal user bound to this person. */
  readonly userId: string | undefined;
  /** Other portal documents which claim the same canonical email (rule 1), sorted. */
  readonly rivals: readonly string[];
  readonly developer: DeveloperRef | undefined;
  readonly base: Base | undefined;
  /**
   * What a push was about to write and never confirmed, oldest first: portal profiles. A crash between Apigee's write and
   * ours leaves an intent behind. A developer that shows its values shows our own write, not an edit (rules 23, 24).
   */
  readonly intents: readonly Profile[];
  readonly tombstone: Tombstone | undefined;
  readonly hold: Hold | undefined;
  readonly failure: Failure | undefined;
  /** When to look at this person again although no event asks for it; undefined when nothing is owed. */
  readonly due: number | undefined;
  readonly lease: Lease | undefined;
  /** Values that lost to a newer edit (rule 11), newest last, bounded. */
  readonly history: readonly LostValue[];
  /** The last thing done for this person, and by which run or push: makes a redelivered batch count it once. */
  readonly last: LastOutcome | undefined;
}

export type Presence = 'both' | 'portal' | 'apigee' | 'none';

/** Both last-in-step profiles: they may differ, where a value never travelled (rules 4, 14) or has one direction. */
export interface Base {
  readonly portal: Profile;
  readonly developer: Profile;
  /** Fingerprint of the mapping the profiles were read with; removals do not travel across a change of mapping. */
  readonly mapping: string;
  /** The portal user's `updatedAt`. Undefined where the base was pieced together, or an earlier version noted it. */
  readonly portalUpdatedAt?: number | undefined;
}

export interface DeveloperRef {
  /** As Apigee keeps it, for the path of the next call. */
  readonly email: string;
  readonly developerId: string;
  /** Apigee's `lastModifiedAt` when last seen: a listing that shows an earlier one is out of date. */
  readonly modifiedAt: number;
}

export interface Tombstone {
  readonly side: 'portal' | 'developer' | 'both';
  readonly at: number;
  /** The developer this person had: one with another id is new, the same id is an old listing. */
  readonly developerId: string | undefined;
  /** We made the developer inactive because its portal user went; a new registration may undo that. */
  readonly deactivated: boolean;
}

export interface Hold {
  readonly reason: HoldReason;
  /** A sentence for the operator, without values. */
  readonly detail: string;
  readonly since: number;
}

export type HoldReason =
  | 'portal-collision'
  | 'developer-collision'
  | 'rename-refused'
  | 'rename-collision'
  | 'developer-deleted'
  | 'destructive-limit';

export interface Failure {
  /** Permanent: not tried again until either side changes. Transient: tried again when due (rule 25). */
  readonly kind: 'permanent' | 'transient';
  /** Names the field and the limit; never a value (rules 18, 27). */
  readonly message: string;
  /** Of both sides as they were when a permanent failure was found. */
  readonly fingerprint: string;
  readonly attempts: number;
  readonly since: number;
}

export interface Lease {
  readonly holder: string;
  readonly expiresAt: number;
}

export interface LostValue {
  /** `firstName`, `lastName` or `attributes.NAME`. */
  readonly field: string;
  /** The side whose value lost. */
  readonly side: 'portal' | 'apigee';
  /** Undefined: the losing edit was a removal. */
  readonly value: string | undefined;
  readonly at: number;
}

/** One person's result in a run. A person changed on both sides counts under apigee: people are counted once. */
export type Outcome =
  | 'created-apigee'
  | 'created-portal'
  | 'updated-apigee'
  | 'updated-portal'
  | 'unchanged'
  | 'held'
  | 'failed';

/** What acts for a person. */
export type Actor =
  | { readonly kind: 'run'; readonly runId: string }
  | { readonly kind: 'push' }
  | { readonly kind: 'pull' }
  /** One command of an operator, which has an id of its own. */
  | { readonly kind: 'operator'; readonly actionId: string };

/** Whether both are one and the same act. Pushes and pulls have no ids: none of them answers for another. */
export function isSameAct(a: Actor, b: Actor): boolean {
  switch (a.kind) {
    case 'run':
      return b.kind === 'run' && a.runId === b.runId;
    case 'operator':
      return b.kind === 'operator' && a.actionId === b.actionId;
    case 'push':
    case 'pull':
      return false;
  }
}

/** How people and stored links call it: a run or an action by its id, a push or a pull by its kind. */
export function actorName(by: Actor): string {
  switch (by.kind) {
    case 'run':
      return by.runId;
    case 'operator':
      return by.actionId;
    case 'push':
    case 'pull':
      return by.kind;
  }
}

export interface LastOutcome {
  readonly by: Actor;
  readonly outcome: Outcome;
  readonly situation: ReportedSituation;
  readonly reason: string;
  readonly fields: readonly string[];
  readonly at: number;
}

/** A person nothing is known of yet. */
export function newLink(key: PersonKey): Link {
  return {
    key,
    presence: 'none',
    userId: undefined,
    rivals: [],
    developer: undefined,
    base: undefined,
    intents: [],
    tombstone: undefined,
    hold: undefined,
    failure: undefined,
    due: undefined,
    lease: undefined,
    history: [],
    last: undefined,
  };
}
