import pMap from 'p-map';
import type { ApigeeError, Developers } from '../apigee/developers.ts';
import { canonicalEmail } from '../core/model/email.ts';
import type { Developer } from '../core/model/profile.ts';

/** The most developers that Apigee answers in a page. */
const pageLength = 1000;
/** How many emails of a page can serve as start key of the next, should the last of them be gone. */
const tailLength = 5;
const atOnce = 8;

export type Reading = { readonly kind: 'complete' } | { readonly kind: 'incomplete'; readonly problem: string };

/**
 * Reads every developer, with two calls a page: the plain listing says which developers there are, the expanded one
 * gives their profiles, and a developer whom the expanded listing leaves out is read alone. Calls `take` once for each,
 * with the email as Apigee spells it, and without the developer where that email is not usable. Keeps all emails while
 * it reads. A page that fails ends the reading: a part of a listing proves nothing about who is missing (rule 25).
 */
export async function readApigee(
  developers: Developers,
  take: (email: string, developer: Developer | undefined) => void,
): Promise<Reading> {
  const seen = new Set<string>();
  let tail: readonly string[] = [];
  for (;;) {
    const page = await pageAfter(developers, tail);
    if (typeof page === 'string') return incomplete(page);
    if (page.length === 0) return { kind: 'complete' };
    const emails = [...new Set(page)].filter((email) => !seen.has(email));
    if (emails.length === 0) return incomplete('the listing of developers goes round in circles');
    const problem = await readAll(developers, emails, take);
    if (problem !== undefined) return incomplete(problem.message);
    for (const email of emails) seen.add(email);
    tail = page.slice(-tailLength);
  }
}

/**
 * The emails after the last one of `tail` that is still there, or the problem, in a sentence, if they cannot be read.
 */
async function pageAfter(developers: Developers, tail: readonly string[]): Promise<readonly string[] | string> {
  const keys = tail.length === 0 ? [undefined] : tail.toReversed();
  for (const startKey of keys) {
    const answer = await developers.listEmails({ startKey, count: pageLength });
    if (answer.ok) {
      if (startKey === undefined) return answer.value;
      const index = answer.value.indexOf(startKey);
      if (index >= 0) return answer.value.slice(index + 1);
    } else if (answer.error.kind !== 'absent' || startKey === undefined) {
      return answer.error.message;
    }
  }
  return 'the listing of developers lost its place: the last ones that were read are gone';
}

async function readAll(
  developers: Developers,
  emails: readonly string[],
  take: (email: string, developer: Developer | undefined) => void,
): Promise<ApigeeError | undefined> {
  const usable = emails.filter((email) => canonicalEmail(email) !== undefined);
  const expanded = await developers.listDevelopers({ startKey: emails[0], count: pageLength });
  // Some organisations refuse to expand a page, or the start key is gone by now: then each developer is read alone.
  const mayReadAlone = expanded.ok || expanded.error.kind === 'absent' || expanded.error.kind === 'refused';
  if (!expanded.ok && !mayReadAlone) return expanded.error;
  const found = new Map(
    (expanded.ok ? expanded.value.developers : []).map((developer) => [developer.email, developer]),
  );
  const missing = usable.filter((email) => !found.has(email));
  const answers = await pMap(missing, (email) => developers.get(email), { concurrency: atOnce });
  for (const answer of answers) {
    if (!answer.ok) return answer.error;
    if (answer.value !== undefined) found.set(answer.value.email, answer.value);
  }
  for (const email of emails) {
    const developer = found.get(email);
    if (canonicalEmail(email) === undefined) take(email, undefined);
    else if (developer !== undefined) take(email, developer);
  }
  return undefined;
}

function incomplete(problem: string): Reading {
  return { kind: 'incomplete', problem };
}
