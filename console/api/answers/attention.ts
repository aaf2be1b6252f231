import type { BulkAction } from '../requests.ts';

/** Held and failed people by reason, the largest group first. */
export interface AttentionAnswer {
  readonly groups: readonly AttentionGroup[];
  readonly people: number;
  readonly exact: boolean;
}

export interface AttentionGroup {
  /** For the address. */
  readonly group: string;
  readonly kind: 'held' | 'failed';
  readonly reason: string;
  /** What an operator does about it; null where only the reason tells. */
  readonly advice: string | null;
  readonly people: number;
  /** Of the longest waiting. */
  readonly since: number;
  /** When the first of them is tried again by itself; null: not before something changes. */
  readonly nextTry: number | null;
  readonly nextTryWords: string;
  readonly mayRelease: boolean;
}

export interface AttentionGroupAnswer {
  readonly group: AttentionGroup;
  /** The longest waiting first, at most 200 of them. */
  readonly people: readonly AttentionPerson[];
}

export interface AttentionPerson {
  readonly id: string;
  readonly key: string;
  readonly since: number;
  readonly attempts: number | null;
  readonly nextTry: number | null;
  readonly nextTryWords: string;
}

/** A line of an action on many people. The last one is `over`. */
export type BulkLine =
  | {
      readonly kind: 'begun';
      readonly actionId: string;
      readonly action: BulkAction | 'retry' | 'release';
      readonly people: number;
    }
  | {
      readonly kind: 'person';
      readonly id: string;
      readonly key: string;
      readonly done: number;
      readonly result: 'done' | 'nothing' | 'held' | 'failed';
      readonly words: string;
    }
  | {
      readonly kind: 'over';
      readonly done: number;
      readonly changed: number;
      readonly held: number;
      readonly failed: number;
      /** People nobody has looked at: the time was up, or Apigee refuses every call. */
      readonly left: number;
      readonly words: string;
    };
