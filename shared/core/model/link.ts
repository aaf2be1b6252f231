import type { PersonKey } from './email.ts';
import type { Profile, WrittenField } from './profile.ts';
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
  /** The id of the portal user who belongs to this person. */
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
  /**
   * Noted before the call that makes the developer inactive because the portal user was deleted (rules 24, 28): where it
   * was never recorded, an inactive developer is our own doing.
   */
  readonly deactivationIntent: DeactivationIntent | undefined;
  /** Noted before an undo's call to Apigee (rules 24, 35): what then shows of it is our own doing. */
  readonly undoIntent?: UndoIntent | undefined;
  /** Names of the fields that an undo put back on one side only, and that differ on purpose since (rule 35). */
  readonly undone?: readonly string[] | undefined;
  /**
   * The portal user before this one was deleted while in step, and this one took their place before that was passed on: if
   * this one goes as well, the deletion of the first is still owed (rule 15).
   */
  readonly owesDeletion: boolean | undefined;
  readonly tombstone: Tombstone | undefined;
  readonly hold: Hold | undefined;
  readonly failure: Failure | undefined;
  /** Why fields are left alone on both sides, a sentence for each, without values; undefined: none is. */
  readonly leftAlone?: readonly string[] | undefined;
  /** When to look at this person again although no event asks for it; undefined when nothing is owed. */
  readonly due: number | undefined;
  readonly lease: Lease | undefined;
  /** Values that lost to a newer edit (rule 11), newest last, bounded. */
  readonly history: readonly LostValue[];
  /**
   * What was done last for this person, and by what. By it, a redelivered batch reports what its first delivery did.
   */
  readonly last: LastOutcome | undefined;
}

export type Presence = 'both' | 'portal' | 'apigee' | 'none';

/**
 * Both profiles when the sides were last in step. They may differ: some values never travel, or only one way (rules 4,
 * 14).
 */
export interface Base {
  readonly portal: Profile;
  readonly developer: Profile;
  /** Stands for the mapping with which the profiles were read. Where it differs from today's, no removal travels. */
  readonly mapping: string;
  /** The portal user's `updatedAt`. Undefined where the base was pieced together, or an earlier version noted it. */
  readonly portalUpdatedAt?: number | undefined;
}

export interface DeveloperRef {
  /** As Apigee spells it: the next call needs it in its path. */
  readonly email: string;
  readonly developerId: string;
  /** Apigee's `lastModifiedAt` when last seen: a listing that shows an earlier one is out of date. */
  readonly modifiedAt: number;
  /** What our last write left; undefined where none of ours was made since somebody's edit. */
  readonly written?: Written | undefined;
}

export interface Written {
  /** Stands for the developer's email, names and attributes behind the write. */
  readonly content: string;
  /** When somebody had last edited the developer before it, ms by Apigee's clock; 0 for a developer that we created. */
  readonly editedAt: number;
  /** Apigee's `lastModifiedAt` when the write was first seen. Undefined: an earlier version noted the write. */
  readonly at?: number | undefined;
}

export interface DeactivationIntent {
  readonly developerId: string;
}

export interface UndoIntent {
  readonly developerId: string;
  /** Whether the developer is about to be deleted, because creating them is undone. */
  readonly deletes: boolean;
  /** What the call changes: it is kept as a change although nobody heard of the call (rule 34). */
  readonly fields: readonly {
    readonly field: WrittenField;
    readonly before: string | undefined;
    readonly after: string | undefined;
  }[];
  /** What the developer will be like behind it; undefined where only the status is set. */
  readonly written: Written | undefined;
}

export interface Tombstone {
  readonly side: 'portal' | 'developer' | 'both';
  readonly at: number;
  /** The id of the developer at that time. A developer with the same id is the old one, perhaps from an old listing. */
  readonly developerId: string | undefined;
  /** Apigee's `lastModifiedAt` of that developer when last seen: one that was created later is another. */
  readonly modifiedAt?: number | undefined;
  /** Whether we made the developer inactive because the portal user was deleted: a new registration undoes that. */
  readonly deactivated: boolean;
  /** Whether an undo deleted what we had created there (rule 35): it is not created again before somebody says so. */
  readonly undone?: true | undefined;
}

export interface Hold {
  readonly reason: HoldReason;
  /** A sentence for the operator, without values. */
  readonly detail: string;
  readonly since: number;
}

export const holdReasons = [
  'portal-collision',
  'developer-collision',
  'rename-refused',
  'rename-collision',
  'developer-deleted',
  'destructive-limit',
  'undone',
] as const;
export type HoldReason = (typeof holdReasons)[number];

export interface Failure {
  /** Permanent: not tried again until either side changes. Transient: tried again when due (rule 25). */
  readonly kind: 'permanent' | 'transient';
  /** Names the field and the limit; never a value (rules 18, 27). */
  readonly message: string;
  /** Stands for both sides as they were when the person failed for good; empty for a transient failure. */
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

/**
 * What was done for a person. A person who is changed on both sides counts as `updated-apigee`: people are counted
 * once.
 */
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

/**
 * Whether both are one and the same act. Pushes and pulls have no ids: none of them answers for another. Ids are compared
 * and not kinds, because a link stores only the id, and the sender of a request may choose one like an operator's.
 */
export function isSameAct(a: Actor, b: Actor): boolean {
  return hasId(a) && hasId(b) && actorName(a) === actorName(b);
}

function hasId({ kind }: Actor): boolean {
  return kind === 'run' || kind === 'operator';
}

/** What people read and links store: the id of a run or of an operator's action; of a push or a pull, its kind. */
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

/** The link of a person of whom nothing is known yet. */
export function newLink(key: PersonKey): Link {
  return {
    key,
    presence: 'none',
    userId: undefined,
    rivals: [],
    developer: undefined,
    base: undefined,
    intents: [],
    deactivationIntent: undefined,
    owesDeletion: undefined,
    tombstone: undefined,
    hold: undefined,
    failure: undefined,
    due: undefined,
    lease: undefined,
    history: [],
    last: undefined,
  };
}
