import { random, type Random } from './random.ts';
import { fields, type Field, type MappingKind, type Side } from './fields.ts';
import { withOperators, withStop, type Operated, type OperatorAction } from './operators.ts';
import { withSomeBudget } from './quota.ts';

/** All that a seed decides beforehand. How things interleave is drawn on the way, from `schedule`. */
export interface Plan {
  readonly seed: number;
  readonly schedule: number;
  readonly settings: Settings;
  readonly people: readonly InitialPerson[];
  readonly rounds: readonly (readonly Action[])[];
}

export interface Settings {
  readonly type: 'x' | 'edge';
  /** Apigee's audit log tells of every write there. Default: nobody does. */
  readonly pull?: true;
  readonly conflict: 'merge' | 'newest-record';
  readonly portalDelete: 'deactivate' | 'delete' | 'keep';
  readonly apigeeDelete: 'recreate' | 'hold' | 'deactivate' | 'delete';
  readonly mapping: MappingKind;
  /** Whether a status call moves a developer's time: Edge does, and of X nobody knows. */
  readonly movesOnStatus: boolean;
  /** How far each clock is ahead of true time, ms. */
  readonly skew: Readonly<Record<'ours' | 'store' | 'apigee' | 'portal', number>>;
  /** Every edit has a value of its own, so that one can be told from another. */
  readonly unique: boolean;
  /** The most developers a listing shows at once. */
  readonly page: number;
  /** Probabilities, in [0, 1]. */
  readonly faults: Faults;
  /** Default: operators do nothing but stop every write, and nothing waits for them. */
  readonly operated?: Operated;
  /** Default: Apigee takes whatever comes, and nobody asks for a budget. */
  readonly callsPerMinute?: number;
}

export const faultKinds = [
  'lostEvent',
  'lostMessage',
  'duplicate',
  'crash',
  'unavailable',
  'ambiguous',
  'slow',
  'listing',
  'meddling',
  'lagging',
  'confused',
] as const;
export type Faults = Readonly<Record<(typeof faultKinds)[number], number>>;

export type Profile = Readonly<Partial<Record<Field, string>>>;

export interface InitialPerson {
  readonly portal: Profile | undefined;
  readonly apigee: Profile | undefined;
  readonly inactive: Readonly<Record<Side, boolean>>;
}

/** What people, the schedule and fate do. `gap`: ms since the action before. Skipped where there is nothing to do it to. */
export type Action = { readonly gap: number } & (
  | {
      readonly kind: 'edit';
      readonly side: Side;
      readonly person: number;
      readonly field: Field;
      readonly value: string | undefined;
    }
  | { readonly kind: 'status'; readonly side: Side; readonly person: number; readonly value: 'active' | 'inactive' }
  | {
      readonly kind: 'create';
      readonly side: Side;
      readonly person: number;
      readonly profile: Profile;
      readonly inactive: boolean;
      readonly spelling: Spelling;
    }
  | { readonly kind: 'delete'; readonly side: Side; readonly person: number }
  /** An attribute that is not synchronised. */
  | { readonly kind: 'foreign'; readonly person: number; readonly value: string | undefined }
  /** The portal user takes the email of another number. */
  | { readonly kind: 'rename'; readonly person: number; readonly to: number }
  /** Two portal users take each other's emails, one right after the other. */
  | { readonly kind: 'swap'; readonly person: number; readonly to: number }
  /** The portal user takes the email of another one, who gives it up at the same time: just after, or just before. */
  | {
      readonly kind: 'take-over';
      readonly person: number;
      readonly to: number;
      readonly former: 'deleted' | 'unreadable' | 'renamed';
      /** Who is renamed takes this one's. */
      readonly next: number;
      readonly isFreed: boolean;
    }
  /** Somebody registers with an email that looks like another's, and may go again. */
  | { readonly kind: 'stranger'; readonly person: number; readonly profile: Profile; readonly stays: boolean }
  /** A second portal user with the same email. */
  | { readonly kind: 'twin'; readonly person: number; readonly profile: Profile }
  /** Nothing that is synchronised changes. */
  | { readonly kind: 'touch'; readonly person: number }
  /** A value that Apigee refuses for good. */
  | { readonly kind: 'poison'; readonly person: number }
  | {
      readonly kind: 'run';
      readonly mode: 'full' | 'incremental';
      readonly dryRun: boolean;
      readonly scheduled: boolean;
    }
  | { readonly kind: 'outage'; readonly what: 'denied' | 'unavailable'; readonly ms: number }
  /** An operator stops every write, and lets everything go on `ms` later. */
  | { readonly kind: 'stop'; readonly ms: number }
  | OperatorAction
);
export type ActionKind = Action['kind'];

