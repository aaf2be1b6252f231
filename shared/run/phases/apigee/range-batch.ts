import { listRange } from '../../../apigee/list-range.ts';
import { canonicalEmail } from '../../../core/model/email.ts';
import { marksOf } from '../../../core/listing/cut.ts';
import { personDigest } from '../../../core/listing/fingerprint.ts';
import type { ApigeeBatch, FoundRange, ListingPart } from '../../../state/batch.ts';
import type { Session } from '../../session.ts';
import type { BatchContext, BatchEnd } from '../phase.ts';
import { withoutAnswer } from '../phase.ts';
import { isSelected } from './listed-people.ts';
import { lookAtListed } from './look-at-listed.ts';
import { reconcilePage } from './page-batch.ts';
import { readAlone } from './read-alone.ts';

type RangePart = Extract<ListingPart, { kind: 'range' }>;

/**
 * Lists a range, expanded, and looks at its developers. One of whom the listing says what it said when the person was last in
 * step costs no more than that.
 *
 * Where a developer may be renamed, what was listed is noted before anybody is worked on, and a delivery that comes again looks
 * at the same people: one whom the first delivery renamed would look like somebody else (rules 17, 24).
 */
export async function reconcileRange(context: BatchContext, batch: ApigeeBatch, part: RangePart): Promise<BatchEnd> {
  const { people, listed } = batch;
  if (listed !== undefined) return reconcileNoted(context, { people, listed });
  const { session, run, deps, report } = context;
  const range = await listRange(deps.developers, part, () => beginningsOf(context, part));
  if (range.kind === 'failed') return withoutAnswer(range.error);
  const { emails, end } = range;
  const selected = emails.filter((email) => isSelected(session, email));
  const developers = new Map(range.developers);
  const problem = await readAlone(deps.developers, selected, developers);
  if (problem !== undefined) return problem;
  const found = { people: selected, listed: { size: emails.length, marks: marksOf(emails), end } };
  if (session.policy.rename === 'in-place') {
    const noted = await note(session, batch, found);
    if (noted !== undefined) return reconcileNoted(context, noted);
  }
  report.found = found;
  // An incremental run looks at too few to say anew who is in step.
  const knows = run.mode === 'full' ? () => knownOf(context, part) : undefined;
  return lookAtListed({ ...context, deps: knowingOwn(context, selected) }, selected, developers, knows);
}

/** Notes what a range has shown; answers what another delivery has noted before. */
async function note({ runs }: Session, batch: ApigeeBatch, found: FoundRange): Promise<FoundRange | undefined> {
  const isOurs = await runs.rewriteBatch(batch, (current) =>
    current.phase === 'apigee' && current.listed === undefined ? { ...current, ...found } : undefined,
  );
  const noted = isOurs ? undefined : await runs.getBatch(batch);
  return noted?.listed && { people: noted.people, listed: noted.listed };
}

async function reconcileNoted(context: BatchContext, found: FoundRange): Promise<BatchEnd> {
  context.report.found = found;
  return reconcilePage({ ...context, deps: knowingOwn(context, found.people) }, found.people);
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
