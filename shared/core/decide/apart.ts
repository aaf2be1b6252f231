import { clockSkew, isOurDeactivation } from './ours.ts';
import { createDeveloper, createPortalUser, decisionOf, isAnotherDeveloper, type BoundUser } from './parts.ts';
import type { Decision, Subject } from '../model/decision.ts';
import type { Hold, Link } from '../model/link.ts';
import type { Policy } from '../model/policy.ts';
import type { Developer } from '../model/profile.ts';

/** Neither a portal user nor a developer. */
export function decideNobody({ key, link }: Subject): Decision {
  if (link === undefined) return decisionOf('nobody', 'on neither side, and never was');
  if (key.startsWith('#')) {
    return { ...decisionOf('nobody', 'the portal document is gone'), end: { kind: 'forgotten' } };
  }
  if (link.presence === 'none' && link.userId === undefined) return decisionOf('buried', 'deleted on both sides');
  return { ...decisionOf('both-deleted', 'deleted on both sides'), end: { kind: 'both-buried' } };
}

/** A developer without a portal user. */
export function decideApigeeOnly(subject: Subject, developer: Developer, policy: Policy): Decision {
  const { link, key } = subject;
  // An intent without a recorded portal user is a push that crashed: there was a portal user, too.
  if (link !== undefined && (link.userId !== undefined || link.intents.length > 0))
    return decidePortalDeleted(link, developer, policy);
  if (link !== undefined && wasBuried(link, developer)) {
    if (link.tombstone?.undone === true) return heldAsUndone('the portal user');
    const reason = 'the portal user was deleted and does not come back by itself';
    return { ...decisionOf('buried', reason), end: { kind: 'noted', hold: undefined } };
  }
  if (subject.rivals.length > 0) {
    const detail = "another person's portal user took this email: change it, or delete the developer";
    return {
      ...decisionOf('portal-collision', detail),
      outcome: 'held',
      end: { kind: 'noted', hold: { reason: 'portal-collision', detail } },
    };
  }
  return createPortalUser('apigee-only', 'no portal user has this email', key, developer, policy);
}

/**
 * Rule 15. The developer is deactivated or deleted only if the link had a base: a deleted registration that was never in
 * step may have used somebody else's address.
 */
function decidePortalDeleted(link: Link, developer: Developer, policy: Policy): Decision {
  const base = decisionOf('portal-deleted', `the portal user was deleted: PORTAL_DELETE_POLICY=${policy.portalDelete}`);
  const { base: known, tombstone, intents } = link;
  const deactivated = isOurDeactivation(link, developer);
  // We made the developer inactive, and active again for a registration that was never recorded.
  const isRevived = tombstone?.deactivated === true && intents.length > 0 && developer.status === 'active';
  if (link.developer !== undefined && isAnotherDeveloper(link.developer, developer)) {
    const reason = 'the portal user was deleted, and the developer is a new one since: the developer stays';
    return { ...base, reason, end: { kind: 'portal-buried', deactivated: false } };
  }
  const wasInStep = known !== undefined || link.owesDeletion === true;
  if (!wasInStep && !(isRevived && policy.portalDelete === 'deactivate')) {
    const reason = 'the portal user was deleted before it was ever linked: the developer stays';
    return { ...base, reason, end: { kind: 'portal-buried', deactivated } };
  }
  switch (policy.portalDelete) {
    case 'keep':
      return { ...base, end: { kind: 'portal-buried', deactivated } };
    case 'deactivate':
      if (developer.status === 'inactive') return { ...base, end: { kind: 'portal-buried', deactivated } };
      return {
        ...base,
        outcome: 'updated-apigee',
        fields: ['status'],
        apigee: [{ kind: 'set-status', email: developer.email, status: 'inactive' }],
        destructive: true,
        end: { kind: 'portal-buried', deactivated: true },
      };
    case 'delete':
      return {
        ...base,
        outcome: 'updated-apigee',
        fields: ['deleted'],
        apigee: [{ kind: 'delete', email: developer.email }],
        destructive: true,
        end: { kind: 'both-buried' },
      };
  }
}

