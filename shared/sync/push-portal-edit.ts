import { hasLeftUnlinked } from '../core/decide/ownership.ts';
import { canonicalEmail, documentKey, type PersonKey } from '../core/model/email.ts';
import type { PortalReading } from '../core/model/profile.ts';
import type { SyncDeps } from './deps.ts';
import type { PersonResult } from './result.ts';
import { syncPerson } from './sync-person.ts';

/**
 * A portal document was written or deleted: looks at every person whom this may concern (rules 2, 20). The event is only
 * a hint: it may be late, repeated, or about a document that changed again. Usually one person is concerned; two where
 * the document claims another person's email; nobody where the document was never known.
 */
export async function pushPortalEdit(deps: SyncDeps, userId: string): Promise<readonly PersonResult[]> {
  const at = deps.now();
  // The document is read after its links: an older document beside a newer link looks like an edit that goes back.
  const links = await deps.people.linksOfPortalUser(userId);
  const view = await deps.people.read({ links: [], userIds: [userId] });
  const known = new Map(links.map((stored) => [stored.link.key, stored]));
  const reading = view.portal.get(userId) ?? { kind: 'absent' };
  const bound = links.some(
    ({ link }) => link.userId === userId && !link.key.startsWith('#') && !hasLeftUnlinked(link, reading, link.key),
  );
  const claimed = claimedKey(userId, reading);
  const keys = new Set<PersonKey>(known.keys());
  // A bound portal user who took another email still belongs to the old link, which decides what that means (rule 17).
  if (claimed !== undefined && !bound) keys.add(claimed);

  const results: PersonResult[] = [];
  // What was just read is good for the first look only: that one may write it.
  let isFirstLook = true;
  const look = async (key: PersonKey): Promise<void> => {
    const hints = key === claimed || key === documentKey(userId) ? [userId] : [];
    const stored = known.get(key);
    const linkView = stored && { ...view, links: new Map([[key, stored]]) };
    const seen = { at, view: linkView, linksOf: new Map([[userId, links]]) };
    const result = await syncPerson(deps, isFirstLook ? { key, hints, seen } : { key, hints });
    isFirstLook = false;
    if (result.outcome !== 'ignored') results.push(result);
  };
  for (const key of keys) await look(key);
  // The link may just have moved to the new email, where its developer is still to be created (rules 2, 17).
  if (claimed !== undefined && !keys.has(claimed) && (await isOwed(deps, claimed, userId))) await look(claimed);
  const waiting = new Set(links.flatMap(({ link }) => link.rivals));
  if (waiting.size > 0) await lookAtWaiting(deps, keys, waiting, look);
  return results;
}

async function isOwed({ people }: SyncDeps, key: PersonKey, userId: string): Promise<boolean> {
  const link = (await people.links([key])).get(key)?.link;
  return link?.userId === userId && link.due !== undefined;
}

/** Looks at the persons who waited for an email that is free now: `waiting` are the documents that claim it (rule 17). */
async function lookAtWaiting(
  { people }: SyncDeps,
  keys: ReadonlySet<PersonKey>,
  waiting: ReadonlySet<string>,
  look: (key: PersonKey) => Promise<void>,
): Promise<void> {
  for (const { link } of (await people.links([...keys])).values()) if (link.due !== undefined) await look(link.key);
  for (const id of waiting) {
    for (const { link } of await people.linksOfPortalUser(id))
      if (link.userId === id && link.due !== undefined && !keys.has(link.key)) await look(link.key);
  }
}

function claimedKey(userId: string, reading: PortalReading | undefined): PersonKey | undefined {
  switch (reading?.kind) {
    case 'user':
      return canonicalEmail(reading.user.email);
    case 'malformed':
      return canonicalEmail(reading.email) ?? documentKey(userId);
    default:
      return undefined;
  }
}
