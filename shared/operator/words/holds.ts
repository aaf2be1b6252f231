import type { HoldReason } from '../../core/model/link.ts';

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
};

export function holdWords(reason: HoldReason): Words {
  return words[reason];
}
