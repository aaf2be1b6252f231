import { isLeased } from '../../core/link-changes/leased.ts';
import { forgottenInBatch, type Forgetting } from '../../state/forget-in-batch.ts';
import type { PersonKey } from '../../core/model/email.ts';
import type { Changes } from '../../state/changes.ts';
import { newMeter } from '../../state/meter.ts';
import { committed } from '../../state/people.ts';
import { isReviewed } from '../../run/session.ts';
import type { Run } from '../../state/runs.ts';
import type { Services } from '../../wiring/services.ts';
import { mentionsPerson, namesPerson, standInFor, type PersonKept } from './person-kept.ts';

/** What one eraser did. */
export interface Erased {
  readonly removed: number;
  /** A sentence about what is still kept, and until when; undefined: nothing is. */
  readonly left: string | undefined;
}

export interface Eraser {
  /** What it removes, for people: `links`. */
  readonly what: string;
  /** May be called again: after a crash the next call goes on. */
  readonly erase: (services: Services, person: PersonKept) => Promise<Erased>;
}

/**
 * All that we keep of a person (rule 37). Whatever else is to be kept of people gets its eraser here. Links come last: by
 * them the other names of the person are found, also after a crash.
 */
export const erasers: readonly Eraser[] = [
  { what: 'rows in reports of runs', erase: eraseFromRuns },
  { what: 'where the listing is cut', erase: eraseFromListing },
  { what: 'changes', erase: eraseChanges },
  { what: 'what dry runs would have changed', erase: eraseFromPlans },
  { what: 'records of actions', erase: eraseFromAudit },
  { what: 'links', erase: eraseLinks },
];

/** So many runs, the newest first, and so many of their batches are looked through. Older ones are gone after 30 days. */
const mostRuns = 3000;
const mostBatches = 20_000;

async function eraseFromRuns(services: Services, person: PersonKept): Promise<Erased> {
  const runs = services.runs(newMeter());
  const isMentioned = mentionsPerson(person);
  const forgetting = { isMeant: namesPerson(person), isMentioned, standIn: standInFor(person) };
  let removed = 0;
  let read = 0;
  let passed = 0;
  for (const run of await runs.recent(mostRuns)) {
    if (!isOver(run) || read >= mostBatches) {
      passed += 1;
      continue;
    }
    for await (const batch of runs.batches(run.runId)) {
      read += 1;
      if (forgottenInBatch(batch, forgetting) === undefined) continue;
      if (await runs.rewriteBatch(batch, (current) => forgottenInBatch(current, forgetting))) removed += 1;
    }
    if (isMentionedIn(run, forgetting))
      await runs.update(run.runId, (current) => ({ run: withoutMention(current, forgetting), result: undefined }));
  }
  const left = `${String(passed)} runs that are not over, or too many to look through: their reports go after 30 days`;
  return { removed, left: passed === 0 ? undefined : left };
}

/** A range that began with them becomes a part of the one before. */
async function eraseFromListing(services: Services, person: PersonKept): Promise<Erased> {
  const isMeant = namesPerson(person);
  const isTheirs = (from: string | undefined): boolean => from !== undefined && isMeant(from);
  const removed = await services.runs(newMeter()).updateListing((memory) => {
    if (!memory.ranges.some(({ from }) => isTheirs(from))) return undefined;
    return { ...memory, ranges: memory.ranges.filter(({ from }) => !isTheirs(from)) };
  });
  return { removed: removed ? 1 : 0, left: undefined };
}

async function eraseChanges({ changes }: Services, { keys }: PersonKept): Promise<Erased> {
  return { removed: await forgetIn(changes, keys), left: undefined };
}

/** Plans of dry runs, and of runs that waited for approval. Of older ones nothing is kept any more. */
async function eraseFromPlans(services: Services, { keys }: PersonKept): Promise<Erased> {
  let removed = 0;
  for (const run of await services.runs(newMeter()).recent(mostRuns))
    if (run.dryRun || isReviewed(run)) removed += await forgetIn(services.planned(run.runId), keys);
  return { removed, left: undefined };
}

async function forgetIn(changes: Changes, keys: readonly PersonKey[]): Promise<number> {
  let removed = 0;
  for (const key of keys) removed += await changes.forget(key);
  return removed;
}

function isOver({ state }: Run): boolean {
  return state === 'done' || state === 'failed';
}

/**
 * A walk that is over may still say where it was, and that is an email of the listing; a reason is what somebody typed, and
 * people may have been chosen by name.
 */
function isMentionedIn({ walks, reason, chosen }: Run, { isMeant, isMentioned }: Forgetting): boolean {
  if (chosen?.people.some((key) => isMeant(key)) === true) return true;
  return [reason, ...Object.values(walks).map(({ cursor }) => cursor)].some(
    (text) => text !== undefined && isMentioned(text),
  );
}

function withoutMention(run: Run, { isMeant, isMentioned, standIn }: Forgetting): Run {
  const kept = (text: string | undefined): string | undefined =>
    text !== undefined && isMentioned(text) ? undefined : text;
  const { portal, apigee, links, destructive } = run.walks;
  return {
    ...run,
    reason: kept(run.reason),
    chosen: run.chosen && {
      ...run.chosen,
      people: run.chosen.people.map((key) => (isMeant(key) ? standIn : key)),
    },
    walks: {
      portal: { ...portal, cursor: kept(portal.cursor) },
      apigee: { ...apigee, cursor: kept(apigee.cursor) },
      links: { ...links, cursor: kept(links.cursor) },
      destructive: { ...destructive, cursor: kept(destructive.cursor) },
    },
  };
}

/** That an action took place stays, with who acted and when; about whom is a keyed hash from now on. */
async function eraseFromAudit({ audit }: Services, person: PersonKept): Promise<Erased> {
  let removed = 0;
  for (const key of person.keys) removed += await audit.forget(key, person.hash, mentionsPerson(person));
  return { removed, left: undefined };
}

/** Of somebody who has come back meanwhile the link is theirs, with what it says of both sides (rule 10). */
async function eraseLinks(services: Services, { keys, versions }: PersonKept): Promise<Erased> {
  const people = services.people(newMeter());
  const outcome = await people.transact<number | 'busy'>({ links: keys, userIds: [] }, (view) => {
    const found = [...view.links];
    const isWritten = found.some(([key, { version }]) => version !== versions.get(key));
    if (isWritten || found.some(([, { link }]) => isLeased(link, view.now))) return { result: 'busy' };
    return { result: found.length, removeLinks: found.map(([key]) => key) };
  });
  const removed = committed(outcome);
  if (removed === 'busy') return { removed: 0, left: 'the link: somebody is writing this person, so try again' };
  return { removed, left: undefined };
}
