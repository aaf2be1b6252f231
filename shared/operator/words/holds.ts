import type { HoldReason } from '../../core/model/link.ts';
import type { ApprovedRun, ReleasedPerson } from '../actions/holds.ts';
import { safeText } from './safe-text.ts';
import type { PlannedRow } from '../views/holds.ts';
import { ago, counted } from './quantities.ts';

interface Words {
  readonly reason: string;
  /** What an operator does about it. */
  readonly advice: string;
}

const words: Readonly<Record<HoldReason, Words>> = {
  'portal-collision': {
    reason: 'several portal users, one email',
    advice: 'change the email of all but one, or delete them; the next run goes on by itself',
  },
  'developer-collision': {
    reason: 'several developers, one email',
    advice: 'change the email of all but one in Apigee, or delete them, then release',
  },
  'rename-refused': {
    reason: 'email changed, Apigee cannot',
    advice: 'change the email back on the portal, or make a new developer, move the apps there and delete the old one',
  },
  'rename-collision': {
    reason: 'the new email is taken',
    advice: 'change the email on the portal again, or free the one it took, then release',
  },
  'developer-deleted': {
    reason: 'developer deleted in Apigee',
    advice: 'release to have the developer created again, or delete the portal user',
  },
  'destructive-limit': {
    reason: 'deletions over the hourly limit',
    advice: 'find out who deletes; release to pass this one on, or leave all to the count of the next full run',
  },
  undone: {
    reason: 'the creation was undone',
    advice: 'release to have the record created again, or delete the one that is left',
  },
};

export function holdWords(reason: HoldReason): Words {
  return words[reason];
}

/** The command that releases everyone who is held for one reason. */
export function releaseGroupCommand(reason: HoldReason): string {
  return `devsync holds release --reason-is ${reason} --all`;
}

/** How many people a held run waits for, by what approving it would do to them; one line each. */
export function plannedWords(planned: readonly PlannedRow[]): readonly string[] {
  const lines = {
    delete: 'would be deleted, a developer with all apps and keys',
    deactivate: 'would be deactivated',
    create: 'would be created beyond CREATION_LIMIT',
    write: 'would be written: devsync plan show tells how',
  } as const;
  return (['delete', 'deactivate', 'create', 'write'] as const).flatMap((act) => {
    const people = planned.filter((row) => row.act === act).length;
    return people === 0 ? [] : [`${counted(people, 'person', 'people')} ${lines[act]}`];
  });
}

/** What is to be known about a run that was approved, one sentence each. */
export function approvedWords(
  { run, beganAt, again, behind, supersededBy }: ApprovedRun,
  now: number,
): readonly string[] {
  const name = `The run ${safeText(run.runId)}`;
  const planned = String(run.gate?.planned ?? 0);
  const began = ago(beganAt, now);
  return [
    again
      ? `${name} was approved before.`
      : `${name} is approved: it began ${began}; each of the ${planned} people it planned for is looked at anew.`,
    ...(supersededBy === undefined
      ? []
      : [`Since then the full run ${safeText(supersededBy)} has looked at everyone.`]),
    ...(behind === undefined ? [] : [`It goes on when the run ${safeText(behind)} is over.`]),
  ];
}

/** What held a released person until now. */
export function heldByWords({ was }: Extract<ReleasedPerson, { readonly kind: 'looked-at' }>): string {
  switch (was) {
    case 'buried':
      return 'one side was deleted; the other counts as new from now on';
    case 'failure':
      return 'it failed for good; tried once more';
    default:
      return holdWords(was).reason;
  }
}
