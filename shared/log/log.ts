import type { PersonKey } from '../core/model/email.ts';

/**
 * One line of the structured log. It has these members and no others, so that there is no place for an email, a name or a
 * value (rule 27). `person` is written as a keyed hash.
 */
export interface LogEntry {
  /** What happened, by a name that stays: metrics and alerts count by it. */
  readonly event: LogEvent;
  readonly severity: 'DEBUG' | 'INFO' | 'NOTICE' | 'WARNING' | 'ERROR' | 'CRITICAL';
  /** A sentence for people, without personal data. */
  readonly message: string;
  readonly person?: PersonKey;
  readonly runId?: string;
  readonly phase?: string;
  readonly seq?: number;
  readonly mode?: string;
  readonly dryRun?: boolean;
  readonly situation?: string;
  readonly outcome?: string;
  /** Names of fields. */
  readonly fields?: readonly string[];
  readonly counts?: unknown;
  readonly calls?: unknown;
  readonly durationMs?: number;
  /** From the edit on the portal to its end in Apigee, waiting and earlier tries included. */
  readonly sinceEditMs?: number;
  /** From an edit in Apigee, as its audit log dates it, until it was handled. */
  readonly delayMs?: number;
  /** How often a commit found another writer in its way and was made again. */
  readonly conflicts?: number;
  /** Trace header of the request that is being answered, `traceparent` or `x-cloud-trace-context`. */
  readonly trace?: string;
  /** Set for bugs only: makes the entry an error report. */
  readonly stack?: string;
}

export const logEvents = [
  'person_changed',
  'person_told',
  'person_failed',
  'person_held',
  'value_lost',
  'edit_missed',
  'echo_skipped',
  'push_completed',
  'push_postponed',
  'pull_completed',
  'pull_skipped',
  'pull_postponed',
  'pull_handed_over',
  'pull_unreadable',
  'pull_unavailable',
  'run_requested',
  'run_skipped',
  'run_started',
  'run_phase',
  'run_resumed',
  'listing_walked_anew',
  'run_completed',
  'run_held',
  'run_rejected',
  'run_failed',
  'batch_completed',
  'message_rejected',
  'settings_refused',
  'writes_stopped',
  'writes_resumed',
  'apigee_denied',
  'apigee_unavailable',
  'apigee_answers',
  'console_denied',
  'unexpected_error',
] as const;
export type LogEvent = (typeof logEvents)[number];

export type Log = (entry: LogEntry) => void;
