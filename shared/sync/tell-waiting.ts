import type { PersonKey } from '../core/model/email.ts';
import type { SyncDeps } from './deps.ts';
import type { Found } from './look.ts';

/**
 * Has everyone looked at whose portal user took this email while it was another's, now that it is free (rule 17). They
 * are marked before this link is done, so that a crash in between forgets nobody (rule 24).
 */
export async function tellWaiting(deps: SyncDeps, { subject, boundElsewhere }: Found): Promise<void> {
  const { link } = subject;
  if (link?.presence !== 'none' || link.due === undefined || boundElsewhere.size === 0) return;
  const keys = new Set<PersonKey>();
  for (const id of boundElsewhere) {
    for (const { link: other } of await deps.people.linksOfPortalUser(id)) if (other.userId === id) keys.add(other.key);
  }
  await deps.people.transact({ links: [...keys], userIds: [] }, (view) => ({
    result: undefined,
    links: [...view.links.values()]
      .filter(({ link: { due } }) => due === undefined)
      .map(({ link: waiting }) => ({ ...waiting, due: deps.now() })),
  }));
}
