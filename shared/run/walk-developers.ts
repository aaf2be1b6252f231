import { canonicalEmail } from '../core/model/email.ts';
import type { Run } from '../state/runs.ts';
import { listingPage, nextPage, tailLength } from '../apigee/listing.ts';
import { checkpoint, type Session } from './session.ts';
import { Temporary } from '../sync/temporary.ts';

export type Walked =
  | { readonly kind: 'complete'; readonly run: Run }
  /** The time is up: the run document says where to go on. */
  | { readonly kind: 'to-be-continued' }
  /** Apigee refuses every call. */
  | { readonly kind: 'denied'; readonly message: string };

/**
 * Walks Apigee's listing and makes a batch of each page. A page is published before the cursor moves past it: a crash in
 * between publishes it again, and its batch document, created once, says what it holds.
 * Throws where the listing fails in a way that passes: the message is delivered again and goes on from the cursor.
 */
export async function walkDevelopers(session: Session, run: Run): Promise<Walked> {
  const { runId } = run;
  let current = run;
  while (!current.walks.apigee.complete) {
    if (session.now() > session.deadline) return { kind: 'to-be-continued' };
    const tail = tailOf(current);
    const page = await nextPage(session.developers, tail);
    if (page.kind === 'failed') {
      const { error } = page;
      if (error === 'inconsistent') throw new Temporary('apigee', 'list: the developer listing contradicts itself');
      if (error.kind === 'denied' || error.kind === 'refused') return { kind: 'denied', message: error.message };
      throw new Temporary('apigee', error.message);
    }
    current =
      page.kind === 'end'
        ? await checkpoint(session, runId, (state) => withWalk(state, { ...state.walks.apigee, complete: true }))
        : await publishPage(session, current, tail, page.emails);
  }
  return { kind: 'complete', run: current };
}

async function publishPage(
  session: Session,
  run: Run,
  before: readonly string[],
  emails: readonly string[],
): Promise<Run> {
  const { runId } = run;
  const seq = run.walks.apigee.batches;
  const page = emails.slice(0, listingPage);
  const people = page.filter((email) => isSelected(session, email));
  const batch = {
    runId,
    phase: 'apigee',
    seq,
    after: page[0],
    through: page.at(-1),
    people,
    result: undefined,
  } as const;
  const created = await session.runs.createBatch(batch);
  const published = created ? batch : ((await session.runs.getBatch(batch)) ?? batch);
  await session.publisher.publishBatch({ runId, phase: 'apigee', seq });
  const last = created ? page : [published.through ?? ''].filter((email) => email !== '');
  const tail = [...before, ...last].slice(-tailLength);
  return checkpoint(session, runId, (state) =>
    state.walks.apigee.batches === seq && !state.walks.apigee.complete
      ? {
          ...withWalk(state, { batches: seq + 1, complete: false, cursor: tail.join('\n') }),
          walked: state.walked + published.people.length,
        }
      : state,
  );
}

/** The last developers walked so far, oldest first. */
function tailOf({ walks }: Run): readonly string[] {
  const { cursor } = walks.apigee;
  return cursor === undefined || cursor === '' ? [] : cursor.split('\n');
}

/** Someone whose email cannot be used is kept: they fail, visibly. */
function isSelected({ policy }: Session, email: string): boolean {
  const canonical = canonicalEmail(email);
  return canonical === undefined || policy.inScope(canonical);
}

function withWalk(run: Run, apigee: Run['walks']['apigee']): Run {
  return { ...run, walks: { ...run.walks, apigee } };
}
