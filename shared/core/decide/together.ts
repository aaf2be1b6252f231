import { decisionOf, failing, isAnotherDeveloper, travelling, withDefaults, type BoundUser } from './parts.ts';
import type { ApigeeStep, Decision, End, Subject } from '../model/decision.ts';
import { canonicalEmail } from '../model/email.ts';
import {
  attributeName,
  changesBetween,
  type Developer,
  developerProfile,
  type FieldChange,
  presentName,
  type Profile,
  sameProfile,
  type Status,
  withChanges,
} from '../model/profile.ts';
import { checkLimits, portalProblem, storageProblem, type LimitCheck } from '../model/limits.ts';
import type { Base, Hold, Link } from '../model/link.ts';
import { firstContact, newerSide, threeWay, type Merge } from './merge.ts';
import type { Policy } from '../model/policy.ts';
import type { Situation } from '../model/situation.ts';
import { developerEditedAt, isOurDeactivation, showsAll } from './ours.ts';
import { statusToPush } from './status.ts';

/** Both a verified portal user and a developer. */
export function decideTogether(subject: Subject, portal: BoundUser, developer: Developer, policy: Policy): Decision {
  const { link } = subject;
  const profile = developerProfile(developer, policy);
  const base = link === undefined ? undefined : baseFor(link, portal, developer, profile, policy);
  const newer = newerSide(portalEditedAt(portal, base), developerEditedAt(link, base, developer, policy));
  const input = { portal: portal.user.profile, developer: profile, newer, policy };
  const merge = fitting(
    base === undefined ? firstContact(input) : threeWay(input, base, link?.intents ?? []),
    portal,
    policy,
  );
  const status = statusToPush(portal.user.profile.status, developer, base, link, policy);
  const rename = judgeRename(subject, portal, developer, policy);
  const situation = situationOf(base, merge, status, rename);

  const problem =
    storageProblem(profile) ??
    storageProblem(withChanges(profile, merge.toApigee)) ??
    storageProblem(withChanges(portal.user.profile, merge.toPortal)) ??
    portalProblem(merge.toPortal);
  if (problem !== undefined) return failing(situation, problem);
  if (merge.removedNames.length > 0) {
    return failing(situation, `${merge.removedNames.join(' and ')} removed on the portal: Apigee requires both names`);
  }
  const newEmail = rename.kind === 'in-place' ? rename.email : undefined;
  const needsPut = merge.toApigee.length > 0 || newEmail !== undefined;
  const check = needsPut
    ? developerAfter(developer, withDefaults(profile, policy), portal, merge.toApigee, newEmail)
    : undefined;
  if (check?.kind === 'broken') return failing(situation, check.problem);

  const apigee: ApigeeStep[] = [];
  if (check?.kind === 'ok') apigee.push({ kind: 'update', email: developer.email, developer: check.developer });
  if (status !== undefined) apigee.push({ kind: 'set-status', email: newEmail ?? developer.email, status });
  const hold = rename.kind === 'held' ? rename.hold : undefined;
  return {
    ...decisionOf(situation, hold?.detail ?? reasonFor(situation, merge, newer)),
    outcome: hold !== undefined ? 'held' : outcomeOf(apigee, merge),
    fields: [
      ...new Set([...merge.toApigee, ...merge.toPortal].map((change) => change.field)),
      ...(status === undefined ? [] : ['status']),
      ...(newEmail === undefined ? [] : ['email']),
    ],
    apigee,
    portal: merge.toPortal.length === 0 ? undefined : { kind: 'update', id: portal.user.id, changes: merge.toPortal },
    lost: merge.lost,
    end: endOf(rename, hold, portal),
    // Rule 16: one wrong condition in PORTAL_SELECT would block everybody.
    destructive: portal.user.selected === false && status === 'inactive',
  };
}

/** What travels to the portal, as the portal reads it once it is written there; what it reads already does not travel. */
function fitting(merge: Merge, { user }: BoundUser, policy: Policy): Merge {
  if (policy.onPortal === undefined || merge.toPortal.length === 0) return merge;
  const after = policy.onPortal(withChanges(user.profile, merge.toPortal), user).profile;
  return { ...merge, toPortal: changesBetween(user.profile, after) };
}

/**
 * Rule 4: when the portal user was edited, ms. A program may edit the profile and forget the mapped `updatedAt`: that is
 * still as the base saw it then, and the document's own update time counts. Where nothing of the profile was edited, no
 * time wins anything (rule 10).
 */
function portalEditedAt({ user }: BoundUser, base: Base | undefined): number {
  return base?.portalUpdatedAt === user.updatedAt ? Math.max(user.updatedAt, user.writtenAt) : user.updatedAt;
}

/**
 * The base to decide with: the link's own, unless the developer shows what an intent says that a push was about to write.
 * Then the push was applied before it crashed, and what was sent is the base. Apigee creates every developer active, so an
 * inactive status on the portal is still to be pushed (rule 24).
 */
function baseFor(
  link: Link,
  portal: BoundUser,
  developer: Developer,
  profile: Profile,
  policy: Policy,
): Base | undefined {
  const stored = isReplaced(link, portal, developer) ? undefined : link.base;
  const known = link.developer;
  if (known?.developerId === developer.developerId) {
    return (
      stored ??
      (developer.lastModifiedAt > known.modifiedAt ? firstBase(link, portal, developer, profile, policy) : undefined)
    );
  }
  const sent = link.intents.findLast((intent) => sameButStatus(travelling(intent, 'to-apigee', policy), profile));
  if (sent !== undefined) return { portal: { ...sent, status: 'active' }, developer: profile, mapping: policy.mapping };
  return stored ?? createdBase(link, portal, profile, policy);
}

