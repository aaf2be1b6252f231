import type { Developers } from '../../../apigee/developers.ts';
import { listingPage } from '../../../apigee/listing.ts';
import type { Developer } from '../../../core/model/profile.ts';
import type { Again } from '../../session.ts';
import { withoutAnswer, type BatchContext, type BatchEnd, type Denied } from '../phase.ts';
import { lookAtListed } from './look-at-listed.ts';
import { readAlone } from './read-alone.ts';

/** A batch's page may have moved since the walk; the listing is followed this many pages to find everyone. */
const pagesToFollow = 3;

/**
 * Looks at the developers of one page of the walk. Because the page is listed expanded here and not in the walk, a redelivered
 * batch has fresh data.
 */
export async function reconcilePage(context: BatchContext, people: readonly string[]): Promise<BatchEnd> {
  const page = await readPage(context.deps.developers, people);
  if (page.kind !== 'read') return page;
  const learns = page.isExpanded ? async () => () => false : undefined;
  return lookAtListed(context, people, page.developers, learns);
}

type PageRead =
  /** `isExpanded`: whether Apigee shows developers in pages; else each of them was read alone. */
  | { readonly kind: 'read'; readonly developers: ReadonlyMap<string, Developer>; readonly isExpanded: boolean }
  | Again
  | Denied;

/**
 * Every developer of the page, by email as listed; a developer who is missing has been deleted since the walk. The listing
 * is read from the page's own first key, and each developer whom it leaves out is read alone.
 */
async function readPage(developers: Developers, people: readonly string[]): Promise<PageRead> {
  const wanted = new Set(people);
  const found = new Map<string, Developer>();
  let startKey = people[0];
  let isExpanded = true;
  for (let page = 0; page < pagesToFollow && startKey !== undefined && found.size < wanted.size; page += 1) {
    const answer = await developers.listDevelopers({ startKey, count: listingPage });
    if (!answer.ok) {
      // The key is gone since the walk, or the organisation does not expand pages: every developer is read alone.
      if (answer.error.kind === 'refused') isExpanded = false;
      if (answer.error.kind === 'absent' || answer.error.kind === 'refused') break;
      return withoutAnswer(answer.error);
    }
    const before = found.size;
    for (const developer of answer.value.developers)
      if (wanted.has(developer.email)) found.set(developer.email, developer);
    const last = answer.value.emails.at(-1);
    startKey = found.size > before && last !== startKey ? last : undefined;
  }
  const problem = await readAlone(developers, people, found);
  return problem ?? { kind: 'read', developers: found, isExpanded };
}
