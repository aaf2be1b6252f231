import type { Role } from '../roles.ts';

/** Newest first: what operators did, and every run. */
export interface ActivityAnswer {
  readonly entries: readonly ActivityEntry[];
  readonly next: string | null;
}

export interface ActivityEntry {
  readonly id: string;
  readonly at: number;
  readonly kind: 'operator' | 'run';
  /** An operator's email, or who asked for the run. */
  readonly by: string | null;
  readonly role: Role | null;
  readonly words: string;
  readonly reason: string | null;
  /** `intended`: begun, and nothing is known of its end. */
  readonly state: 'intended' | 'done' | 'held' | 'failed' | 'refused';
  readonly outcome: string | null;
  readonly person: { readonly id: string; readonly key: string } | null;
  readonly runId: string | null;
  /** By this it is undone, where it may have changed people; null: it cannot have. */
  readonly act: string | null;
  readonly fields: readonly string[];
}
