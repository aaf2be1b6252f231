import type { ApigeeError, Developers } from './developers.ts';
import { canBeNamed } from './refusals.ts';

/** Developers per page: the most that Apigee lists at once. */
export const listingPage = 1000;

/** The fewest that may be asked for. */
const fewest = 2;

/** How many of the last developers a walk remembers, in case the last one is deleted. */
export const tailLength = 5;

export type NextPage =
  /**
   * `from`: whether the developers come behind the tail, or the listing has begun anew. `isPaged`: whether Apigee goes by what
   * is asked for; one that lists everybody each time is listed as seldom as possible.
   */
  | {
      readonly kind: 'page';
      readonly from: 'tail' | 'beginning';
      readonly emails: readonly string[];
      readonly isPaged: boolean;
    }
  /** No developer comes after the tail. */
  | { readonly kind: 'end' }
  /** `inconsistent`: Apigee's answers contradict each other. `circle`: the tail's developers come after themselves. */
  | { readonly kind: 'failed'; readonly error: ApigeeError | 'inconsistent' | 'circle' };

/**
 * Lists the developers behind `tail`: the last ones that the walk has seen, by email as listed, oldest first, empty at the
 * beginning. Apigee's listing has no page token; its start key is inclusive, its order is not promised, and the developer
 * of a start key may have been deleted. Therefore:
 * - A page is only what an answer lists behind its start key.
 * - A short page is not the end of the listing; only a page that shows nothing behind its start key is. A page that shows
 *   only developers of the tail is followed from the last of them.
 * - An answer that leaves out its start key is broken if that developer exists. Whether a developer exists whom no path
 *   can name (Edge) cannot be asked: the listing then goes on from the one before.
 * - If every developer of `tail` has been deleted, nothing says where to go on: the listing is walked again from its
 *   beginning, and a developer who is met twice counts once. An Apigee that knows no start key would be walked without
 *   end: that every one of them is gone is asked for by name first.
 * - That there is nobody at all is asked twice: it would be the proof that everybody is gone (rule 29).
 */
export async function nextPage(developers: Developers, tail: readonly string[]): Promise<NextPage> {
  const keys = [undefined, ...tail];
  const followed = new Set<string>();
  while (keys.length > 0) {
    const startKey = keys.pop();
    if (startKey === undefined && tail.length > 0) {
      const problem = await stillThere(developers, tail);
      if (problem !== undefined) return { kind: 'failed', error: problem };
    }
    const answer = await developers.listEmails({ startKey, count: listingPage });
    if (!answer.ok) {
      if (answer.error.kind === 'absent' && startKey !== undefined) continue;
      return { kind: 'failed', error: answer.error };
    }
    if (startKey === undefined) {
      const emails = [...new Set(answer.value)];
      return emails.length === 0
        ? nobodyAtAll(developers)
        : { kind: 'page', from: 'beginning', emails, isPaged: isPaged(answer.value) };
    }
    const behind = after(answer.value, startKey);
    if (behind !== undefined) {
      const emails = behind.filter((email) => !tail.includes(email));
      if (emails.length > 0)
        return { kind: 'page', from: 'tail', emails, isPaged: isPaged(answer.value) && answer.value[0] === startKey };
      const last = behind.at(-1);
      if (last === undefined) return endOf(developers, answer.value, startKey);
      followed.add(startKey);
      if (followed.has(last)) return { kind: 'failed', error: 'circle' };
      keys.push(last);
      continue;
    }
    // The answer leaves out its start key, which is right only if that developer has been deleted.
    const problem = await stillThere(developers, [startKey]);
    if (problem !== undefined) return { kind: 'failed', error: problem };
  }
  return { kind: 'failed', error: 'inconsistent' };
}

function isPaged(emails: readonly string[]): boolean {
  return emails.length <= listingPage;
}

/**
 * Nobody comes behind the start key. Where Apigee has not begun there, that is the end only where it does not go by `count`
 * either, and so has shown everybody.
 */
async function endOf(developers: Developers, emails: readonly string[], startKey: string): Promise<NextPage> {
  if (emails[0] === startKey || emails.length > listingPage) return { kind: 'end' };
  const few = await developers.listEmails({ startKey: undefined, count: fewest });
  if (!few.ok) return { kind: 'failed', error: few.error };
  return few.value.length > fewest || emails.length <= fewest
    ? { kind: 'end' }
    : { kind: 'failed', error: 'inconsistent' };
}

async function nobodyAtAll(developers: Developers): Promise<NextPage> {
  const answer = await developers.listDevelopers({ startKey: undefined, count: 1 });
  if (!answer.ok) return { kind: 'failed', error: answer.error };
  return answer.value.emails.length === 0 ? { kind: 'end' } : { kind: 'failed', error: 'inconsistent' };
}

/** What is wrong where Apigee's listing denies these developers; undefined where they are gone, as far as can be asked. */
async function stillThere(
  developers: Developers,
  emails: readonly string[],
): Promise<ApigeeError | 'inconsistent' | undefined> {
  for (const email of emails.filter(canBeNamed)) {
    const answer = await developers.get(email);
    if (!answer.ok) return answer.error;
    if (answer.value !== undefined) return 'inconsistent';
  }
  return undefined;
}

/** What an answer lists behind its start key, everyone once; undefined where the key is missing. */
function after(emails: readonly string[], startKey: string): readonly string[] | undefined {
  const index = emails.indexOf(startKey);
  if (index < 0) return undefined;
  return [...new Set(emails.slice(index + 1))].filter((email) => email !== startKey);
}
