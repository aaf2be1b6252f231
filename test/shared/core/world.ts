import fc from 'fast-check';
import type { Decision, Subject } from '../../../shared/core/model/decision.ts';
import type { CanonicalEmail } from '../../../shared/core/model/email.ts';
import type { Link } from '../../../shared/core/model/link.ts';
import type { Policy } from '../../../shared/core/model/policy.ts';
import {
  type Attributes,
  type Developer,
  nothingElse,
  type PortalUser,
  type Profile,
  withChanges,
} from '../../../shared/core/model/profile.ts';
import { settle } from '../../../shared/core/link-changes/settled.ts';
import { decide } from '../../../shared/core/decide/decide.ts';

/** One person's whole world, as plain values, and what carrying out a decision does to it. */
export interface World {
  readonly portal: PortalUser | undefined;
  readonly developer: Developer | undefined;
  readonly link: Link | undefined;
  /** Ms; moves on with every write. */
  readonly now: number;
}

export const ann = 'ann@example.com' as CanonicalEmail;

export function policyOf(changes: Partial<Policy> = {}): Policy {
  return {
    conflict: 'merge',
    portalDelete: 'deactivate',
    apigeeDelete: 'recreate',
    rename: 'refused',
    inScope: () => true,
    directionOf: (name) => (name.startsWith('MINT_') || name === 'foreign' ? undefined : 'both'),
    mapping: 'm1',
    ...changes,
  };
}

export function profileOf(changes: Partial<Profile> = {}): Profile {
  return { firstName: 'Ann', lastName: 'Lee', status: 'active', attributes: new Map(), ...changes };
}

export function userOf(profile: Partial<Profile> = {}, changes: Partial<PortalUser> = {}): PortalUser {
  return {
    id: 'doc-ann',
    email: ann,
    userName: 'ann',
    profile: profileOf(profile),
    emailVerified: true,
    updatedAt: 1000,
    writtenAt: 1000,
    version: 'v1',
    ...changes,
  };
}

export function developerOf(profile: Partial<Profile> = {}, changes: Partial<Developer> = {}): Developer {
  const { firstName, lastName, status, attributes } = profileOf(profile);
  return {
    email: ann,
    developerId: 'dev-1',
    userName: 'ann',
    firstName,
    lastName,
    status: status ?? 'active',
    attributes,
    createdAt: 500,
    lastModifiedAt: 1000,
    others: nothingElse,
    ...changes,
  };
}

export function subjectOf(world: World): Subject {
  return {
    key: ann,
    portal: world.portal === undefined ? { kind: 'absent' } : { kind: 'user', user: world.portal, email: ann },
    developer: world.developer === undefined ? { kind: 'absent' } : { kind: 'developer', developer: world.developer },
    link: world.link,
    rivals: [],
    renameTarget: 'free',
  };
}

/** Carries out the first `steps` effects only, as a crash would; the link records what was about to be pushed. */
export function crashed(world: World, decision: Decision, steps: number): World {
  const attempted =
    world.portal === undefined || world.link === undefined ? world.link : attempt(world.link, world.portal);
  return { ...world, developer: developerAfter(world, decision, steps), link: attempted, now: world.now + 10 };
}

export function attempt(link: Link, portal: PortalUser): Link {
  return { ...link, intents: [...link.intents, portal.profile] };
}

export function applied(world: World, policy: Policy): World {
  const subject = subjectOf(world);
  const decision = decide(subject, policy);
  const now = world.now + 10;
  const developer = developerAfter(world, decision, decision.apigee.length);
  const portal = portalAfter(world, decision);
  const after = {
    portal: portal === undefined ? undefined : { id: portal.id, profile: portal.profile },
    developer,
  };
  return { portal, developer, link: settle(subject, decision, after, policy, now).link, now };
}

function developerAfter(world: World, decision: Decision, steps: number): Developer | undefined {
  return decision.apigee.slice(0, steps).reduce<Developer | undefined>((developer, step) => {
    const lastModifiedAt = world.now + 5;
    switch (step.kind) {
      case 'create': {
        if (developer !== undefined) throw new Error('created twice');
        return {
          ...step.developer,
          developerId: `dev-${String(world.now)}`,
          status: 'active',
          createdAt: lastModifiedAt,
          lastModifiedAt,
        };
      }
      case 'update':
        if (developer === undefined) throw new Error('updated nobody');
        return { ...developer, ...step.developer, lastModifiedAt };
      case 'set-status':
        if (developer === undefined) throw new Error('status of nobody');
        return { ...developer, status: step.status };
      case 'delete':
        return undefined;
    }
  }, world.developer);
}

