import { canonicalEmail } from '../../core/model/email.ts';
import type { Link } from '../../core/model/link.ts';
import type { Policy } from '../../core/model/policy.ts';
import type { Developer } from '../../core/model/profile.ts';

/** How a developer stands to the portal, as far as the link tells: no portal user is read for it. */
export const syncStates = ['in-step', 'waits', 'held', 'failed', 'only-in-apigee', 'not-selected'] as const;
export type SyncState = (typeof syncStates)[number];

export function syncStateOf(developer: Developer, link: Link | undefined, policy: Policy): SyncState {
  const email = canonicalEmail(developer.email);
  if (email === undefined) return 'failed';
  if (!policy.inScope(email)) return 'not-selected';
  if (link === undefined) return 'waits';
  if (link.failure !== undefined) return 'failed';
  if (link.hold !== undefined) return 'held';
  const isNewer = link.developer !== undefined && developer.lastModifiedAt > link.developer.modifiedAt;
  const hasOtherStatus = link.base !== undefined && developer.status !== link.base.developer.status;
  if (link.due !== undefined || isNewer || hasOtherStatus) return 'waits';
  return link.presence === 'both' && link.base !== undefined ? 'in-step' : 'only-in-apigee';
}

const words: Readonly<Record<SyncState, string>> = {
  'in-step': 'in step',
  waits: 'waits for the next run',
  held: 'held until somebody decides',
  failed: 'failed',
  'only-in-apigee': 'only in Apigee',
  'not-selected': 'not selected by PORTAL_FILTER',
};

export function syncStateWords(state: SyncState): string {
  return words[state];
}
