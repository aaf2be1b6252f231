import { isLeased } from '../core/link-changes/leased.ts';
import { canonicalEmail, type CanonicalEmail } from '../core/model/email.ts';
import type { Link } from '../core/model/link.ts';
import type { Listed } from '../core/next-step/evidence.ts';
import type { DeveloperEdit } from '../messages/audit-entry.ts';
import type { SyncDeps } from './deps.ts';
import { newLeaseWait } from './lease.ts';
import type { Seen } from './look.ts';
import type { PersonResult } from './result.ts';
import { syncPerson } from './sync-person.ts';

/** Has one person be looked at, together with others who ask for the same at the same time. */
export type Together = (key: string, look: () => Promise<PersonResult>) => Promise<PersonResult>;

/** What an edit in Apigee came to: nobody's results where there was nothing new, or nobody to be found. */
export interface Pulled {
  readonly results: readonly PersonResult[];
  /** Apigee did not say who the developer with this id is: nothing is known of anybody. */
  readonly isUnanswered: boolean;
}

const nothingNew: Pulled = { results: [], isUnanswered: false };

/**
 * Somebody changed a developer in Apigee: looks at whom this concerns (rules 20, 40). What the entry says is only a hint:
 * it may be late, repeated, out of order, about a call of ours, or about a developer who changed again.
 */
export async function pullApigeeEdit(deps: SyncDeps, edit: DeveloperEdit, together: Together): Promise<Pulled> {
  const { named } = edit;
  switch (named.kind) {
    case 'unusable':
      return nothingNew;
    case 'id':
      return pullById(deps, named.developerId);
    case 'emails': {
      const results = await Promise.all(named.emails.map((email) => pullByEmail(deps, edit, email, together)));
      return { results: results.filter((result) => result !== undefined), isUnanswered: false };
    }
  }
}

async function pullByEmail(
  deps: SyncDeps,
  edit: DeveloperEdit,
  email: CanonicalEmail,
  together: Together,
): Promise<PersonResult | undefined> {
  if (!deps.policy.inScope(email)) return undefined;
  const waitForLease = newLeaseWait(deps);
  for (;;) {
    const at = deps.now();
    const view = await deps.people.read({ links: [email], userIds: [] });
    const link = view.links.get(email)?.link;
    if (isKnown(link, edit)) return undefined;
    // Perhaps the entry is about what that writer is just about to record.
    if (isLeased(link, view.now) && (await waitForLease())) continue;
    const isDeletion = isProofOfDeletion(edit, link);
    const pulling = { ...deps, readsAhead: true, deletionConfirmed: isDeletion };
    // Whoever waits for a look under way is answered by the next one, which sees whatever made them come.
    return together(isDeletion ? `deleted ${email}` : email, () => syncSeen(pulling, email, { at, view }));
  }
}

/** A look that had to wait for another one reads the person anew: the lease counts from that read. */
function syncSeen(deps: SyncDeps, key: CanonicalEmail, seen: Seen): Promise<PersonResult> {
  const isStillNew = deps.now() - seen.at < freshForMs;
  return syncPerson(deps, { key, hints: [], ...(isStillNew ? { seen } : {}) });
}

const freshForMs = 1000;

/** Only Apigee knows whose id it is; the developer whom it answers is as good as listed. */
async function pullById(deps: SyncDeps, developerId: string): Promise<Pulled> {
  const answer = await deps.developers.get(developerId);
  if (!answer.ok) {
    deps.log({ event: 'apigee_unavailable', severity: 'WARNING', message: answer.error.message });
    return { results: [], isUnanswered: true };
  }
  const developer = answer.value;
  const key = canonicalEmail(developer?.email);
  if (developer === undefined || key === undefined) return nothingNew;
  if (!deps.policy.inScope(key)) return nothingNew;
  const listed: Listed = { kind: 'developer', developer };
  return { results: [await syncPerson(deps, { key, hints: [] }, listed)], isUnanswered: false };
}

/**
 * Whether the link shows this edit, or a later state of the developer, and nothing is owed: so it is with nearly everything
 * that we wrote ourselves (rule 23).
 */
export function isKnown(link: Link | undefined, { modifiedAt, developerId }: DeveloperEdit): boolean {
  if (link?.developer === undefined || modifiedAt === undefined) return false;
  if (link.due !== undefined || link.failure !== undefined || link.intents.length > 0) return false;
  if (link.presence !== 'both' && link.presence !== 'apigee') return false;
  const isSame = developerId === undefined || link.developer.developerId === developerId;
  return isSame && link.developer.modifiedAt >= modifiedAt;
}

/**
 * Whether the entry proves, together with a read, that the developer whom the link knows is gone (rule 29): one that was
 * deleted before them proves nothing of them.
 */
export function isProofOfDeletion({ does, at, developerId }: DeveloperEdit, link: Link | undefined): boolean {
  if (does !== 'delete' || at === undefined) return false;
  const known = link?.developer;
  if (known === undefined) return true;
  return (developerId === undefined || developerId === known.developerId) && at >= known.modifiedAt;
}
