import { createInMemoryDevelopers, type InMemoryDevelopers } from '../../../shared/apigee/in-memory.ts';
import { readConfig, type Config } from '../../../shared/config/config.ts';
import { ownerOf } from '../../../shared/config/owner-of.ts';
import { canonicalEmail } from '../../../shared/core/model/email.ts';
import { guardState, type StateGuard } from '../../../shared/run/state-owner.ts';
import type { Developer } from '../../../shared/core/model/profile.ts';
import { createInMemoryDatabase, type InMemoryDatabase } from '../../../shared/state/in-memory/database.ts';
import type { StoredDocument } from '../../../shared/state/in-memory/collection.ts';
import { mappingText, type Side } from './fields.ts';
import { newLedger, type Ledger } from './ledger.ts';
import { newOperations, type Operations } from './operations.ts';
import type { Process } from './process.ts';
import type { Faults, Plan, Settings } from './plan.ts';
import { newQuota, type Quota } from './quota.ts';
import { random, type Random } from './random.ts';
import { newScheduler, type Scheduler } from './scheduler.ts';

/** Both systems, everybody's clocks, and what really happened. */
export interface World {
  readonly plan: Plan;
  readonly settings: Settings;
  readonly config: Config;
  readonly guard: StateGuard;
  readonly scheduler: Scheduler;
  /** Draws everything that the plan leaves open. */
  readonly random: Random;
  readonly database: InMemoryDatabase;
  readonly developers: InMemoryDevelopers;
  readonly clocks: Readonly<Record<keyof Settings['skew'], () => number>>;
  /** Undefined: Apigee takes whatever comes. */
  readonly quota: Quota | undefined;
  readonly problems: string[];
  readonly trace: (line: () => string) => void;
  /** Foreign attributes as they have to be, by developerId: on Edge two developers may have one email. */
  readonly foreign: Map<string, string>;
  ledger: Ledger;
  /** Developers as they were before they were last written, and when that was. */
  readonly former: Map<string, { readonly developer: Developer; readonly at: number }>;
  /** When developers were last written, by canonical email. */
  readonly changed: Map<string, number>;
  /** Who last set the status of a developer, by canonical email. */
  readonly statusBy: Map<string, 'people' | 'product'>;
  /** Whom somebody has ever deleted on a side. */
  readonly everDeleted: Record<Side, Set<string>>;
  /** Does at once what somebody was to do next. */
  meddle: () => void;
  /** Processes that stand still, and since when. */
  readonly parked: Map<() => void, number>;
  /** Writes of the product to either side so far. */
  written: number;
  /** Set while somebody other than the product writes. */
  peopleWriting: boolean;
  /** The last listing from its beginning showed nobody at all; the next one does not lie like that. */
  deniedAll: boolean;
  /** No more faults. */
  calm: boolean;
  outage: { readonly what: 'denied' | 'unavailable'; readonly until: number } | undefined;
  /** Since when an operator has stopped every write. */
  stoppedSince: number | undefined;
  readonly operations: Operations;
  /** Who is writing, while somebody of the product is. */
  writer: Process | undefined;
}

const noFaults: Faults = {
  lostEvent: 0,
  lostMessage: 0,
  duplicate: 0,
  crash: 0,
  unavailable: 0,
  ambiguous: 0,
  slow: 0,
  listing: 0,
  meddling: 0,
  lagging: 0,
  confused: 0,
};

/** `watched`: puts something around everybody's access to the developers. */
export function newWorld(
  plan: Plan,
  traced: string[] | undefined,
  watched: (developers: InMemoryDevelopers) => InMemoryDevelopers = (developers) => developers,
): World {
  const { settings } = plan;
  const begin = Date.UTC(2026, 0, 1);
  const scheduler = newScheduler(begin);
  const clock = (which: keyof Settings['skew']) => (): number => scheduler.now() + settings.skew[which];
  const clocks = { ours: clock('ours'), store: clock('store'), apigee: clock('apigee'), portal: clock('portal') };
  const config = configOf(settings);
  const world: World = {
    plan,
    settings,
    config,
    guard: guardState(ownerOf(config)),
    scheduler,
    random: random(plan.schedule),
    database: createInMemoryDatabase({ now: clocks.store }),
    developers: watched(
      createInMemoryDevelopers({ type: settings.type, now: clocks.apigee, movesOnStatus: settings.movesOnStatus }),
    ),
    clocks,
    quota:
      settings.callsPerMinute === undefined
        ? undefined
        : newQuota(settings.callsPerMinute, plan.schedule, clocks.store),
    problems: [],
    trace: (line) => traced?.push(`${((scheduler.now() - begin) / 1000).toFixed(3).padStart(11)} s  ${line()}`),
    foreign: new Map(),
    former: new Map(),
    changed: new Map(),
    statusBy: new Map(),
    everDeleted: { portal: new Set(), apigee: new Set() },
    ledger: newLedger(),
    meddle: () => undefined,
    parked: new Map(),
    written: 0,
    peopleWriting: false,
    deniedAll: false,
    calm: false,
    outage: undefined,
    stoppedSince: undefined,
    operations: newOperations(),
    writer: undefined,
  };
  return world;
}

export function faultsOf(world: World): Faults {
  return world.calm ? noFaults : world.settings.faults;
}

export function problem(world: World, text: string): void {
  world.problems.push(text);
  world.trace(() => `PROBLEM ${text}`);
}

/** Portal documents with this canonical email, by id. */
export function usersOf(world: World, email: string): readonly StoredDocument[] {
  return world.database.portalDocuments().filter(({ data }) => canonicalEmail(data['email']) === email);
}

export function developersOf(world: World, email: string): readonly Developer[] {
  return world.developers.all().filter((developer) => keyOf(developer) === email);
}

/** A developer's canonical email. */
export function keyOf(developer: Pick<Developer, 'email'> | undefined): string | undefined {
  return canonicalEmail(developer?.email);
}

function configOf({ type, pull, conflict, portalDelete, apigeeDelete, mapping, ...settings }: Settings): Config {
  const { operated, callsPerMinute = 3000 } = settings;
  return readConfig({
    APIGEE_ORG: 'acme',
    APIGEE_TYPE: type,
    PULL: pull === true ? 'audit-log' : 'off',
    APIGEE_CALLS_PER_MINUTE: String(callsPerMinute),
    APIGEE_ACCESS_TOKEN: 't',
    GOOGLE_CLOUD_PROJECT: 'demo',
    PORTAL_MAPPING: mappingText[mapping],
    CONFLICT_POLICY: conflict,
    PORTAL_DELETE_POLICY: portalDelete,
    APIGEE_DELETE_POLICY: apigeeDelete,
    APPROVAL: operated?.approval ?? 'destructive',
    CREATION_LIMIT: String(operated?.creationLimit ?? 500),
    FORGET_DAYS: String(operated?.forgetDays ?? 400),
    LOG_HASH_KEY: 'a key for the simulation',
    DESTRUCTIVE_LIMIT: '1000000',
    DESTRUCTIVE_LIMIT_PERCENT: '100',
  });
}
