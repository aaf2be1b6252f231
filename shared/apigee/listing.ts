import type { ApigeeError, Developers } from './developers.ts';

/** Apigee's cap, and ours: fewer would only cost calls. */
export const listingPage = 1000;

/** How many emails before the cursor are remembered, in case the cursor itself is deleted. */
export const tailLength = 5;

export type NextPage =
  | { readonly kind: 'page'; readonly emails: readonly string[] }
  /** Nobody comes after the cursor. */
  | { readonly kind: 'end' }
  | { readonly kind: 'failed'; readonly error: ApigeeError | 'inconsistent' };

/**
 * The developers after the last ones seen (`tail`, oldest first, empty at the beginning). The listing has no page token:
 * its start key is inclusive, its order is nobody's promise, and a start key may be gone. So a page counts only from the
 * key it began with, a short page is no end (only a page with nobody new is), and an empty answer for a key that exists
 * is a broken one. Where all of `tail` are gone nobody can say where to go on: the listing is walked again from its
 * beginning, and whoever is met twice counts once.
 */
export async function nextPage(developers: Developers, tail: readonly string[]): Promise<NextPage> {
  const keys = [...tail.toReversed(), undefined];
  for (const startKey of keys) {
    const answer = await developers.listEmails({ startKey, count: listingPage });
    if (!answer.ok) {
      if (answer.error.kind === 'absent' && startKey !== undefined) continue;
      return { kind: 'failed', error: answer.error };
    }
    const page = after(answer.value, startKey, tail);
    if (page !== undefined) return page.length === 0 ? { kind: 'end' } : { kind: 'page', emails: page };
    // The answer begins elsewhere: right only if the key is gone.
    const developer = await developers.get(startKey ?? '');
    if (!developer.ok) return { kind: 'failed', error: developer.error };
    if (developer.value !== undefined) return { kind: 'failed', error: 'inconsistent' };
  }
  return { kind: 'failed', error: 'inconsistent' };
}

/** The part of an answer that comes after its start key, without anyone seen just before; undefined where the key is missing. */
function after(
  emails: readonly string[],
  startKey: string | undefined,
  tail: readonly string[],
): readonly string[] | undefined {
  if (startKey === undefined) return [...new Set(emails)];
  const index = emails.indexOf(startKey);
  if (index < 0) return undefined;
  const seen = new Set(tail);
  return [...new Set(emails.slice(index + 1))].filter((email) => !seen.has(email));
}
