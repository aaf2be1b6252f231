import pMap from 'p-map';
import { combined } from '../../core/changes/combined.ts';
import { planKindOf } from '../../core/changes/plan.ts';
import type { Change } from '../../core/model/change.ts';
import { canonicalEmail, type PersonKey } from '../../core/model/email.ts';
import { changesOfPerson, peopleChangedBy } from '../../state/changes.ts';
import type { Chosen, Run } from '../../state/runs.ts';
import { isReviewed, type Session } from '../session.ts';
import { listingWalk } from './apigee/listed-people.ts';
import { lookAtPeople } from './links.ts';
import { undoPeople } from './undo.ts';
import type { BatchContext, BatchEnd } from './phase.ts';

export const perBatch = 100;

/** The people who were named, or those of the plan or of the act that were asked for. */
export async function* chosenPeople(session: Session, chosen: Chosen): AsyncIterable<readonly PersonKey[]> {
  let batch: PersonKey[] = [];
  for await (const key of keysOf(session, chosen)) {
    batch.push(key);
    if (batch.length < perBatch) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}

function keysOf(
  session: Session,
  { plan, undo, people, kinds }: Chosen,
): AsyncIterable<PersonKey> | Iterable<PersonKey> {
  if (plan !== undefined) return plannedPeople(session, plan, { people, kinds });
  return undo === undefined || people.length > 0 ? people : changedPeople(session, undo);
}

async function* changedPeople({ changes }: Session, act: string): AsyncIterable<PersonKey> {
  for await (const [{ key }] of peopleChangedBy(changes, act)) yield key;
}

async function* plannedPeople(
  { plannedBy }: Session,
  plan: string,
  { people, kinds }: Pick<Chosen, 'people' | 'kinds'>,
): AsyncIterable<PersonKey> {
  const named = new Set(people);
  for await (const changes of peopleChangedBy(plannedBy(plan), plan)) {
    const change = combined(changes);
    if (named.size > 0 && !named.has(change.key)) continue;
    if (kinds.length === 0 || kinds.includes(planKindOf(change))) yield change.key;
  }
}

/**
 * Looks at people whom an operator chose, or had to look at first. Where a plan is applied, each is written as planned or
 * not at all (rule 36); the listing that the plan's own run walked tells who is absent, as far as nobody was seen since
 * (rule 29).
 */
export async function lookAtChosen(context: BatchContext, people: readonly PersonKey[]): Promise<BatchEnd> {
  const { session, run, deps } = context;
  if (run.chosen?.undo !== undefined) return undoPeople(context, people, run.chosen.undo, undoneUntil(run));
  const { plan } = run.chosen ?? { plan: isReviewed(run) ? run.runId : undefined };
  const planned = plan === undefined ? new Map<PersonKey, Change>() : await plannedFor(session, plan, people);
  // No listing of the portal has noted them: a portal user whom no link names is found by the email.
  const hintsOf = async (key: PersonKey): Promise<readonly string[]> => {
    const email = canonicalEmail(key);
    const ids = email === undefined ? [key.slice(1)] : await deps.people.userIdsWithEmail(email);
    const userId = planned.get(key)?.userId;
    return userId === undefined || planned.get(key)?.acts.portal === 'created' ? ids : [...new Set([...ids, userId])];
  };
  const walked = plan === undefined ? undefined : await session.runs.get(plan);
  const walk = walked && listingWalk(session.runs, walked, people);
  // A deployment may have come between the approval and its turn.
  const isOther = walked?.settings !== session.settings;
  const plannedOf = (key: PersonKey) => (isOther ? 'other-settings' : (planned.get(key) ?? 'nothing'));
  const known = plan === undefined ? undefined : plannedOf;
  return lookAtPeople({ ...context, deps: { ...deps, walk, planned: known } }, people, 'planned', hintsOf);
}

/** By the clock of a function, which made the changes as well: an operator's own clock may be anywhere. */
function undoneUntil({ chosen, startedAt }: Run): number | undefined {
  return chosen?.until ?? startedAt;
}

async function plannedFor(
  { plannedBy }: Session,
  plan: string,
  people: readonly PersonKey[],
): Promise<ReadonlyMap<PersonKey, Change>> {
  const planned = new Map<PersonKey, Change>();
  const changes = plannedBy(plan);
  await pMap(
    people,
    async (key) => {
      const found = await changesOfPerson(changes, key);
      if (found !== undefined) planned.set(key, combined(found));
    },
    { concurrency: 8 },
  );
  return planned;
}
