import type { Field, Side } from './fields.ts';
import type { Action, Plan } from './plan.ts';
import { random, type Random } from './random.ts';

/** What operators do, besides stopping every write. `which`, in [0, 1): one of what there is at that moment, by its place. */
export type OperatorAction =
  /** A dry run whose plan may be applied; nobody: of everybody. */
  | { readonly kind: 'plan'; readonly people: readonly number[] }
  | { readonly kind: 'apply'; readonly which: number; readonly only: Only; readonly isRepeated: boolean }
  /** Of a run, a push, an operator's action, or of one change. */
  | {
      readonly kind: 'undo';
      readonly which: number;
      readonly of: 'act' | 'person' | 'change';
      readonly isShown: boolean;
    }
  | { readonly kind: 'approve'; readonly which: number; readonly isRejected: boolean }
  | { readonly kind: 'release'; readonly which: number }
  | { readonly kind: 'forget'; readonly person: number }
  /** An edit by way of the product. */
  | { readonly kind: 'order'; readonly person: number; readonly field: Field; readonly value: string }
  | { readonly kind: 'sync-one'; readonly person: number };

/** What of a plan is applied. */
export type Only =
  | { readonly kind: 'everybody' }
  | { readonly kind: 'person'; readonly which: number }
  | { readonly kind: 'kind'; readonly name: 'create' | 'update' | 'deactivate' | 'delete' };

/** Settings that only matter where there are operators. */
export interface Operated {
  readonly approval: 'none' | 'first-run' | 'destructive' | 'always';
  readonly creationLimit: number;
  readonly forgetDays: number;
  /** The schedule asks for the first run. */
  readonly isFirstScheduled: boolean;
}

const day = 24 * 3_600_000;

/** The same history with operators in it. */
export function withOperators(plan: Plan): Plan {
  const draw = random(plan.seed ^ 0x0ff1ce);
  const count = plan.people.length;
  let orders = 0;
  const value = (): string => {
    orders += 1;
    return `Nm-o${String(plan.settings.unique ? orders : draw.int(1, 3))}`;
  };
  const operated: Operated = {
    approval: draw.pick(['none', 'first-run', 'destructive', 'always', 'always']),
    creationLimit: draw.chance(0.3) ? draw.int(1, 3) : 500,
    forgetDays: draw.int(1, 3),
    isFirstScheduled: draw.chance(0.3),
  };
  const rounds = plan.rounds.map((actions) => {
    let all: readonly Action[] = actions.map((action) =>
      action.kind === 'run' && draw.chance(0.4) ? { ...action, scheduled: true } : action,
    );
    for (let left = draw.int(1, 7); left > 0; left -= 1) {
      const dice = draw.int(0, 9);
      const some =
        dice < 3
          ? lookedAtFirst(draw, count, value)
          : dice < 4
            ? leaving(draw, count, value)
            : [{ gap: gapOf(draw), ...operatorAction(draw, count, value) }];
      all = all.toSpliced(draw.int(0, all.length), 0, ...some);
    }
    return all;
  });
  // What an undo leaves behind shows where one of its processes dies.
  const { faults } = plan.settings;
  const crash = draw.chance(0.4) ? Math.max(faults.crash, 0.4) : faults.crash;
  return { ...plan, settings: { ...plan.settings, faults: { ...faults, crash }, operated }, rounds };
}

function gapOf(draw: Random): number {
  const dice = draw.int(0, 9);
  if (dice < 4) return draw.int(0, 5000);
  if (dice < 9) return draw.int(5000, 400_000);
  return draw.int(1, 4) * day;
}

function operatorAction(draw: Random, count: number, value: () => string): OperatorAction {
  const person = draw.int(0, count - 1);
  const which = draw.next();
  const dice = draw.int(0, 99);
  if (dice < 15) return { kind: 'plan', people: draw.chance(0.6) ? [] : [person, draw.int(0, count - 1)] };
  if (dice < 33) return { kind: 'apply', which, only: onlyOf(draw), isRepeated: draw.chance(0.3) };
  if (dice < 63) return { kind: 'undo', which, of: draw.pick(['act', 'person', 'change']), isShown: draw.chance(0.4) };
  if (dice < 73) return { kind: 'approve', which, isRejected: draw.chance(0.15) };
  if (dice < 78) return { kind: 'release', which };
  if (dice < 86) return { kind: 'forget', person };
  if (dice < 95)
    return { kind: 'order', person, field: draw.pick(['firstName', 'lastName', 'tier'] as const), value: value() };
  return { kind: 'sync-one', person };
}

