import type { PlanKind } from '../plans.ts';
import type { RunPerson } from './runs.ts';
import type { WriteAnswer } from './person.ts';

/** What a dry run would do, or a run that waits for approval: exactly that is done where it is applied or approved. */
export interface PlanAnswer {
  readonly runId: string;
  /** Stands for every planned write: whoever names it has read this plan and no other. */
  readonly hash: string;
  readonly expiresAt: number;
  /** How many people would be written. */
  readonly people: number;
  /** Of these, by what is gravest for each. */
  readonly kinds: Readonly<Record<PlanKind, number>>;
  /** Everyone of the run but those who were simply unchanged, the largest group first. */
  readonly groups: readonly PlanGroup[];
  /** Why it cannot be applied; null: it can. */
  readonly refusal: string | null;
}

/** People for whom the same was found and is planned. */
export interface PlanGroup {
  readonly situation: string;
  readonly situationWords: string;
  readonly outcome: string;
  readonly outcomeWords: string;
  readonly people: number;
  /** Of their emails, the most frequent first. */
  readonly domains: readonly { readonly domain: string; readonly people: number }[];
  readonly moreDomains: boolean;
}

/** People whom a run wrote, or whom a plan would write, each once, in an order that never changes. */
export interface ChangedAnswer {
  readonly people: readonly ChangedPerson[];
  /** For `after`: there may be more, also behind a page of nobody, because one request looks at a part of a large plan. */
  readonly next: string | null;
}

export interface ChangedPerson extends Omit<RunPerson, 'fields'> {
  readonly kind: PlanKind;
  readonly writes: readonly WriteAnswer[];
}

/** A run that was begun at once. */
export interface BegunRun {
  readonly runId: string;
}

/** What stops working once these people are made inactive or deleted, as far as Apigee tells. */
export interface WhatStopsAnswer {
  readonly people: number;
  readonly apps: number;
  readonly keys: number;
  /** Of the keys: those that Apigee takes now. */
  readonly working: number;
  /** People whose apps Apigee does not tell. */
  readonly unread: number;
}

/** What was removed, by what it was removed from, and what is still kept. */
export interface ForgottenAnswer {
  readonly words: readonly string[];
}
