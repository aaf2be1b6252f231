import type { DeveloperSide } from '../model/decision.ts';
import type { PersonKey } from '../model/email.ts';
import { nothingElse } from '../model/profile.ts';
import { isSameAct, type Actor, type Link } from '../model/link.ts';

/** What we know of a person's developer, and how good that knowledge is. */
export interface Evidence {
  readonly from: EvidenceSource;
  readonly side: DeveloperSide;
  /** What it means that the developer was not found (rule 29). */
  readonly absence: Absence;
}

export type Absence =
  /** A whole listing that began after the last that we knew of the person does not show the developer, nor does a read. */
  | 'proven'
  /** A read says so. Replicas lag: that is enough to create the developer again, and for nothing else. */
  | 'unproven'
  /**
   * The developer was looked for under the spellings that we know, and may exist under another one: on Edge, which keeps the
   * case of emails, and where an email has accents.
   */
  | 'one-spelling';

/** What is known of a run's walk over the developer listing, and of one person in it. */
export interface Walked {
  /** When the run began, ms by our own clock. */
  readonly startedAt: number;
  readonly isComplete: boolean;
  /** Whether the walk showed the person's email, in whatever spelling. */
  readonly isShown: boolean;
}

/** What a read that found nobody proves. `walked`: undefined outside a run; `isSpelt`: the email may have several spellings. */
export function absenceOf(
  link: Link | undefined,
  walked: Walked | undefined,
  { isSpelt, isEveryoneLinked }: { readonly isSpelt: boolean; readonly isEveryoneLinked: boolean },
): Absence {
  if (walked === undefined) {
    const mayBeSpelled = isSpelt && (link?.developer !== undefined || !isEveryoneLinked);
    return mayBeSpelled ? 'one-spelling' : 'unproven';
  }
  if (walked.isShown) return isSpelt ? 'one-spelling' : 'unproven';
  // By our own clock: Apigee's may be ahead, and its times may be anything.
  const lastKnown = link?.last?.at ?? 0;
  return walked.isComplete && walked.startedAt > lastKnown ? 'proven' : 'unproven';
}

/** Whether there may be a developer for all that the link says: known, or perhaps created by a call of ours. */
export function mayHaveDeveloper(link: Link | undefined): boolean {
  return knowsDeveloper(link) || link?.developer !== undefined || (link?.intents.length ?? 0) > 0;
}

export type EvidenceSource =
  /** As the link remembers the developer. */
  | 'memory'
  /** As a listing showed the developer, or a read made before the person's lease was taken. */
  | 'listing'
  /** A listing that contradicts what the link says or that somebody has written after: it tells nothing. */
  | 'doubtful-listing'
  /** Read from Apigee under the person's lease. */
  | 'fresh';

/** A portal document without an email has no developer, so nothing has to be listed or read for it. */
export const noDeveloper: Evidence = { from: 'fresh', side: { kind: 'absent' }, absence: 'proven' };

/**
 * The developer's side as a listing, or an earlier read, showed it; undefined where nothing was listed for this person.
 */
export type Listed = DeveloperSide | undefined;

/**
 * How good a listing is beside the link of the same person.
 *
 * | listing                                                               | evidence                                    |
 * | --------------------------------------------------------------------- | ------------------------------------------- |
 * | none: an event made us look                                           | memory                                      |
 * | made before another writer, for whom we have waited                   | doubtful listing                            |
 * | may miss a call of ours that is not confirmed, or is older than the link | memory if it agrees with the link that there is a developer, else doubtful listing |
 * | any other                                                             | listing                                     |
 *
 * Two developers under one email are believed at any time but after another writer: only a listing can show both.
 */
export function weigh(
  listed: Listed,
  { key, link }: { readonly key: PersonKey; readonly link: Link | undefined },
  { by, isFirstLook }: { readonly by: Actor; readonly isFirstLook: boolean },
): Evidence {
  if (key.startsWith('#')) return noDeveloper;
  const memory = { from: 'memory', side: rememberedSide(link), absence: 'unproven' } as const;
  if (listed === undefined) return memory;
  const doubtful = { from: 'doubtful-listing', side: listed, absence: 'unproven' } as const;
  if (!isFirstLook) return doubtful;
  const mayBePassed = (listed.kind !== 'collision' && hasUnconfirmedIntent(link)) || isOlder(listed, link, by);
  if (!mayBePassed) return { from: 'listing', side: listed, absence: 'unproven' };
  return agrees(listed, link) ? memory : doubtful;
}

/**
 * Whether a call to Apigee may have been applied without our having heard of it. A person who was refused for good keeps
 * the intent, but costs no further look until something changes (rule 25).
 */
export function hasUnconfirmedIntent(link: Link | undefined): boolean {
  const hasIntent = link !== undefined && (link.intents.length > 0 || hasOtherIntent(link));
  return hasIntent && link.failure?.kind !== 'permanent';
}

/** Whether a call may have been applied that is no push of the portal's profile. */
export function hasOtherIntent({ deactivationIntent, undoIntent }: Link): boolean {
  return deactivationIntent !== undefined || undoIntent !== undefined;
}

/** Whether the link says that there is a developer. */
export function knowsDeveloper(link: Link | undefined): boolean {
  return link?.presence === 'both' || link?.presence === 'apigee';
}

/** Whether the link has seen a later state of the developer than the listing shows. */
function isOlder(listed: DeveloperSide, link: Link | undefined, by: Actor): boolean {
  if (link?.developer === undefined) return false;
  switch (listed.kind) {
    case 'absent':
      // Created by this very run, perhaps by another delivery of the same batch.
      return knowsDeveloper(link) && link.last?.outcome === 'created-apigee' && isSameAct(link.last.by, by);
    case 'developer':
      return listed.developer.lastModifiedAt < link.developer.modifiedAt;
    case 'collision':
      return false;
  }
}

/** Whether a listing that may be out of date agrees with the link on there being a developer. */
function agrees(listed: DeveloperSide, link: Link | undefined): boolean {
  return listed.kind === 'absent' ? !(knowsDeveloper(link) && hasUnconfirmedIntent(link)) : knowsDeveloper(link);
}

/** The developer as the link remembers them: good enough to see that nothing has to be done, never to write with. */
function rememberedSide(link: Link | undefined): DeveloperSide {
  if (link?.developer === undefined || !knowsDeveloper(link)) return { kind: 'absent' };
  const profile = link.base?.developer;
  return {
    kind: 'developer',
    developer: {
      email: link.developer.email,
      developerId: link.developer.developerId,
      userName: undefined,
      firstName: profile?.firstName,
      lastName: profile?.lastName,
      status: profile?.status ?? (link.tombstone?.deactivated === true ? 'inactive' : 'active'),
      attributes: profile?.attributes ?? new Map(),
      createdAt: 0,
      lastModifiedAt: 0,
      others: nothingElse,
    },
  };
}
