import { settingOf } from '../../config/owner-of.ts';
import type { PersonKey } from '../../core/model/email.ts';
import type { StateOwner, Stopped } from '../../state/control.ts';
import type { RunState } from '../../state/runs.ts';
import { stopWords } from './runs.ts';
import { personWords } from './results.ts';

/** An action that did nothing, because of something that the operator can put right. */
export interface Refused {
  readonly kind: 'refused';
  readonly reason: RefusalReason;
}

export type RefusalReason =
  /** Before a full run nobody knows how emails are spelt on the portal: the person might get a second portal user. */
  | { readonly kind: 'no-full-run' }
  | { readonly kind: 'person-not-held'; readonly key: PersonKey }
  /** On neither side, and never was. */
  | { readonly kind: 'person-unknown'; readonly key: PersonKey }
  | { readonly kind: 'run-unknown'; readonly runId: string }
  /** A dry run writes nothing, so there is nothing to approve. */
  | { readonly kind: 'run-dry'; readonly runId: string }
  | { readonly kind: 'run-not-held'; readonly runId: string; readonly state: RunState }
  | { readonly kind: 'run-too-old'; readonly runId: string }
  | { readonly kind: 'run-other-settings'; readonly runId: string }
  /** The id is that of a run, and not of a dry run. */
  | { readonly kind: 'plan-none'; readonly planId: string }
  /** It is the plan of a run that waits: approving the run does what it says. */
  | { readonly kind: 'plan-of-held-run'; readonly planId: string }
  /** It is what an undo would put back: the undo does what it says. */
  | { readonly kind: 'plan-of-undo'; readonly planId: string }
  /** The dry run is not over, or failed: its plan is not whole. */
  | { readonly kind: 'plan-unfinished'; readonly planId: string; readonly state: RunState }
  | { readonly kind: 'plan-expired'; readonly planId: string }
  | { readonly kind: 'plan-applied'; readonly planId: string; readonly runId: string }
  | { readonly kind: 'plan-other-settings'; readonly planId: string }
  | { readonly kind: 'plan-other-hash'; readonly planId: string; readonly hash: string }
  | { readonly kind: 'plan-nobody'; readonly planId: string }
  /** The act changed nobody, or changes are not kept so long. */
  | { readonly kind: 'undo-nothing'; readonly act: string }
  /** The run does not show what an undo would put back. */
  | { readonly kind: 'undo-not-shown'; readonly runId: string }
  | { readonly kind: 'undo-unfinished'; readonly runId: string; readonly state: RunState }
  | { readonly kind: 'undo-expired'; readonly runId: string }
  | { readonly kind: 'undo-made'; readonly runId: string; readonly by: string }
  /** Everything is kept as it is. */
  | { readonly kind: 'undo-nobody'; readonly runId: string }
  | { readonly kind: 'run-over'; readonly runId: string; readonly state: RunState }
  /** Rule 33. */
  | { readonly kind: 'stopped'; readonly stopped: Stopped }
  /** Rule 38. `statePrefix` as set; `owner`: whom the state is about. */
  | {
      readonly kind: 'state-of-another';
      readonly statePrefix: string;
      readonly owner: StateOwner;
      readonly differs: readonly (keyof StateOwner)[];
    }
  | { readonly kind: 'subscription-missing'; readonly subscription: string; readonly project: string }
  | { readonly kind: 'subscription-forbidden'; readonly subscription: string; readonly project: string };

/** Why nothing was done: a sentence without its full stop, so that a face can go on with what helps there. */
export function refusalWords(reason: RefusalReason): string {
  switch (reason.kind) {
    case 'no-full-run':
      return 'No full run was made with these settings, so nobody knows who is on the portal';
    case 'person-not-held':
      return `${personWords(reason.key)} is not held: nothing was released`;
    case 'person-unknown':
      return `Nobody knows ${personWords(reason.key)}: there is no portal user, no developer and no link`;
    case 'run-unknown':
      return `There is no run ${reason.runId}`;
    case 'run-dry':
      return `The run ${reason.runId} is a dry run: there is nothing to approve`;
    case 'run-not-held':
      return `The run ${reason.runId} is not held, it is ${reason.state}: nothing was approved`;
    case 'run-too-old':
      return `The run ${reason.runId} began more than 7 days ago, too much may have changed`;
    case 'run-other-settings':
      return `The run ${reason.runId} was made with other settings: make a new one with those of today`;
    case 'plan-of-held-run':
      return `${reason.planId} is a run that waits for approval: do what it plans with devsync holds approve ${reason.planId}`;
    case 'plan-of-undo':
      return `${reason.planId} shows what an undo would put back: it is done by that undo, and cannot be applied`;
    case 'plan-none':
      return `${reason.planId} is no plan: plans are made with devsync plan, and with devsync sync --dry-run`;
    case 'plan-unfinished':
      return `The plan ${reason.planId} is not whole: its dry run is ${reason.state}`;
    case 'plan-expired':
      return `The plan ${reason.planId} was made more than 7 days ago: make a new one`;
    case 'plan-applied':
      return `The plan ${reason.planId} was applied before, by the run ${reason.runId}: make a new one for what is left`;
    case 'plan-other-settings':
      return `The plan ${reason.planId} was made with other settings: make a new one with those of today`;
    case 'plan-other-hash':
      return `The plan ${reason.planId} has the hash ${reason.hash}, which is another one: read the plan that you mean`;
    case 'plan-nobody':
      return `Of the plan ${reason.planId} there is nobody to write`;
    case 'undo-nothing':
      return `Nothing is kept that ${reason.act} changed: there is nothing to undo`;
    case 'undo-not-shown':
      return `${reason.runId} does not show what an undo would put back: look at the undo first`;
    case 'undo-unfinished':
      return `What the undo would put back is not whole: the dry run ${reason.runId} is ${reason.state}`;
    case 'undo-expired':
      return `What ${reason.runId} shows was found more than 7 days ago: look at the undo again`;
    case 'undo-made':
      return `What ${reason.runId} shows was undone before, by the run ${reason.by}: look again for what is left`;
    case 'undo-nobody':
      return `Nothing of what ${reason.runId} shows can be put back: it tells why for each person`;
    case 'run-over':
      return `The run ${reason.runId} is over, it is ${reason.state}: nothing was cancelled`;
    case 'stopped':
      return stopWords(reason.stopped);
    case 'state-of-another': {
      const made = reason.differs.map((part) => `${settingOf[part]}=${reason.owner[part]}`).join(' ');
      return `The state of STATE_PREFIX=${reason.statePrefix} was made with ${made}, so that nothing was done`;
    }
    case 'subscription-missing':
      return `There is no subscription ${reason.subscription} in ${reason.project}`;
    case 'subscription-forbidden':
      return `Your account may not read ${reason.subscription}: it needs roles/pubsub.subscriber in ${reason.project}`;
  }
}
