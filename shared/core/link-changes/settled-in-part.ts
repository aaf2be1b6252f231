import type { Decision, Subject } from '../model/decision.ts';
import type { Link } from '../model/link.ts';
import type { Policy } from '../model/policy.ts';
import { developerProfile, valueOf, withChanges, type Developer } from '../model/profile.ts';
import { keepingLeft, policyFor } from '../decide/left-alone.ts';
import { withStatusOf } from '../decide/status.ts';
import { stillApart, withUndoHeard } from '../decide/undone.ts';
import { withLost } from './history.ts';
import { rebind, referenceTo, written } from './settled.ts';

/**
 * The link where Apigee's half of a decision is done, and the portal user changed before the portal's half could be
 * written. The base is what Apigee was given; what was to travel to the portal stays a change of the developer's.
 * Undefined where the decision has no such halves.
 */
export function settleInPart(
  current: Link,
  { portal, developer: found, link: seen }: Subject,
  { portal: step, apigee, lost, end }: Decision,
  developer: Developer,
  general: Policy,
  now: number,
): Link | undefined {
  const policy = policyFor({ portal, developer: found, link: seen }, general);
  if (portal.kind !== 'user' || step?.kind !== 'update' || apigee.length === 0 || end.kind !== 'in-step')
    return undefined;
  const link = withUndoHeard(current, found, policy);
  const { id, profile, updatedAt } = portal.user;
  const unwritten = step.changes.map(({ field }) => ({ field, value: valueOf(profile, field) }));
  const rivals = link.rivals.filter((rival) => rival !== id);
  const parts = {
    portal: withStatusOf({ link, portal, developer: found }, { apigee }, profile),
    developer: withChanges(developerProfile(developer, general), unwritten),
    mapping: policy.mapping,
    portalUpdatedAt: updatedAt,
  };
  const base = keepingLeft(parts, current, id, { portal }, policy);
  return {
    ...rebind(link, { ...link, presence: 'both', userId: id, rivals, tombstone: undefined }),
    developer: { ...referenceTo(developer, link, policy), written: written(link, found, developer, policy) },
    base,
    undoIntent: undefined,
    undone: stillApart(link.undone, base),
    intents: [],
    deactivationIntent: undefined,
    owesDeletion: undefined,
    history: withLost(link.history, lost, now),
    due: now,
  };
}
