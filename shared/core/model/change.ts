import type { PersonKey } from './email.ts';
import type { HeldAs } from './held.ts';
import type { Actor } from './link.ts';
import type { WrittenField } from './profile.ts';
import type { ReportedSituation } from './situation.ts';

/**
 * What one act changed for one person, with the values before and after (rule 34). Kept for UNDO_DAYS, so that people can
 * see it and undo it. In a dry run: what a run would change (rule 36).
 */
export interface Change extends Written {
  /** Unique among the changes of the person; newer ones sort first. */
  readonly id: string;
  readonly key: PersonKey;
  readonly by: Actor;
  /** Ms since the epoch, by our own clock. */
  readonly at: number;
  readonly situation: ReportedSituation;
  /** A sentence for people, without values. */
  readonly reason: string;
  /** The portal user that was written, or who belonged to the developer that was. */
  readonly userId: string | undefined;
  /** The developer who was written, or who belonged to the portal user that was. */
  readonly developerId: string | undefined;
  /** Stands for the mapping with which both sides were read. */
  readonly mapping: string;
  /** Whether a deletion on one side made us deactivate or delete on the other (rule 16). */
  readonly destructive: boolean;
}

/** What is written to both sides. */
export interface Written {
  readonly acts: Acts;
  readonly fields: readonly FieldWrite[];
}

/** What becomes of each side as a whole; undefined: nothing is written there. */
export interface Acts {
  readonly portal: Act | undefined;
  readonly apigee: Act | undefined;
}

export const actKinds = ['created', 'updated', 'deleted'] as const;
export type Act = (typeof actKinds)[number];

export const sides = ['portal', 'apigee'] as const;
export type Side = (typeof sides)[number];

/** One field of one side. Reserved and unselected attributes are never among them (rule 13). */
export interface FieldWrite {
  readonly side: Side;
  readonly field: WrittenField;
  /** Undefined: there was none. */
  readonly before: string | undefined;
  /** Undefined: it is removed. */
  readonly after: string | undefined;
  /** How the portal document held the value before, where that was no plain text. */
  readonly held?: HeldAs | undefined;
}

/** Whether a change deletes on a side, or makes a developer inactive: what asks before it is made (rule 39). */
export function destroys({ acts, fields }: Written): boolean {
  if (acts.portal === 'deleted' || acts.apigee === 'deleted') return true;
  return fields.some(({ side, field, after }) => side === 'apigee' && field === 'status' && after === 'inactive');
}