/**
 * Edits in Apigee, which no event brings, and perhaps new developers; a plan of them, or a run that stops for review; perhaps
 * another edit; and then the plan is applied, or the run approved.
 */
function lookedAtFirst(draw: Random, count: number, value: () => string): readonly Action[] {
  const edit = (side: Side): Action => ({
    gap: draw.int(0, 3000),
    kind: 'edit',
    side,
    person: draw.int(0, count - 1),
    field: draw.pick(['firstName', 'lastName', 'tier'] as const),
    value: value(),
  });
  const join = (): Action => ({
    gap: draw.int(0, 3000),
    kind: 'create',
    side: 'apigee',
    person: draw.int(count, count + 2),
    profile: { firstName: value(), lastName: value() },
    inactive: draw.chance(0.2),
    spelling: 'plain',
  });
  const news = Array.from({ length: draw.int(1, 3) }, () => (draw.chance(0.25) ? join() : edit('apigee')));
  const later = draw.chance(0.4) ? [edit(draw.pick(['portal', 'apigee']))] : [];
  const gap = draw.pick([draw.int(20_000, 400_000), draw.int(400_000, 2_000_000)]);
  // The newest.
  const which = 0.999;
  if (draw.chance(0.5)) {
    const plan = { gap: draw.int(0, 2000), kind: 'plan', people: [] } as const;
    return [...news, plan, ...later, { gap, kind: 'apply', which, only: onlyOf(draw), isRepeated: draw.chance(0.3) }];
  }
  const mode = draw.pick(['full', 'incremental'] as const);
  const run = { gap: draw.int(0, 2000), kind: 'run', mode, dryRun: false, scheduled: true } as const;
  return [...news, run, ...later, { gap, kind: 'approve', which, isRejected: draw.chance(0.1) }];
}

/** Somebody goes on both sides and is forgotten, and may register again at that very moment. */
function leaving(draw: Random, count: number, value: () => string): readonly Action[] {
  const person = draw.int(0, count - 1);
  const leave = (side: Side): Action => ({ gap: draw.int(0, 60_000), kind: 'delete', side, person });
  const run = { gap: draw.int(0, 60_000), kind: 'run', mode: 'full', dryRun: false, scheduled: false } as const;
  const forget = { gap: draw.int(60_000, 400_000), kind: 'forget', person } as const;
  const profile = { firstName: value(), lastName: value() };
  const back = {
    gap: draw.int(0, 500),
    kind: 'create',
    side: draw.pick(['portal', 'apigee'] as const),
    person,
    profile,
    inactive: false,
    spelling: 'plain',
  } as const;
  const all = [leave('portal'), leave('apigee'), ...(draw.chance(0.5) ? [run] : []), forget];
  return draw.chance(0.5) ? [...all, back] : all;
}

function onlyOf(draw: Random): Only {
  if (draw.chance(0.6)) return { kind: 'everybody' };
  if (draw.chance(0.5)) return { kind: 'person', which: draw.next() };
  return { kind: 'kind', name: draw.pick(['create', 'update', 'deactivate', 'delete'] as const) };
}

/** In some seeds an operator stops every write. Drawn apart, like these. */
export function withStop(plan: Plan): Plan {
  const { seed, rounds } = plan;
  const draw = random(-seed);
  if (!draw.chance(0.15)) return plan;
  const place = draw.int(0, rounds.length - 1);
  const stopped = rounds.map((actions, round) => {
    if (round !== place) return actions;
    const stop = { gap: draw.int(0, 2000), kind: 'stop', ms: draw.int(1000, 600_000) } as const;
    return actions.toSpliced(draw.int(0, actions.length), 0, stop);
  });
  return { ...plan, rounds: stopped };
}
