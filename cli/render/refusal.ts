import { refusalWords, type RefusalReason } from '../../shared/operator/words/refusals.ts';
import { Refusal, type ExitCode } from '../process/cli-io.ts';

/** A refused action as the command line says it: why, and which command or setting helps. */
export function refusalOf(reason: RefusalReason): Refusal {
  return new Refusal(`${refusalWords(reason)}${help(reason)}`, codeOf(reason));
}

function codeOf({ kind }: RefusalReason): ExitCode {
  return kind === 'run-unknown' || kind === 'undo-nothing' || kind === 'person-unknown' ? 3 : 1;
}

function help({ kind }: RefusalReason): string {
  switch (kind) {
    case 'no-full-run':
      return ': devsync sync --full';
    case 'person-not-held':
      return '. devsync sync EMAIL looks at one person';
    case 'run-unknown':
      return ': devsync runs lists them';
    case 'person-unknown':
      return '. devsync developers list finds people by a part of their name or email';
    case 'run-dry':
      return '. Request a real one with devsync sync --full';
    case 'plan-none':
    case 'plan-expired':
    case 'plan-applied':
    case 'plan-other-settings':
      return ' (devsync plan --full)';
    case 'plan-other-hash':
      return ': devsync plan show PLAN';
    case 'plan-unfinished':
      return ': devsync runs lists it';
    case 'plan-nobody':
      return ': nothing was applied';
    case 'undo-nothing':
      return '. Changes are kept for UNDO_DAYS days; devsync explain EMAIL shows those of one person';
    case 'run-too-old':
    case 'run-other-settings':
      return ': request a new one with devsync sync --full';
    case 'state-of-another':
      return ': set that, or another STATE_PREFIX. docs/runbook.md says how these settings can take the state over';
    case 'subscription-missing':
      return ': check GOOGLE_CLOUD_PROJECT, SYNC_REQUESTS_TOPIC and SYNC_BATCHES_TOPIC';
    case 'stopped':
      return '. Let everything go on with devsync resume';
    case 'run-over':
    case 'run-not-held':
    case 'plan-of-held-run':
    case 'plan-of-undo':
    case 'undo-not-shown':
    case 'undo-unfinished':
    case 'undo-expired':
    case 'undo-made':
    case 'undo-nobody':
    case 'subscription-forbidden':
      return '';
  }
}
