import type { ApigeeError, Developers } from './developers.ts';
import { canBeNamed } from './refusals.ts';

/** Developers per page: the most that Apigee lists at once. */
export const listingPage = 1000;

/** How many of the last developers a walk remembers, in case the last one is deleted. */
export const tailLength = 5;

export type NextPage =
  | { readonly kind: 'page'; readonly emails: readonly string[] }
  /** No developer comes after the tail. */
  | { readonly kind: 'end' }
  /** `inconsistent`: Apigee's answers contradict each other. */
  | { readonly kind: 'failed'; readonly error: ApigeeError | 'inconsistent' };

/**
 * Lists the developers behind `tail`: the last ones that the walk has seen, by email as listed, oldest first, empty at the
 * beginning. Apigee's listing has no page token; its start key is inclusive, its order is not promised, and the developer
 * of a start key may have been deleted. Therefore:
 * - A page is only what an answer lists behind its start key.
 * - A short page is not the end of the listing; only a page without a new developer is.
 * - An answer that leaves out its start key is broken if that developer exists. Whether a developer exists whom no path
 *   can name (Edge) cannot be asked: the listing then goes on from the one before.
 * - If every developer of `tail` has been deleted, nothing says where to go on: the listing is walked again from its
 *   beginning, and a developer who is met twice counts once.
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
    // The answer leaves out its start key, which is right only if that developer has been deleted.
    if (startKey === undefined || !canBeNamed(startKey)) continue;
    const developer = await developers.get(startKey);
    if (!developer.ok) return { kind: 'failed', error: developer.error };
    if (developer.value !== undefined) return { kind: 'failed', error: 'inconsistent' };
  }
  return { kind: 'failed', error: 'inconsistent' };
}

/** The part of an answer behind its start key, without the developers of `tail`; undefined where the key is missing. */
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