/** How an email is written: as it is, in capitals, or with its accents apart from their letters. */
export type Spelling = 'plain' | 'capitals' | 'apart';

/** A value that holds this is refused by Apigee. */
export const poison = 'Va-refused';

/** In which histories operators act. */
export const operatedKinds = ['none', 'some', 'all'] as const;
export type OperatedKind = (typeof operatedKinds)[number];

/** The history of a seed. Operators are drawn apart: but for them it tells what it tells without. */
export function historyOf(seed: number, operated: OperatedKind): Plan {
  const plan = planOf(seed);
  const isOperated = operated === 'all' || (operated === 'some' && random(seed ^ 0xdec1de).chance(0.3));
  return isOperated ? withOperators(plan) : plan;
}

export function planOf(seed: number): Plan {
  const draw = random(seed);
  const unique = draw.chance(0.7);
  let values = 0;
  const value = (prefix: string): string => {
    values += 1;
    return `${prefix}-${String(unique ? values : draw.int(1, 3))}`;
  };
  const valueOf = (field: Field): string => value(field === 'firstName' || field === 'lastName' ? 'Nm' : 'Va');
  const profile = (): Profile =>
    Object.fromEntries(
      fields
        .filter((field) => field === 'firstName' || field === 'lastName' || draw.chance(0.5))
        .map((field) => [field, valueOf(field)]),
    );
  // Many hands on few things at the same time.
  const hot = draw.chance(0.3);
  const count = hot ? draw.int(1, 2) : draw.int(2, 6);
  const people = Array.from({ length: count }, (): InitialPerson => {
    const where = draw.int(0, 9);
    const shared = profile();
    return {
      portal: where < 8 ? shared : undefined,
      apigee: where < 6 ? shared : where === 6 || where === 8 ? profile() : undefined,
      inactive: { portal: draw.chance(0.1), apigee: draw.chance(0.1) },
    };
  });
  const settings = settingsOf(draw, unique);
  const rounds = Array.from({ length: draw.int(1, 3) }, () =>
    Array.from({ length: draw.int(2, 14) }, () =>
      draw.chance(0.04) ? returning(draw, hot, count, profile) : [actionOf(draw, hot, count, profile, valueOf)],
    ).flat(),
  );
  return withSomeBudget(withStop({ seed, schedule: draw.int(1, 2 ** 31), settings, people, rounds }));
}

function settingsOf(draw: Random, unique: boolean): Settings {
  const minutes = 60_000;
  const skewed = draw.chance(0.5);
  const skew = (): number => (skewed ? draw.int(0, 10 * minutes) : 0);
  /** Each kind of fault is off in half of all seeds, so that it does not hide the others. */
  const fault = (most: number): number => (draw.chance(0.5) ? draw.next() * most : 0);
  const type = draw.chance(0.3) ? 'edge' : 'x';
  return {
    type,
    conflict: draw.chance(0.2) ? 'newest-record' : 'merge',
    portalDelete: draw.pick(['deactivate', 'delete', 'keep']),
    apigeeDelete: draw.pick(['recreate', 'recreate', 'hold', 'deactivate', 'delete']),
    mapping: draw.pick(['map', 'map', 'document-time', 'named']),
    movesOnStatus: type === 'edge' || draw.chance(0.5),
    skew: { ours: skew(), store: skew(), apigee: skew(), portal: skew() },
    unique,
    page: draw.int(2, 4),
    faults: {
      lostEvent: fault(0.5),
      lostMessage: fault(0.15),
      duplicate: fault(0.5),
      crash: fault(0.5),
      unavailable: fault(0.2),
      ambiguous: fault(0.3),
      slow: fault(0.15),
      listing: fault(0.3),
      meddling: fault(0.1),
      lagging: fault(0.4),
      confused: fault(0.1),
    },
  };
}

