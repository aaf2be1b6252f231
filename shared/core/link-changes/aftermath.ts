import type { DeveloperSide, PortalSide, PortalStep, Subject } from '../model/decision.ts';
import { withChanges, type Developer, type Profile } from '../model/profile.ts';

/** Both sides as they are once a decision is carried out. */
export interface Aftermath {
  readonly portal: PortalAfter | undefined;
  readonly developer: Developer | undefined;
}

interface PortalAfter {
  readonly id: string;
  /** Undefined where the document exists but cannot be read as one portal user. */
  readonly profile: Profile | undefined;
}

/** Both sides of a person for whom nothing was done. */
export function asFound({ portal, developer }: Subject): Aftermath {
  return { portal: portalWith(portal, (profile) => profile), developer: developerAsFound(developer) };
}

/**
 * Both sides once `step` is made on the portal. `newId` is the id of a portal user that the step creates; `developer` is
 * what Apigee answered to the last call, or what was found where none was made.
 */
export function afterwards(
  { portal }: Subject,
  step: PortalStep | undefined,
  newId: string | undefined,
  developer: Developer | undefined,
): Aftermath {
  return { portal: portalAfter(portal, step, newId), developer };
}

/** The developer as found; of two, the one that the link knows. */
export function developerAsFound(developer: DeveloperSide): Developer | undefined {
  switch (developer.kind) {
    case 'absent':
      return undefined;
    case 'developer':
      return developer.developer;
    case 'collision':
      return developer.bound;
  }
}

function portalAfter(
  portal: PortalSide,
  step: PortalStep | undefined,
  newId: string | undefined,
): PortalAfter | undefined {
  switch (step?.kind) {
    case 'create':
      return newId === undefined ? undefined : { id: newId, profile: step.user };
    case 'delete':
      return undefined;
    case 'update':
      return portalWith(portal, (profile) => withChanges(profile, step.changes));
    case 'set-status':
      return portalWith(portal, (profile) => ({ ...profile, status: step.status }));
    case undefined:
      return portalWith(portal, (profile) => profile);
  }
}

function portalWith(portal: PortalSide, change: (profile: Profile) => Profile): PortalAfter | undefined {
  switch (portal.kind) {
    case 'absent':
      return undefined;
    case 'user':
      return { id: portal.user.id, profile: change(portal.user.profile) };
    case 'malformed':
      return { id: portal.id, profile: undefined };
    case 'collision':
      return portal.bound === undefined ? undefined : { id: portal.bound, profile: undefined };
  }
}
