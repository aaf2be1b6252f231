import { randomUUID } from 'node:crypto';
import type { Apps } from '../apigee/apps.ts';
import type { Audits } from '../apigee/audits.ts';
import type { Developers, Operation } from '../apigee/developers.ts';
import { dryDevelopers } from '../apigee/dry-developers.ts';
import type { Config } from '../config/config.ts';
import { policyOf } from '../config/policy-of.ts';
import { scopeOf } from '../config/scope-of.ts';
import { settingsOf } from '../config/settings-of.ts';
import type { Log } from '../log/log.ts';
import type { Publisher } from '../messages/publisher.ts';
import type { RawPortalDocument } from '../portal/read-user.ts';
import { unusablePasswordHash } from '../portal/unusable-password.ts';
import { newUsage, type Session } from '../run/session.ts';
import type { UnderWay } from '../run/under-way.ts';
import type { Watch } from '../run/watch.ts';
import type { StateGuard } from '../run/state-owner.ts';
import type { Audit } from '../state/audit.ts';
import type { Changes } from '../state/changes.ts';
import type { Directory } from '../state/directory.ts';
import { dryPeople } from '../state/dry-people.ts';
import type { Meter } from '../state/meter.ts';
import type { People } from '../state/people.ts';
import type { Runs } from '../state/runs.ts';
import { mailFor } from '../portal/mail.ts';
import type { Mail, SyncTiming } from '../sync/deps.ts';
import type { PersonResult } from '../sync/result.ts';
import type { Clock } from './clock.ts';
import type { Coalescer } from './coalesce.ts';
import { peopleAtOnce } from './people-at-once.ts';
import type { Pulls } from './pulls.ts';

/**
 * What a process shares between invocations: connections, call budget and settings. Adapters are made per invocation.
 */
export interface Services {
  readonly config: Config;
  readonly clock: Clock;
  readonly log: Log;
  readonly publisher: Publisher;
  readonly guard: StateGuard;
  readonly watch: Watch;
  readonly underWay: UnderWay;
  people(meter: Meter): People;
  /** Where a dry run writes links instead of writing the real ones. */
  scratch(runId: string, meter: Meter): People;
  clearScratch(runId: string): Promise<void>;
  /** What was changed (rule 34). */
  readonly changes: Changes;
  /** What a dry run would change (rule 36). */
  planned(runId: string): Changes;
  runs(meter: Meter): Runs;
  developers(onCall: (operation: Operation) => void): Developers;
  readonly apps: Apps;
  /** Edge's history of calls; other flavours have none. */
  readonly audits: Audits;
  /** The next three are for operators: no function looks at them. Documents as the portal has them, the first `limit` by id. */
  sample(limit: number): Promise<readonly RawPortalDocument[]>;
  readonly directory: Directory;
  readonly audit: Audit;
  /** One push of a portal document at a time in this process: events that wait for it are one look. */
  readonly pushes: Coalescer<readonly PersonResult[]>;
  /** Edits in Apigee that this process is told of. */
  readonly pulls: Pulls;
  /** Makes a new unguessable id; random ones where undefined. A simulation brings its own, to be repeatable. */
  readonly newId?: () => string;
  close(): Promise<void>;
}

/** How long a function may work, ms. */
export interface Allowance {
  /** Counted from now: no new piece of work is begun after this. */
  readonly workMs: number;
  readonly timing: SyncTiming;
}

/** Everything for one invocation, with counters of its own. */
export function openSession(services: Services, { workMs, timing }: Allowance, trace?: string): Session {
  const { config, clock, publisher } = services;
  const log: Log = (entry) => services.log(trace === undefined ? entry : { trace, ...entry });
  const usage = newUsage();
  const people = services.people(usage.meter);
  const runs = services.runs(usage.meter);
  const scope = scopeOf(config);
  const developers = services.developers((operation) => {
    usage.calls[operation] += 1;
  });
  return {
    people,
    developers,
    runs,
    publisher,
    policy: policyOf(config),
    scope,
    settings: settingsOf(config),
    plannedBy: (runId) => services.planned(runId),
    changes: services.changes,
    hasApps: async (email) => hasApps(await services.apps.of(email)),
    log,
    usage,
    limits: {
      limit: config.destructiveLimit,
      percent: config.destructiveLimitPercent,
      creation: config.creationLimit,
    },
    approval: config.approval,
    mail: config.mail && mailOf(config.mail),
    creation: undefined,
    planned: undefined,
    timing,
    peopleAtOnce: peopleAtOnce(config.apigee),
    walk: undefined,
    isStopped: async () => (await services.watch.stopped(runs)) !== undefined,
    underWay: services.underWay,
    recentRun: (runId) => services.watch.run(runs, runId),
    isEveryoneLinked: async () => (await runs.control()).lastFull?.scope === scope,
    deadline: clock.now() + workMs,
    dry: (runId) => ({
      people: dryPeople(people, services.scratch(runId, usage.meter)),
      developers: dryDevelopers(developers, clock.now),
    }),
    forgetDry: (runId) => services.clearScratch(runId),
    ...clock,
    newId: services.newId ?? randomUUID,
    newPasswordHash: unusablePasswordHash,
  };
}

function mailOf({ collection, template }: NonNullable<Config['mail']>): Mail {
  return {
    firstLoad: template.firstLoad,
    documentFor: (recipient) => ({ collection, data: mailFor(template, recipient) }),
  };
}

/** Where we may not look, the developer may have some: nobody is deleted on a guess. */
function hasApps(answer: Awaited<ReturnType<Apps['of']>>): boolean {
  if (answer.ok) return (answer.value ?? []).length > 0;
  if (answer.error.kind === 'denied') return true;
  throw new Error(answer.error.message);
}
