import type { Decision, Subject } from '../model/decision.ts';
import { withLost } from './history.ts';
import type { Link } from '../model/link.ts';
import type { Policy } from '../model/policy.ts';
import { type Developer, developerProfile, valueOf, withChanges } from '../model/profile.ts';
import { rebound } from '../rebound.ts';

/**
 * The link where Apigee's half of a decision is done, and the portal user is another before theirs could be. The base is
 * what Apigee was given; what was to travel to the portal is still a change of the developer's. Undefined where there
 * are no such halves.
 */
export function halfSettled(
  link: Link,
  { portal }: Subject,
  { portal: step, apigee, lost, end }: Decision,
  developer: Developer,
  policy: Policy,
  now: number,
): Link | undefined {
  if (portal.kind !== 'user' || step?.kind !== 'update' || apigee.length === 0 || end.kind !== 'in-step')
    return undefined;
  const { id, profile } = portal.user;
  const behind = step.changes.map(({ field }) => ({ field, value: valueOf(profile, field) }));
  const { email, developerId, lastModifiedAt: modifiedAt } = developer;
  const rivals = link.rivals.filter((rival) => rival !== id);
  return {
    ...rebound(link, { ...link, presence: 'both', userId: id, rivals, tombstone: undefined }),
    developer: { email, developerId, modifiedAt },
    base: {
      portal: profile,
      developer: withChanges(developerProfile(developer, policy), behind),
      mapping: policy.mapping,
    },
    intents: [],
    history: withLost(link.history, lost, now),
    due: now,
  };
}
