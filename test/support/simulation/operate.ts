import { canonicalEmail, type PersonKey } from '../../../shared/core/model/email.ts';
import { actorName } from '../../../shared/core/model/link.ts';
import { editDeveloper } from '../../../shared/operator/actions/edit-developer.ts';
import { forgetPerson } from '../../../shared/operator/actions/forget-person.ts';
import { approveHeldRun, rejectHeldRun, releaseHeldPerson } from '../../../shared/operator/actions/holds.ts';
import { applyPlan, planPeople, type PlanOrder } from '../../../shared/operator/actions/plan.ts';
import { syncOnePerson } from '../../../shared/operator/actions/sync-one.ts';
import { makeUndo, undoToMake } from '../../../shared/operator/actions/undo-shown.ts';
import { undoAct, type UndoOrder } from '../../../shared/operator/actions/undo.ts';
import { readPlan } from '../../../shared/operator/views/plan.ts';
import { decodeChange } from '../../../shared/state/change-document.ts';
import { command } from './command.ts';
import { emailOf, fieldName } from './fields.ts';
import { noteMoved } from './operations.ts';
import type { Only, OperatorAction } from './operators.ts';
import type { Post } from './post.ts';
import type { World } from './world.ts';

type ActionOf<K extends OperatorAction['kind']> = Extract<OperatorAction, { kind: K }>;

/** Gives an operator's command to the product; nothing where there is nothing to give it for. */
export function operate(world: World, post: Post, action: OperatorAction): boolean {
  switch (action.kind) {
    case 'plan':
      return plan(world, post, action.people.map(keyOf));
    case 'apply':
      return apply(world, post, action);
    case 'undo':
      return undo(world, post, action);
    case 'approve':
      return approve(world, post, action);
    case 'release':
      return release(world, post, action.which);
    case 'forget':
      command(world, post, 'forget', (services, by) => forgetPerson(services, by, keyOf(action.person)));
      return true;
    case 'order':
      return order(world, post, action);
    case 'sync-one':
      command(world, post, 'sync one', (services) => syncOnePerson(services, keyOf(action.person)));
      return true;
  }
}

export function keyOf(person: number): PersonKey {
  const key = canonicalEmail(emailOf(person));
  if (key === undefined) throw new Error('an email of the simulation that cannot be used');
  return key;
}

function plan(world: World, post: Post, people: readonly PersonKey[]): boolean {
  if (people.length === 0) {
    const runId = `plan-${String(world.scheduler.now())}`;
    post.publish('requests', { mode: 'full', dryRun: true }, { runId });
  } else command(world, post, 'plan', (services, by) => planPeople(services, by, [...new Set(people)]));
  return true;
}

/** With the hash that was read before, as a script would. */
function apply(world: World, post: Post, { which, only, isRepeated }: ActionOf<'apply'>): boolean {
  const plans = [...world.database.runs.runs.values()].filter(({ dryRun, mode }) => dryRun && mode !== 'undo');
  const chosen = oneOf(plans, which);
  if (chosen === undefined) return false;
  const { runId: planId } = chosen;
  const give = (): void => {
    command(world, post, `apply ${planId}`, async (services, by) => {
      const read = await readPlan(services, planId);
      const found: PlanOrder = { planId, hash: read?.hash, only: choiceOf(world, planId, only) };
      return applyPlan(services, by, found);
    });
  };
  give();
  if (isRepeated) world.scheduler.at(world.random.int(0, 60_000), give);
  return true;
}

function choiceOf({ operations }: World, planId: string, only: Only): PlanOrder['only'] {
  switch (only.kind) {
    case 'everybody':
      return { people: [], kinds: [] };
    case 'person': {
      const told = [...operations.plans.of(planId).after(undefined)].map(({ id, data }) => decodeChange(id, data).key);
      const one = oneOf(told, only.which);
      return { people: one === undefined ? [keyOf(0)] : [one], kinds: [] };
    }
    case 'kind':
      return { people: [], kinds: [only.name] };
  }
}

function undo(world: World, post: Post, { which, of, isShown }: ActionOf<'undo'>): boolean {
  const found = undoOf(world, which, of);
  if (found === undefined) return false;
  if (isShown) showFirst(world, post, found);
  else command(world, post, `undo ${found.act}`, (services, by) => undoAct(services, by, { ...found, dryRun: false }));
  return true;
}

/** What of all that is kept is undone. */
export function undoOf(world: World, which: number, of: ActionOf<'undo'>['of']): Omit<UndoOrder, 'dryRun'> | undefined {
  const changes = [...world.database.changes.after(undefined)].map(({ id, data }) => decodeChange(id, data));
  const change = oneOf(changes, which);
  if (change === undefined) return undefined;
  const { by, key, id } = change;
  const isAct = of === 'act' && (by.kind === 'run' || by.kind === 'operator');
  return { act: of === 'change' ? id : actorName(by), people: isAct ? [] : [key] };
}

/** As the console does: a dry run shows what would be put back, and then it is confirmed. */
function showFirst(world: World, post: Post, order: Omit<UndoOrder, 'dryRun'>): void {
  command(
    world,
    post,
    `show the undo of ${order.act}`,
    (services, by) => undoAct(services, by, { ...order, dryRun: true }),
    (asked) => {
      if (asked?.kind !== 'asked') return;
      world.scheduler.at(world.random.int(1000, 300_000), () =>
        command(world, post, `make the undo ${asked.runId}`, async (services, by) => {
          const shown = await undoToMake(services, asked.runId);
          return shown.kind === 'shown' ? makeUndo(services, by, shown.undo) : shown;
        }),
      );
    },
  );
}

function approve(world: World, post: Post, { which, isRejected }: ActionOf<'approve'>): boolean {
  const held = [...world.database.runs.runs.values()].filter(({ state, dryRun }) => state === 'held' && !dryRun);
  const run = oneOf(held, which);
  if (run === undefined) return false;
  if (isRejected) command(world, post, `reject ${run.runId}`, (services) => rejectHeldRun(services, run.runId));
  else approveRun(world, post, run.runId);
  return true;
}

export function approveRun(world: World, post: Post, runId: string): void {
  command(world, post, `approve ${runId}`, (services) => approveHeldRun(services, runId));
}

/** Only of what an undo holds: other holds say what the policies came to. */
function release(world: World, post: Post, which: number): boolean {
  const link = oneOf(
    world.database.allLinks().filter(({ hold }) => hold?.reason === 'undone'),
    which,
  );
  if (link === undefined) return false;
  noteMoved(world, link.key);
  command(world, post, `release ${link.key}`, (services) => releaseHeldPerson(services, link.key));
  return true;
}

function order(world: World, post: Post, { person, field, value }: ActionOf<'order'>): boolean {
  const key = keyOf(person);
  const changes = [{ field: fieldName(field), value }];
  command(
    world,
    post,
    `edit ${key}`,
    (services, by) => editDeveloper(services, by, { key, seen: undefined, changes }),
    undefined,
    { email: key, field, value },
  );
  return true;
}

function oneOf<T>(all: readonly T[], which: number): T | undefined {
  return all[Math.floor(which * all.length)];
}
