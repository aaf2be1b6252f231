import type { RangeEnd } from '../core/listing/chain.ts';
import type { Developer } from '../core/model/profile.ts';
import type { ApigeeError, Developers } from './developers.ts';
import { listingPage } from './listing.ts';

export type ListedRange =
  | {
      readonly kind: 'listed';
      readonly end: RangeEnd;
      /** Everybody up to the range's end, each once, in Apigee's order. */
      readonly emails: readonly string[];
      /** By email; whom Apigee did not expand is missing. */
      readonly developers: ReadonlyMap<string, Developer>;
    }
  | { readonly kind: 'failed'; readonly error: ApigeeError };

/** A range that has grown beyond this many pages is left to a walk of the whole listing. */
const mostPages = 5;

/**
 * Lists the developers from `from` on (undefined: from the beginning), expanded, until one comes with whom another range
 * begins. `to`: the one that is expected to; `begins`: whether another does, asked where the first page does not show `to`.
 * As in a walk, a page is what comes behind its start key, and only a page that shows nothing there is the listing's end.
 */
export async function listRange(
  developers: Developers,
  { from, to }: { readonly from: string | undefined; readonly to: string | undefined },
  begins: () => Promise<(email: string) => boolean>,
): Promise<ListedRange> {
  const found = new Map<string, Developer>();
  const emails = new Set<string>();
  const ended = (end: RangeEnd): ListedRange => ({ kind: 'listed', end, emails: [...emails], developers: found });
  let isNext = (email: string): boolean => email === to;
  let startKey = from;
  for (let pages = 0; pages < mostPages; pages += 1) {
    const answer = await developers.listDevelopers({ startKey, count: listingPage });
    if (!answer.ok) {
      const { error } = answer;
      if (error.kind === 'absent' && from !== undefined && pages === 0) return ended({ kind: 'vanished' });
      if (error.kind === 'absent' || error.kind === 'refused') return ended({ kind: 'open' });
      return { kind: 'failed', error };
    }
    const { value } = answer;
    const place = startKey === undefined ? -1 : value.emails.indexOf(startKey);
    if (startKey !== undefined && place < 0) return ended(pages === 0 ? { kind: 'vanished' } : { kind: 'open' });
    // Apigee begins at a start key: whoever does not is for a walk to make out.
    if (place > 0) return ended({ kind: 'open' });
    const behind = value.emails.slice(place + 1);
    const shown = pages === 0 ? value.emails : behind;
    const firstOfAnother = (): number => shown.findIndex((email) => email !== from && isNext(email));
    let cut = firstOfAnother();
    if (cut < 0 && pages === 0) {
      isNext = await begins();
      cut = firstOfAnother();
    }
    const before = emails.size;
    for (const email of cut < 0 ? shown : shown.slice(0, cut)) emails.add(email);
    for (const developer of value.developers) if (emails.has(developer.email)) found.set(developer.email, developer);
    if (cut >= 0) return ended({ kind: 'closed', next: shown[cut] });
    // That there is nobody at all is for a walk to prove: it asks twice (rule 29).
    if (emails.size === 0) return ended({ kind: 'open' });
    if (startKey !== undefined && behind.length === 0) return ended({ kind: 'closed', next: undefined });
    if (pages > 0 && emails.size === before) return ended({ kind: 'open' });
    startKey = shown.at(-1);
  }
  return ended({ kind: 'open' });
}
