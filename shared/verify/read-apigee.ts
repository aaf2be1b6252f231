import pMap from 'p-map';
import type { ApigeeError, Developers } from '../apigee/developers.ts';
import { canonicalEmail } from '../core/model/email.ts';
import type { Developer } from '../core/model/profile.ts';

/** Apigee's cap per page. */
const pageLength = 1000;
/** How many emails to go back where the last one of a page is gone. */
const tailLength = 5;
const atOnce = 8;

export type Reading = { readonly kind: 'complete' } | { readonly kind: 'incomplete'; readonly problem: string };

/**
 * Reads every developer, two calls a page: the plain listing says who is there, the expanded one what they are, and whoever
 * that leaves out is read alone. `take` gets each once, by email as Apigee spells it; without a developer where the email
 * cannot be used in a path or as a person. Keeps all emails while it reads. A page that fails ends it: a part proves
 * nothing about who is missing (rule 25).
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

/** What comes after the last email of `tail` that is still there; a sentence where that cannot be told. */
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
  // Some organisations do not expand a page, and the first one may be gone by now: everyone is read alone.
  const mayReadAlone = expanded.ok || expanded.error.kind === 'absent' || expanded.error.kind === 'refused';
  if (!expanded.ok && !mayReadAlone) return expanded.error;
  const found = new Map((expanded.ok ? expanded.value : []).map((developer) => [developer.email, developer]));
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
