import type { DeveloperSide, PortalSide } from '../../core/model/decision.ts';
import { actorName, type Link } from '../../core/model/link.ts';
import type { ShownChange } from '../views/person-changes.ts';
import type { Trouble } from '../views/status.ts';
import { safeText, shortText } from './safe-text.ts';
import { ago, counted, duration, timeWords } from './quantities.ts';
import { doneWords } from './results.ts';

/** The portal's side of a person, on one line. */
export function portalWords(portal: PortalSide): string {
  switch (portal.kind) {
    case 'absent':
      return 'no portal user';
    case 'user': {
      const { id, email, emailVerified, updatedAt, writtenAt } = portal.user;
      // Where the profile was edited and `updatedAt` forgotten, the time of writing counts (rule 4).
      const written = writtenAt > updatedAt ? `, written ${timeWords(writtenAt)}` : '';
      const selected = portal.user.selected === false ? ', not selected' : '';
      const verified = `${emailVerified ? '' : ', email not verified'}${selected}`;
      return `user ${shortText(id, 80)}, ${shortText(email, 254)}${verified}, updated ${timeWords(updatedAt)}${written}`;
    }
    case 'malformed':
      return `document ${shortText(portal.id, 80)} cannot be used: ${safeText(portal.problems.join('; '))}`;
    case 'collision':
      return `several users have this email${portal.bound === undefined ? '' : `, ${shortText(portal.bound, 80)} was first`}`;
  }
}

/** Apigee's side of a person, on one line. */
export function developerWords(side: DeveloperSide): string {
  switch (side.kind) {
    case 'absent':
      return 'no developer';
    case 'developer':
    case 'collision': {
      const { developerId, email, lastModifiedAt } = side.kind === 'developer' ? side.developer : side.bound;
      const several = side.kind === 'collision' ? 'several developers, one of them ' : 'developer ';
      return `${several}${shortText(developerId, 80)}, ${shortText(email, 254)}, modified ${timeWords(lastModifiedAt)}`;
    }
  }
}

const presenceNames: Readonly<Record<Link['presence'], string>> = {
  both: 'known on both sides',
  portal: 'known on the portal only',
  apigee: 'known in Apigee only',
  none: 'known on neither side',
};

/** On which sides the link knows the person, and whether they have ever been the same. */
export function presenceWords({ presence, base }: Link): string {
  return `${presenceNames[presence]}${base === undefined ? ', never in step' : ''}`;
}

export interface LinkFact {
  /** One word, such as `held`. */
  readonly name: string;
  readonly words: string;
}

/** What else the link says, in the order in which to read it. */
export function linkFacts(link: Link, now: number): readonly LinkFact[] {
  const { hold, failure, due, lease, tombstone, last, undone = [] } = link;
  const facts: LinkFact[] = [];
  const add = (name: string, words: string): number => facts.push({ name, words });
  if (hold !== undefined) add('held', `since ${timeWords(hold.since)}: ${safeText(hold.detail)}`);
  if (failure !== undefined) {
    const { message, attempts, since, kind } = failure;
    const tries = `${counted(attempts, 'try', 'tries')} since ${timeWords(since)}`;
    const ends = kind === 'permanent' ? 'for good, until a side changes' : 'passes by itself';
    add('failed', `${safeText(message)} (${tries}; ${ends})`);
  }
  if (due !== undefined) add('due', dueWords(due, now));
  if (lease !== undefined && lease.expiresAt > now)
    add('busy', `somebody is writing this person, until ${timeWords(lease.expiresAt)}`);
  if (tombstone !== undefined)
    add('deleted', `${tombstone.side === 'both' ? 'on both sides' : tombstone.side}, ${timeWords(tombstone.at)}`);
  if (undone.length > 0) add('apart', `kept apart by an undo: ${safeText(undone.join(', '))}`);
  if (last !== undefined) {
    const { outcome, at, by, reason } = last;
    add('last', `${doneWords(outcome, false)} ${ago(at, now)} by ${safeText(actorName(by))}: ${safeText(reason)}`);
  }
  return facts;
}

/** Who made a change. */
export function changedByWords({ by, operator }: Pick<ShownChange, 'by' | 'operator'>): string {
  switch (by.kind) {
    case 'run':
      return `the run ${safeText(by.runId)}`;
    case 'push':
      return 'a push of an edit on the portal';
    case 'pull':
      return 'a pull of an edit in Apigee';
    case 'operator':
      return operator === undefined ? safeText(by.actionId) : `${safeText(operator)} (${safeText(by.actionId)})`;
  }
}

/** When a held or failed person is tried again. */
export function nextTryWords({ kind, due }: Trouble, now: number): string {
  if (due !== undefined) return dueWords(due, now);
  return kind === 'held' ? 'once it is resolved' : 'once either side changes';
}

function dueWords(due: number, now: number): string {
  return due <= now ? 'in the next run' : `in ${duration(due - now)}`;
}
