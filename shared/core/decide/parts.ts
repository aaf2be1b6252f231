import type { ApigeeStep, Decision, PortalSide } from '../model/decision.ts';
import type { DeveloperRef } from '../model/link.ts';
import { checkLimits, portalProblem, storageProblem } from '../model/limits.ts';
import type { Policy } from '../model/policy.ts';
import {
  changesBetween,
  type Developer,
  developerProfile,
  nothingElse,
  presentName,
  type Profile,
  type Status,
  valueOf,
  withChanges,
} from '../model/profile.ts';
import type { Situation } from '../model/situation.ts';
import { isLeftAlone } from './left-alone.ts';

export type BoundUser = Extract<PortalSide, { kind: 'user' }>;

/** A decision that does nothing: every other decision is made from one, by adding what it does. */
export function decisionOf(situation: Situation, reason: string): Decision {
  return {
    situation,
    outcome: 'unchanged',
    reason,
    fields: [],
    apigee: [],
    portal: undefined,
    lost: [],
    destructive: false,
    end: { kind: 'as-is' },
  };
}

/** Rule 18: the person fails, and nothing is written to either side. */
export function failing(situation: Situation, message: string): Decision {
  return { ...decisionOf(situation, message), outcome: 'failed', end: { kind: 'failed', message } };
}

/**
 * Creates a developer for the portal user. An inactive one needs a second call, because Apigee creates active ones
 * (rule 9).
 */
export function createDeveloper(situation: Situation, reason: string, portal: BoundUser, policy: Policy): Decision {
  const { userName } = portal.user;
  const profile = withDefaults(portal.user.profile, policy);
  const check = checkLimits({
    email: portal.email,
    userName: userName ?? portal.email,
    firstName: profile.firstName,
    lastName: profile.lastName,
    attributes: travelling(profile, 'to-apigee', policy).attributes,
    others: nothingElse,
  });
  if (check.kind === 'broken') return failing(situation, check.problem);
  const create: ApigeeStep = { kind: 'create', developer: check.developer };
  const steps: readonly ApigeeStep[] =
    profile.status === 'inactive'
      ? [create, { kind: 'set-status', email: portal.email, status: 'inactive' }]
      : [create];
  return {
    ...decisionOf(situation, reason),
    outcome: 'created-apigee',
    apigee: steps,
    end: { kind: 'in-step', hold: undefined },
  };
}

/** Creates a portal user for the developer. User name, email and status are set now and never copied again (rule 5). */
export function createPortalUser(
  situation: Situation,
  reason: string,
  email: string,
  developer: Developer,
  policy: Policy,
): Decision {
  const profile = developerProfile(developer, policy);
  const attributes = new Map([...(policy.newPortalUser ?? []), ...travelling(profile, 'to-portal', policy).attributes]);
  if (policy.idIsEmail === true && /^__.*__$|\//u.test(email))
    return failing(situation, 'email: has a slash, or two underscores on both ends, which no document id may have');
  const problem = storageProblem(profile) ?? portalProblem(changesBetween(noProfile, { ...noProfile, attributes }));
  if (problem !== undefined) return failing(situation, problem);
  return {
    ...decisionOf(situation, reason),
    outcome: 'created-portal',
    portal: {
      kind: 'create',
      user: {
        email,
        userName: presentName(developer.userName)?.toWellFormed() ?? email,
        firstName: profile.firstName,
        lastName: profile.lastName,
        status: policy.hasStatus === false ? undefined : portalStatus(developer.status),
        attributes,
      },
    },
    end: { kind: 'in-step', hold: undefined },
  };
}

/** Rule 18: a field that the portal user lacks gets its default. One that cannot be read is not lacking. */
export function withDefaults(profile: Profile, policy: Policy): Profile {
  const missing = [...(policy.newDeveloper ?? [])].filter(
    ([field]) => valueOf(profile, field) === undefined && !isLeftAlone(field, policy),
  );
  return withChanges(
    profile,
    missing.map(([field, value]) => ({ field, value })),
  );
}

/**
 * Whether the developer is another one than the link knows: the id differs, and the developer was created after the known
 * one was last seen. The id alone says little, because Apigee does not promise that ids stay.
 */
export function isAnotherDeveloper(known: DeveloperRef, developer: Developer): boolean {
  return known.developerId !== developer.developerId && developer.createdAt > known.modifiedAt;
}

const noProfile: Profile = { firstName: undefined, lastName: undefined, status: undefined, attributes: new Map() };

/** The status of a developer in the portal's words. Edge has further ones; keys work only for `active`. */
export function portalStatus(status: string): Status {
  return status === 'active' ? 'active' : 'inactive';
}

/** The part of a profile that travels in this direction. */
export function travelling(profile: Profile, direction: 'to-apigee' | 'to-portal', policy: Policy): Profile {
  const attributes = [...profile.attributes].filter(([name]) => {
    const way = policy.directionOf(name);
    return way === 'both' || way === direction;
  });
  return { ...profile, attributes: new Map(attributes) };
}
