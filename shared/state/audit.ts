import type { PersonKey } from '../core/model/email.ts';

/**
 * What operators did (rule 39). A record is made before the effect and completed after it, so that a crash leaves a trace.
 * Implemented on Firestore and in memory; one contract. Failures of the store are thrown: nothing is done without a record.
 */
export interface Audit {
  /** Throws where there is a record of this id already. */
  begin(record: AuditRecord): Promise<void>;
  /** Notes how the action ended. Throws where there is no such record. */
  complete(actionId: string, end: AuditEnd): Promise<void>;
  /** Only those that exist. */
  get(actionIds: readonly string[]): Promise<ReadonlyMap<string, AuditRecord>>;
  /** Newest first; `before`: only what began earlier, ms. */
  recent(page: { readonly before: number | undefined; readonly limit: number }): Promise<readonly AuditRecord[]>;
  /** What concerned this one person, newest first, at most 200. */
  ofPerson(key: PersonKey): Promise<readonly AuditRecord[]>;
  /**
   * Leaves nothing of the person in the records about them (rule 37): `hash` stands for the person, and texts that
   * `isMentioned` are left out. Answers how many records were changed.
   */
  forget(key: PersonKey, hash: string, isMentioned: (text: string) => boolean): Promise<number>;
}

export const auditActions = [
  'request-run',
  'approve-run',
  'reject-run',
  'apply-plan',
  'undo',
  'pause-schedule',
  'resume-schedule',
  'run-schedule',
  'sync-person',
  'release-person',
  'retry-group',
  'release-group',
  'create-developer',
  'edit-developer',
  'activate-developer',
  'deactivate-developer',
  'delete-developer',
  'activate-developers',
  'deactivate-developers',
  'delete-developers',
  'sync-people',
  'export-developers',
  'export-run',
  'stop',
  'resume',
  'cancel-run',
  'look-at-dead-letters',
  'replay-dead-letters',
  'forget-person',
] as const;
export type AuditAction = (typeof auditActions)[number];

export interface AuditRecord {
  readonly actionId: string;
  /** When it began, ms since the epoch. */
  readonly at: number;
  readonly operator: AuditedOperator;
  readonly action: AuditAction;
  readonly reason: string | undefined;
  readonly person: PersonKey | undefined;
  /** A keyed hash in place of a person who was forgotten (rule 37). */
  readonly personHash?: string | undefined;
  readonly runId: string | undefined;
  /** Names of the fields, never values. */
  readonly fields: readonly string[];
  /** How many people it is about, where it is about many. */
  readonly people: number | undefined;
  /** Undefined: begun, and nothing is known of its end. */
  readonly end: AuditEnd | undefined;
}

export interface AuditedOperator {
  /** Never changes, also where the email does. */
  readonly id: string;
  /** How people know the operator: an email, or the name of an account. */
  readonly name: string;
  readonly role: 'viewer' | 'operator' | 'admin';
}

export interface AuditEnd {
  /** `nothing`: nothing had to be done. `refused`: nothing was done, because of something to put right first. */
  readonly state: 'done' | 'nothing' | 'held' | 'failed' | 'refused';
  /** A sentence without values. */
  readonly words: string;
  readonly at: number;
}
