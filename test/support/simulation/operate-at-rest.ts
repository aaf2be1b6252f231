import { command } from './command.ts';
import { keyOf, undoOf } from './operate.ts';
import type { ForgottenPerson } from '../../../shared/operator/actions/forget-person.ts';
import { forgetPerson } from '../../../shared/operator/actions/forget-person.ts';
import { undoAct } from '../../../shared/operator/actions/undo.ts';
import type { Post } from './post.ts';
import { random } from './random.ts';
import { askVerifier } from './second-opinion.ts';
import { personOf, snapshot } from './snapshot.ts';
import { judgeUndo } from './verdict-acts.ts';
import { judgeForgotten } from './verdict-kept.ts';
import { problem, type World } from './world.ts';

const minute = 60_000;

/** Once everything is quiet: undoes something, and forgets whoever is on neither side. Nothing stands in the way of that. */
export async function operateAtRest(
  world: World,
  post: Post,
  round: number,
  settle: () => Promise<void>,
): Promise<void> {
  const draw = random(world.plan.schedule ^ (round + 1) ^ 0x0de5c);
  const isOver = (): boolean => world.problems.length > 0;
  if (draw.chance(0.7)) await undoAtRest(world, post, draw.next(), draw.pick(['act', 'person', 'change']), settle);
  if (!isOver()) await askVerifier(world, round);
  for (let person = 0; person < world.plan.people.length + 3 && !isOver(); person += 1)
    if (draw.chance(0.3)) await forgetAtRest(world, post, person, settle);
}

/** Rule 35: everything is as before but for later edits, and the runs behind it write nobody. */
async function undoAtRest(
  world: World,
  post: Post,
  which: number,
  of: 'act' | 'person' | 'change',
  settle: () => Promise<void>,
): Promise<void> {
  const order = undoOf(world, which, of);
  if (order === undefined) return;
  let runId = '';
  command(
    world,
    post,
    `undo ${order.act} at rest`,
    (services, by) => undoAct(services, by, { ...order, dryRun: false }),
    (asked) => (runId = asked?.kind === 'asked' ? asked.runId : ''),
  );
  await settle();
  const run = world.database.runs.runs.get(runId);
  if (run?.state !== 'done') problem(world, `an undo without any fault is ${run?.state ?? 'not begun'}`);
  if (run?.state !== 'done') return;
  judgeUndo(world, run);
  const written = world.written;
  // Where emails were handed on, a person may have to wait for one to be free; who shared one need not wait any more.
  const { handedOn, parted } = world.operations;
  const isSettled = handedOn.size === 0 && parted.size === 0;
  for (const name of ['first', 'second']) {
    await world.scheduler.advance(30 * minute, () => false);
    const after = `${runId}-${name}`;
    post.publish('requests', { mode: 'full' }, { runId: after });
    await settle();
    const full = world.database.runs.runs.get(after);
    if (full?.state !== 'done') problem(world, `the run behind an undo is ${full?.state ?? 'unknown'}`);
    if (!isSettled) continue;
    if (world.written !== written) problem(world, 'the run behind an undo writes somebody (rule 35)');
    if (name === 'second' && full?.totals?.traffic.writes !== 0)
      problem(world, 'the second run behind an undo writes a link (rules 12, 35)');
  }
}

/** Rule 37: nothing that is kept names them any more. */
async function forgetAtRest(world: World, post: Post, person: number, settle: () => Promise<void>): Promise<void> {
  const key = keyOf(person);
  const { users, developers } = personOf(snapshot(world), key);
  // A portal user who took an email that is somebody else's is still theirs.
  const { userId } = world.database.linkOf(key) ?? {};
  const isRenamed = userId !== undefined && world.database.portal.get(userId) !== undefined;
  if (users.length + developers.length > 0 || isRenamed) return;
  let answer: ForgottenPerson | undefined;
  command(
    world,
    post,
    `forget ${key} at rest`,
    (services, by) => forgetPerson(services, by, key),
    (said) => (answer = said),
  );
  await settle();
  judgeForgotten(world, key, answer);
}