/** The base after a create that was never recorded, where somebody has added to the developer since. */
function createdBase(link: Link, portal: BoundUser, developer: Profile, policy: Policy): Base | undefined {
  if (link.userId !== undefined && link.userId !== portal.user.id) return undefined;
  const sent = link.intents.findLast((intent) => showsAll(developer, travelling(intent, 'to-apigee', policy)));
  if (sent === undefined || link.developer !== undefined) return undefined;
  const created = { ...travelling(sent, 'to-apigee', policy), status: 'active' } as const;
  return { portal: { ...sent, status: 'active' }, developer: created, mapping: policy.mapping };
}

/** The base after a first update that was applied and never recorded: our own write is no edit in Apigee (rule 23). */
function firstBase(
  link: Link,
  portal: BoundUser,
  developer: Developer,
  profile: Profile,
  policy: Policy,
): Base | undefined {
  if (link.userId !== undefined && link.userId !== portal.user.id) return undefined;
  if (isOurDeactivation(link, developer)) return undefined;
  const sent = link.intents.findLast((intent) => showsAll(profile, travelling(intent, 'to-apigee', policy)));
  return sent && { portal: sent, developer: profile, mapping: policy.mapping };
}

/** Whether one of the sides is not the one that the base was taken from: nobody removed what a new record never had. */
function isReplaced(link: Link, portal: BoundUser, developer: Developer): boolean {
  if (link.userId !== undefined && link.userId !== portal.user.id) return true;
  return link.developer !== undefined && isAnotherDeveloper(link.developer, developer);
}

function sameButStatus(a: Profile, b: Profile): boolean {
  return sameProfile({ ...a, status: undefined }, { ...b, status: undefined });
}

type Rename =
  | { readonly kind: 'none' }
  /** Edge. `email` undefined: Apigee has the new one already, which X may have, too, where only its form is another. */
  | { readonly kind: 'in-place'; readonly email: string | undefined }
  | { readonly kind: 'held'; readonly hold: Omit<Hold, 'since'> };

/** Rule 17. */
function judgeRename(subject: Subject, portal: BoundUser, developer: Developer, policy: Policy): Rename {
  if (portal.email === subject.key) return { kind: 'none' };
  const done = canonicalEmail(developer.email) === portal.email;
  if (policy.rename === 'refused' && !done) {
    const detail = 'this kind of Apigee organisation cannot change an email; the profile goes on under the old one';
    return { kind: 'held', hold: { reason: 'rename-refused', detail } };
  }
  if (subject.renameTarget !== 'free') {
    const detail =
      'the portal user took an email that belongs to someone else; the profile goes on under the old email';
    return { kind: 'held', hold: { reason: 'rename-collision', detail } };
  }
  return { kind: 'in-place', email: done ? undefined : portal.email };
}

function situationOf(base: Base | undefined, merge: Merge, status: Status | undefined, rename: Rename): Situation {
  if (rename.kind !== 'none') return 'renamed';
  if (base === undefined) return 'first-contact';
  if (merge.conflicts.length > 0) return 'conflict';
  const portalChanged = merge.portalChanged || status !== undefined;
  if (portalChanged && merge.apigeeChanged) return 'both-changed';
  if (portalChanged) return 'portal-changed';
  return merge.apigeeChanged ? 'apigee-changed' : 'in-step';
}

function reasonFor(situation: Situation, merge: Merge, newer: 'portal' | 'apigee'): string {
  const winner = newer === 'portal' ? 'the portal user is newer' : 'the developer is as new or newer';
  switch (situation) {
    case 'renamed':
      return 'the email changed on the portal';
    case 'first-contact':
      return `first time together: ${winner}, its profile is set on the other side`;
    case 'conflict':
      return `both sides changed ${merge.conflicts.join(', ')}: ${winner}`;
    case 'both-changed':
      return 'both sides changed since they were last in step, in different fields';
    case 'portal-changed':
      return 'only the portal user changed since both were last in step';
    case 'apigee-changed':
      return 'only the developer changed since both were last in step';
    default:
      return 'nothing changed on either side';
  }
}

/** Rules 13, 30: everything that is there now, and the change. */
function developerAfter(
  developer: Developer,
  seen: Profile,
  portal: BoundUser,
  changes: readonly FieldChange[],
  newEmail: string | undefined,
): LimitCheck {
  const attributes = new Map(developer.attributes);
  for (const { field, value } of changes) {
    const name = attributeName(field);
    if (name === undefined) continue;
    if (value === undefined) attributes.delete(name);
    else attributes.set(name, value);
  }
  const changed = new Map(changes.map(({ field, value }) => [field, value]));
  const { profile, userName } = portal.user;
  // Where one field of the portal holds both names, it cuts them its own way: both are written, or neither is.
  const names = changed.has('firstName') || changed.has('lastName') ? seen : developer;
  return checkLimits({
    email: newEmail ?? developer.email,
    userName: presentName(developer.userName) ?? userName ?? portal.email,
    firstName: changed.get('firstName') ?? presentName(names.firstName) ?? profile.firstName ?? seen.firstName,
    lastName: changed.get('lastName') ?? presentName(names.lastName) ?? profile.lastName ?? seen.lastName,
    attributes,
    others: developer.others,
  });
}

function outcomeOf(apigee: readonly ApigeeStep[], merge: Merge): Decision['outcome'] {
  if (apigee.length > 0) return 'updated-apigee';
  return merge.toPortal.length > 0 ? 'updated-portal' : 'unchanged';
}

function endOf(rename: Rename, hold: Omit<Hold, 'since'> | undefined, portal: BoundUser): End {
  return rename.kind === 'in-place' ? { kind: 'moved', to: portal.email } : { kind: 'in-step', hold };
}
