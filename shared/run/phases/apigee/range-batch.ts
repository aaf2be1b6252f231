import { listRange } from '../../../apigee/list-range.ts';
import { canonicalEmail } from '../../../core/model/email.ts';
import { marksOf } from '../../../core/listing/cut.ts';
import { personDigest } from '../../../core/listing/fingerprint.ts';
import type { ListingPart } from '../../../state/batch.ts';
import type { BatchContext, BatchEnd } from '../phase.ts';
import { withoutAnswer } from '../phase.ts';
import { isSelected } from './listed-people.ts';
import { lookAtListed } from './look-at-listed.ts';
import { readAlone } from './read-alone.ts';

type RangePart = Extract<ListingPart, { kind: 'range' }>;

/**
 * Lists a range, expanded, and looks at its developers. One of whom the listing says what it said when the person was last in
 * step costs no more than that.
 */
export async function reconcileRange(context: BatchContext, part: RangePart): Promise<BatchEnd> {
  const { session, run, deps, report } = context;
  const range = await listRange(deps.developers, part, () => beginningsOf(context, part));
  if (range.kind === 'failed') return withoutAnswer(range.error);
  const { emails, end } = range;
  const people = emails.filter((email) => isSelected(session, email));
  const developers = new Map(range.developers);
  const problem = await readAlone(deps.developers, people, developers);
  if (problem !== undefined) return problem;
  report.found = { people, listed: { size: emails.length, marks: marksOf(emails), end } };
  // An incremental run looks at too few to say anew who is in step.
  const knows = run.mode === 'full' ? () => knownOf(context, part) : undefined;
  return lookAtListed({ ...context, deps: knowingOwn(context, people) }, people, developers, knows);
}

/** What the listing has shown of somebody: the range itself, which is in no batch yet, or any other part of it (rule 29). */
function knowingOwn({ deps }: BatchContext, people: readonly string[]): BatchContext['deps'] {
  const { walk } = deps;
  if (walk === undefined) return deps;
  const own = new Map<string, string[]>();
  for (const name of people) {
    const key = canonicalEmail(name) ?? name;
    own.set(key, [...(own.get(key) ?? []), name]);
  }
  return { ...deps, walk: { ...walk, spellings: async (key) => own.get(key) ?? walk.spellings(key) } };
}

/** Whether a range begins with somebody; asked only where the range does not end where it should. */
async function beginningsOf({ session }: BatchContext, { from, to }: RangePart): Promise<(email: string) => boolean> {
  const { ranges = [] } = (await session.runs.listing()) ?? {};
  const beginnings = new Set([...ranges.map((range) => range.from), to]);
  return (email) => email !== from && beginnings.has(email);
}

/** Whether a person was in step when the listing said the same of the developer, and nothing has come up since. */
async function knownOf({ session, run }: BatchContext, part: RangePart) {
  const { known, apart, knows } = part;
  const fingerprints = new Set<string>();
  for (const id of knows ? known : []) {
    const inStep = (await session.runs.getBatch(id))?.result?.inStep;
    if (inStep?.settings === session.settings) for (const one of inStep.developers) fingerprints.add(one);
  }
  const digests = new Set(apart && fingerprints.size > 0 ? await session.runs.apart(run.runId) : []);
  return (key: string, fingerprint: string): boolean =>
    fingerprints.has(fingerprint) && !digests.has(personDigest(run.runId, key));
}