/** A portal user without a developer. */
export function decidePortalOnly(subject: Subject, portal: BoundUser, policy: Policy): Decision {
  const { key, link } = subject;
  const isSame = link !== undefined && !isAnotherUser(link, portal);
  if (isSame && link.undoIntent?.deletes === true) {
    const { hold, ...undone } = asUndone('the developer');
    return { ...undone, end: { kind: 'developer-buried', hold } };
  }
  if (portal.email !== key) {
    if (subject.renameTarget === 'taken') {
      const detail = 'the portal user took an email that belongs to someone else';
      return {
        ...decisionOf('renamed', detail),
        outcome: 'held',
        end: { kind: 'noted', hold: { reason: 'rename-collision', detail } },
      };
    }
    return {
      ...decisionOf('renamed', 'the email changed'),
      fields: ['email'],
      end: { kind: 'moved', to: portal.email },
    };
  }
  if (isSame && link.tombstone?.side === 'developer' && link.tombstone.undone === true)
    return heldAsUndone('the developer');
  if (isSame && developerWasDeleted(link)) return decideDeveloperDeleted(link, portal, policy);
  return createDeveloper('portal-only', 'no developer has this email', portal, policy);
}

/** An undo deleted what we had created: no run makes it again before somebody says so (rule 35). */
function heldAsUndone(what: string): Decision {
  const { hold, ...undone } = asUndone(what);
  return { ...undone, end: { kind: 'noted', hold } };
}

function asUndone(what: string): Decision & { readonly hold: Omit<Hold, 'since'> } {
  const detail = `creating ${what} was undone: it is created again once that is released`;
  return { ...decisionOf('buried', detail), outcome: 'held', hold: { reason: 'undone', detail } };
}

/** Rule 15. */
function decideDeveloperDeleted(link: Link, portal: BoundUser, policy: Policy): Decision {
  const reason = `the developer was deleted in Apigee: APIGEE_DELETE_POLICY=${policy.apigeeDelete}`;
  const base = decisionOf('developer-deleted', reason);
  const carriedOut = link.tombstone?.side === 'developer' && link.hold === undefined;
  switch (policy.apigeeDelete) {
    case 'recreate':
      return createDeveloper('developer-deleted', reason, portal, policy);
    case 'hold': {
      const detail = 'the developer was deleted in Apigee: decide whether the portal user stays';
      return {
        ...base,
        outcome: 'held',
        end: { kind: 'developer-buried', hold: { reason: 'developer-deleted', detail } },
      };
    }
    case 'deactivate':
      if (carriedOut)
        return decisionOf('buried', 'the developer was deleted, and the portal user made inactive for it');
      if (portal.user.profile.status === 'inactive') {
        return { ...base, end: { kind: 'developer-buried', hold: undefined } };
      }
      return {
        ...base,
        outcome: 'updated-portal',
        fields: ['status'],
        portal: { kind: 'set-status', id: portal.user.id, status: 'inactive' },
        destructive: true,
        end: { kind: 'developer-buried', hold: undefined },
      };
    case 'delete':
      if (carriedOut) return decisionOf('buried', 'the developer was deleted');
      return {
        ...base,
        outcome: 'updated-portal',
        fields: ['deleted'],
        portal: { kind: 'delete', id: portal.user.id },
        destructive: true,
        end: { kind: 'both-buried' },
      };
  }
}

/** Whether this is another portal user than the one whose developer was deleted: the policy was about the former. */
function isAnotherUser({ userId }: Link, portal: BoundUser): boolean {
  return userId !== undefined && userId !== portal.user.id;
}

function developerWasDeleted(link: Link): boolean {
  return link.tombstone?.side === 'developer' || (link.developer !== undefined && link.base !== undefined);
}

/**
 * Whether this is the developer that was left when the portal user went. A developer with another id that was created
 * after the known one was last seen is a new one, also where nobody noticed until the burial. The id alone says little:
 * Apigee does not promise that ids stay.
 */
function wasBuried({ tombstone, userId }: Link, developer: Developer): boolean {
  if (tombstone === undefined || userId !== undefined) return false;
  const { developerId, modifiedAt, at } = tombstone;
  if (developerId === developer.developerId) return true;
  return developer.createdAt <= (modifiedAt ?? at - clockSkew);
}