function portalAfter(world: World, decision: Decision): PortalUser | undefined {
  const step = decision.portal;
  if (step === undefined) return world.portal;
  const version = `v${String(world.now)}`;
  switch (step.kind) {
    case 'create': {
      const { email, userName, ...profile } = step.user;
      return {
        id: `doc-${String(world.now)}`,
        email,
        userName,
        profile,
        emailVerified: true,
        updatedAt: world.now,
        writtenAt: world.now,
        version,
      };
    }
    case 'update':
      if (world.portal === undefined) throw new Error('updated nobody');
      return { ...world.portal, profile: withChanges(world.portal.profile, step.changes), version };
    case 'set-status':
      if (world.portal === undefined) throw new Error('status of nobody');
      return { ...world.portal, profile: { ...world.portal.profile, status: step.status }, version };
    case 'delete':
      return undefined;
  }
}

const value = fc.constantFrom('a', 'b', 'c', '');
const name = fc.constantFrom('Ann', 'Bea', 'Cid');
export const attributes: fc.Arbitrary<Attributes> = fc
  .uniqueArray(fc.tuple(fc.constantFrom('tier', 'team', '__proto__', 'x.y'), value), { selector: ([key]) => key })
  .map((entries) => new Map(entries));
const foreign: fc.Arbitrary<Attributes> = fc
  .uniqueArray(fc.tuple(fc.constantFrom('MINT_PLAN', 'foreign'), value), { selector: ([key]) => key })
  .map((entries) => new Map(entries));
export const profile: fc.Arbitrary<Profile> = fc.record({
  firstName: name,
  lastName: name,
  status: fc.constantFrom('active', 'inactive'),
  attributes,
});
const time = fc.integer({ min: 0, max: 5000 });

export const portalUser = fc.tuple(profile, time).map(([edited, updatedAt]) => userOf(edited, { updatedAt }));
export const developer = fc
  .tuple(profile, foreign, time, fc.constantFrom('dev-1', 'dev-2'))
  .map(([edited, others, lastModifiedAt, developerId]) =>
    developerOf({ ...edited, attributes: new Map([...edited.attributes, ...others]) }, { lastModifiedAt, developerId }),
  );

export const policy: fc.Arbitrary<Policy> = fc
  .record({
    conflict: fc.constantFrom('merge' as const, 'newest-record' as const),
    portalDelete: fc.constantFrom('deactivate' as const, 'delete' as const, 'keep' as const),
    apigeeDelete: fc.constantFrom('recreate' as const, 'hold' as const, 'deactivate' as const, 'delete' as const),
    oneWay: fc.constantFrom(undefined, 'to-apigee' as const, 'to-portal' as const),
  })
  .map(({ oneWay, ...choices }) => {
    const base = policyOf();
    return policyOf({
      ...choices,
      directionOf: (attribute) => (attribute === 'team' && oneWay !== undefined ? oneWay : base.directionOf(attribute)),
    });
  });

/** A person who was once in step, and whatever each side did since: kept, edited or deleted. */
export const lived: fc.Arbitrary<{ readonly before: World; readonly world: World; readonly policy: Policy }> = fc
  .record({
    policy,
    first: fc.record({
      portal: fc.option(portalUser, { nil: undefined }),
      developer: fc.option(developer, { nil: undefined }),
    }),
    portal: fc.option(profile, { nil: undefined }),
    dev: fc.option(profile, { nil: undefined }),
    portalGone: fc.constantFrom(false, false, false, true),
    developerGone: fc.constantFrom(false, false, false, true),
    at: fc.tuple(time, time),
  })
  .map(({ policy, first, portal, dev, portalGone, developerGone, at }) => {
    let before: World = { ...first, link: undefined, now: 10_000 };
    before = applied(applied(before, policy), policy);
    const user = before.portal;
    const known = before.developer;
    const edited = dev ?? undefined;
    return {
      policy,
      before,
      world: {
        ...before,
        now: before.now + 10_000,
        portal:
          portalGone || user === undefined
            ? undefined
            : { ...user, profile: portal ?? user.profile, updatedAt: at[0], writtenAt: at[0] },
        developer:
          developerGone || known === undefined
            ? undefined
            : edited === undefined
              ? known
              : {
                  ...known,
                  firstName: edited.firstName,
                  lastName: edited.lastName,
                  status: edited.status ?? 'active',
                  attributes: new Map([
                    ...edited.attributes,
                    ...[...known.attributes].filter(([key]) => key === 'foreign' || key.startsWith('MINT_')),
                  ]),
                  lastModifiedAt: at[1],
                },
      },
    };
  });