const gaps: readonly [(draw: Random) => number, ...((draw: Random) => number)[]] = [
  (draw) => draw.int(0, 50),
  (draw) => draw.int(50, 1000),
  (draw) => draw.int(50, 1000),
  (draw) => draw.int(1000, 20_000),
  (draw) => draw.int(20_000, 300_000),
  (draw) => draw.int(600_000, 4_000_000),
];

const hotGaps: typeof gaps = [
  (draw) => draw.int(0, 300),
  (draw) => draw.int(0, 300),
  (draw) => draw.int(300, 8000),
  (draw) => draw.int(300, 8000),
  (draw) => draw.int(30_000, 200_000),
];

function actionOf(
  draw: Random,
  hot: boolean,
  count: number,
  profile: () => Profile,
  valueOf: (field: Field) => string,
): Action {
  const gap = draw.pick(hot ? hotGaps : gaps)(draw);
  const person = draw.int(0, count - 1);
  const side: Side = draw.chance(0.5) ? 'portal' : 'apigee';
  const dice = draw.int(0, 99);
  if (dice < 40) {
    const field: Field = hot ? draw.pick(['firstName', 'tier']) : draw.pick(fields);
    const removes = field !== 'firstName' && field !== 'lastName' && draw.chance(0.25);
    return { gap, kind: 'edit', side, person, field, value: removes ? undefined : valueOf(field) };
  }
  if (dice < 50) return { gap, kind: 'status', side, person, value: draw.pick(['active', 'inactive']) };
  if (dice < 58) {
    return {
      gap,
      kind: 'create',
      side,
      // Often somebody nobody has heard of.
      person: draw.chance(0.5) ? draw.int(count, count + 2) : person,
      profile: profile(),
      inactive: draw.chance(0.15),
      spelling: draw.chance(0.7) ? 'plain' : draw.pick(['capitals', 'apart']),
    };
  }
  if (dice < 65) return { gap, kind: 'delete', side, person };
  if (dice < 71) return { gap, kind: 'foreign', person, value: draw.chance(0.2) ? undefined : valueOf('note') };
  if (dice < 73) return { gap, kind: 'rename', person, to: draw.int(0, count + 1) };
  if (dice < 74) return changeOfHands(draw, gap, person, count);
  if (dice < 75) return { gap, kind: 'twin', person, profile: profile() };
  if (dice < 76)
    return draw.chance(0.5)
      ? { gap, kind: 'touch', person }
      : { gap, kind: 'stranger', person, profile: profile(), stays: draw.chance(0.5) };
  if (dice < 77) return { gap, kind: 'poison', person };
  if (dice < 81)
    return { gap, kind: 'outage', what: draw.pick(['denied', 'unavailable']), ms: draw.int(1000, 600_000) };
  return {
    gap,
    kind: 'run',
    mode: draw.chance(0.5) ? 'full' : 'incremental',
    dryRun: draw.chance(0.1),
    scheduled: draw.chance(0.3),
  };
}

/** Somebody is deleted on the portal and registers again, blocked in Apigee before that or not (rule 28). */
function returning(draw: Random, hot: boolean, count: number, profile: () => Profile): readonly Action[] {
  const person = draw.int(0, count - 1);
  const gap = (): number => draw.pick(hot ? hotGaps : gaps)(draw);
  const block: Action = { gap: gap(), kind: 'status', side: 'apigee', person, value: 'inactive' };
  const leave: Action = { gap: gap(), kind: 'delete', side: 'portal', person };
  const back = {
    kind: 'create',
    side: 'portal',
    person,
    profile: profile(),
    inactive: false,
    spelling: 'plain',
  } as const;
  return [...(draw.chance(0.6) ? [block] : []), leave, { gap: gap(), ...back }];
}

function changeOfHands(draw: Random, gap: number, person: number, count: number): Action {
  const to = draw.int(0, count - 1);
  if (draw.chance(0.4)) return { gap, kind: 'swap', person, to };
  const former = draw.pick(['deleted', 'unreadable', 'renamed'] as const);
  return { gap, kind: 'take-over', person, to, former, next: draw.int(0, count + 1), isFreed: draw.chance(0.5) };
}
