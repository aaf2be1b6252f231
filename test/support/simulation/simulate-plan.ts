import { act, byPeople } from './act.ts';
import { newAuditFeed } from './audit-feed.ts';
import { isInStep } from './case.ts';
import { emailOf } from './fields.ts';
import { newLedger } from './ledger.ts';
import { newPost } from './mail.ts';
import { approveRun } from './operate.ts';
import { operateAtRest } from './operate-at-rest.ts';
import { letOthersWork } from './others.ts';
import type { Action, Plan } from './plan.ts';
import type { Post } from './post.ts';
import { createDeveloper, createUser } from './put-people.ts';
import { askVerifier } from './second-opinion.ts';
import { personOf, snapshot, unusableUsers, type Person, type Snapshot } from './snapshot.ts';
import { judgeActs } from './verdict-acts.ts';
import { judgeLinksOfNobody } from './verdict-kept.ts';
import { judge } from './verdict.ts';
import { watchPortal } from './watch-portal.ts';
import { newWorld, problem, type World } from './world.ts';

const minute = 60_000;
const day = 24 * 60 * minute;
/** Full runs after which nothing may be left to do. */
const mostRuns = 4;

/** Plays a plan; answers what was wrong, if anything. `traced` takes a readable line for everything that happens. */
export async function simulatePlan(plan: Plan, traced?: string[]): Promise<readonly string[]> {
  const feed = plan.settings.pull === true ? newAuditFeed(plan) : undefined;
  const world = newWorld(plan, traced, feed?.watched);
  const post = newPost(world);
  const stop = (): boolean => world.problems.length > 0;
  world.trace(() => JSON.stringify(plan.settings));
  watchPortal(world);
  await populate(world);
  world.database.onPortalWrite((id) => post.event(id));
  feed?.connect(world, post);
  const { operated } = plan.settings;
  post.publish('requests', {}, operated?.isFirstScheduled === true ? { schedule: 'hourly' } : { runId: 'first' });

  for (const [round, actions] of plan.rounds.entries()) {
    const before = snapshot(world);
    const began = world.scheduler.now();
    const statuses = [...before].map(([email, { users }]) => [email, new Set([users[0]?.data['status']])] as const);
    world.ledger = newLedger(stillTainted(world, before), new Map(statuses));
    world.calm = false;
    letOthersWork(world);
    await actAll(world, post, actions, stop);
    await world.scheduler.advance(world.random.int(0, minute), stop);
    world.calm = true;
    world.trace(() => `--- round ${String(round)}: no more edits and no more faults`);
    await comeToRest(world, post, round, stop);
    if (!stop()) judge(world, before, round);
    if (!stop()) judgeActs(world, began);
    if (!stop()) judgeLinksOfNobody(world);
    if (!stop()) await askVerifier(world, round);
    if (!stop() && operated !== undefined) await operateAtRest(world, post, round, () => settled(world, stop));
    if (stop()) return world.problems;
  }
  return world.problems;
}

/**
 * Whose emails changed hands, and who is in step since, is somebody like everybody else in the next round; not with a field that
 * cannot be read: the next edit of it says what becomes of everything that was in it.
 */
function stillTainted({ ledger }: World, now: Snapshot): Set<string> {
  const isLikeOthers = (person: Person): boolean => isInStep(person) && person.link?.leftAlone === undefined;
  return new Set([...ledger.tainted].filter((email) => !isLikeOthers(personOf(now, email))));
}

/** One after the other; a meddler is early, and does it while the product is at work. */
async function actAll(world: World, post: Post, actions: readonly Action[], stop: () => boolean): Promise<void> {
  let done = 0;
  const next = (): void => {
    const action = actions[done];
    done += 1;
    if (action !== undefined) act(world, post, action);
  };
  world.meddle = next;
  while (done < actions.length && !stop()) {
    const waitsFor = done;
    await world.scheduler.advance(actions[waitsFor]?.gap ?? 0, stop);
    if (done === waitsFor && !stop()) next();
  }
}

/** Before the product was there. Whoever has the odd number was edited later on the portal. */
async function populate(world: World): Promise<void> {
  for (const [person, { portal, apigee, inactive }] of world.plan.people.entries()) {
    const email = emailOf(person);
    const create = {
      portal: () => portal && createUser(world, `u${String(person)}`, email, portal, inactive.portal),
      apigee: () => apigee && createDeveloper(world, email, apigee, inactive.apigee),
    };
    byPeople(world, person % 2 === 0 ? create.portal : create.apigee);
    await world.scheduler.advance(minute, () => false);
    byPeople(world, person % 2 === 0 ? create.apigee : create.portal);
  }
}

/** Delivers what is under way, and makes full runs until one has nothing to do. */
async function comeToRest(world: World, post: Post, round: number, stop: () => boolean): Promise<void> {
  const { scheduler, database } = world;
  const settle = (): Promise<void> => settled(world, stop);
  await settle();
  for (let count = 1; count <= mostRuns + 1 && !stop(); count += 1) {
    await scheduler.advance(30 * minute, stop);
    const runId = `rest-${String(round)}-${String(count)}`;
    const written = world.written;
    post.publish('requests', { mode: 'full' }, { runId });
    await settle();
    if (stop()) return;
    const run = database.runs.runs.get(runId);
    if (run?.state === 'held' && mayBeHeld(world)) {
      approveRun(world, post, runId);
      await settle();
      continue;
    }
    if (run?.state !== 'done') {
      problem(world, `the run ${runId} without any fault is ${run?.state ?? 'unknown'}: ${run?.problem ?? ''}`);
      return;
    }
    world.trace(() => `--- ${runId}: ${JSON.stringify(run.totals)}`);
    if (run.totals?.traffic.writes === 0 && world.written === written) {
      countEveryone(world, run.totals.counts.seen);
      return;
    }
  }
  problem(world, `after ${String(mostRuns)} full runs there was still something to write (rule 12)`);
}

async function settled(world: World, stop: () => boolean): Promise<void> {
  if (!(await world.scheduler.drain(day, stop)) && !stop()) problem(world, 'something goes on for ever');
}

/** Rule 32. */
function mayBeHeld({ settings: { operated } }: World): boolean {
  return operated !== undefined && operated.creationLimit < 500;
}

/** Rule 26. A renamed person whose email Apigee keeps is one person with two emails. */
function countEveryone(world: World, seen: number): void {
  if (world.ledger.tainted.size > 0) return;
  const people = [...snapshot(world).values()].filter(({ users, developers }) => users.length + developers.length > 0);
  world.trace(() => `there are ${people.map(({ email }) => email).join(', ')}`);
  const there = people.length + unusableUsers(world).length;
  if (seen !== there) problem(world, `${String(seen)} people counted, there are ${String(there)} (rule 26)`);
}
