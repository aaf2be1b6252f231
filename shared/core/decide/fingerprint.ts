import { hash } from 'node:crypto';
import type { DeveloperSide, PortalSide } from '../model/decision.ts';
import type { Policy } from '../model/policy.ts';
import { type Developer, developerProfile, type Profile } from '../model/profile.ts';

/** Stands for both sides as they were when a person failed for good: the person is tried again once this is another. */
export function failureFingerprint(portal: PortalSide, developer: DeveloperSide, policy: Policy): string {
  return `${portalFingerprint(portal, policy)}.${digest(describeDeveloper(developer, policy))}`;
}

/** The portal's half of a failure's fingerprint. */
export function portalFingerprint(portal: PortalSide, policy: Policy): string {
  return digest([policy.mapping, ...describePortal(portal)]);
}

type Content = Pick<Developer, 'email' | 'userName' | 'firstName' | 'lastName' | 'attributes'>;

/** Stands for all that a PUT sets of a developer. The status is none of it. */
export function contentFingerprint({ email, userName, firstName, lastName, attributes }: Content): string {
  const sorted = [...attributes].sort(([a], [b]) => (a < b ? -1 : 1));
  return digest([email, userName, firstName, lastName, sorted]);
}

function describePortal(portal: PortalSide): readonly unknown[] {
  switch (portal.kind) {
    case 'absent':
      return [portal.kind];
    case 'user':
      return [
        portal.user.id,
        portal.email,
        portal.user.userName,
        portal.user.emailVerified && portal.user.selected !== false,
        ...describeProfile(portal.user.profile),
        // A field that was missing and cannot be read now is another reason to fail.
        ...(portal.user.unreadable === undefined ? [] : [[...portal.user.unreadable.keys()]]),
      ];
    case 'malformed':
      return [portal.kind, ...portal.problems];
    case 'collision':
      return [portal.kind, portal.bound];
  }
}

function describeDeveloper(developer: DeveloperSide, policy: Policy): readonly unknown[] {
  switch (developer.kind) {
    case 'absent':
      return [developer.kind];
    case 'developer':
      return [developer.developer.email, ...describeProfile(developerProfile(developer.developer, policy))];
    case 'collision':
      return [developer.kind, developer.bound.email];
  }
}

function describeProfile(profile: Profile): readonly unknown[] {
  const attributes = [...profile.attributes].sort(([a], [b]) => (a < b ? -1 : 1));
  return [profile.firstName, profile.lastName, profile.status, attributes];
}

function digest(value: readonly unknown[]): string {
  return hash('sha256', JSON.stringify(value), 'base64url').slice(0, 16);
}
