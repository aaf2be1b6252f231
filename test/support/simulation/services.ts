import { newUnderWay } from '../../../shared/run/under-way.ts';
import { newWatch } from '../../../shared/run/watch.ts';
import { newCoalescer } from '../../../shared/wiring/coalesce.ts';
import { newPulls } from '../../../shared/wiring/pulls.ts';
import { checkLink } from '../../../shared/core/link-changes/check-link.ts';
import type { Link } from '../../../shared/core/model/link.ts';
import { createInMemoryApps } from '../../../shared/apigee/in-memory-apps.ts';
import { createInMemoryAudit } from '../../../shared/state/in-memory/audit.ts';
import { createInMemoryChanges } from '../../../shared/state/in-memory/changes.ts';
import { keepingLinks } from '../../../shared/state/link-keeping.ts';
import { personHasher } from '../../../shared/log/person-hash.ts';
import { createInMemoryDirectory } from '../../../shared/state/in-memory/directory.ts';
import type { LogEntry } from '../../../shared/log/log.ts';
import { createInMemoryDatabase, type InMemoryDatabase } from '../../../shared/state/in-memory/database.ts';
import { createInMemoryPeople } from '../../../shared/state/in-memory/people.ts';
import { createInMemoryRuns } from '../../../shared/state/in-memory/runs.ts';
import type { TransactionStep, View } from '../../../shared/state/people.ts';
import type { Services } from '../../../shared/wiring/services.ts';
import { collectingCalls } from '../collecting-calls.ts';
import type { Post } from './post.ts';
import { pausing, pausingAudit, pausingChanges, pausingRuns } from './pausing.ts';
import type { Process } from './process.ts';
import { virtualApigee } from './virtual-apigee.ts';
import { checkStop, isDry } from './watch-apigee.ts';
import { problem, type World } from './world.ts';

const scratches = new WeakMap<World, Map<string, InMemoryDatabase>>();

/** The product's services as one invocation has them: every read and every effect is a scheduling point. */
export function servicesFor(world: World, process: Process, post: Post): Services {
  const { config, clocks, database, scheduler } = world;
  const { mapping } = config.portal;
  const scratch = scratches.get(world) ?? new Map<string, InMemoryDatabase>();
  scratches.set(world, scratch);
  const { plans: planned, audit } = world.operations;
  const keeping = keepingLinks(config.forgetDays, personHasher(config.logHashKey));
  const developers = virtualApigee(world, process);
  const published = async <T>(publish: () => T): Promise<Awaited<T>> => {
    await process.point();
    return await publish();
  };
  const real =
    <T>(step: (view: View) => TransactionStep<T>) =>
    (view: View): TransactionStep<T> => {
      if (isDry(world, process)) problem(world, `${process.name} writes people in a dry run`);
      const outcome = step(view);
      world.writer = process;
      for (const link of outcome.links ?? []) {
        world.trace(() => `  ${process.name} writes the link ${JSON.stringify(link)}`);
        checkLease(world, process, view, link);
        if ((outcome.portal ?? []).length > 0) checkPortalStop(world, process, view, link);
        for (const broken of checkLink(link)) problem(world, `${process.name} writes ${link.key}: ${broken}`);
      }
      return outcome;
    };
  return {
    config,
    clock: { now: clocks.ours, wait: (ms) => scheduler.sleep(ms, process.self) },
    log: (entry) => {
      inspect(world, process, entry);
      world.trace(() => `  ${process.name} logs ${JSON.stringify(entry)}`);
    },
    publisher: {
      async requestSync(request, runId) {
        await published(() => post.publish('requests', request, { runId }));
        return runId;
      },
      continueRun: (runId) => published(() => post.publish('requests', {}, { continue: runId })),
      publishBatch: ({ runId, phase, seq }) => published(() => post.publish('batches', { runId, phase, seq })),
    },
    guard: world.guard,
    watch: newWatch(clocks.ours),
    underWay: newUnderWay(),
    people(meter) {
      const people = createInMemoryPeople({ database, mapping, meter, keeping });
      return pausing({ ...people, transact: (scope, step) => people.transact(scope, real(step)) }, process);
    },
    scratch(runId, meter) {
      const own = scratch.get(runId) ?? createInMemoryDatabase({ now: clocks.store });
      scratch.set(runId, own);
      const withPlan = { ...own, changes: planned.of(runId) };
      return pausing(createInMemoryPeople({ database: withPlan, mapping, meter }), process);
    },
    sample: async (limit) => database.portalDocuments().slice(0, limit),
    async clearScratch(runId) {
      await process.point();
      scratch.delete(runId);
    },
    changes: pausingChanges(createInMemoryChanges(database.changes), process),
    planned: (runId) => pausingChanges(createInMemoryChanges(planned.of(runId)), process),
    runs: (meter) => pausingRuns(createInMemoryRuns({ database, meter }), process, () => noteStop(world)),
    pushes: newCoalescer(),
    pulls: newPulls(),
    developers: (onCall) => collectingCalls(developers, onCall),
    // What is asked for apps says nothing of the developer, and is no read of theirs.
    apps: createInMemoryApps({ ...developers, get: (email) => published(() => world.developers.get(email)) }),
    audits: { between: async () => ({ ok: true, value: [] }) },
    directory: createInMemoryDirectory(database),
    audit: pausingAudit(createInMemoryAudit(audit), process),
    newId: () => process.newId(),
    close: async () => undefined,
  };
}

/** Rule 21: nobody ends, takes or works around a lease that somebody else holds. */
function checkLease(world: World, { name }: Process, { links, now }: View, link: Link): void {
  const before = links.get(link.key)?.link;
  const lease = before?.lease;
  if (lease === undefined || lease.expiresAt <= now || lease.holder.startsWith(`${name}.`)) return;
  if (link.lease?.holder !== lease.holder || link.base !== before?.base)
    problem(world, `${name} records ${link.key} under the lease of ${lease.holder} (rule 21)`);
}

function checkPortalStop(world: World, process: Process, { links }: View, { key }: Link): void {
  const lease = links.get(key)?.link.lease;
  if (lease?.holder.startsWith(`${process.name}.`) !== true) return;
  checkStop(world, process, lease, (text) => problem(world, `${process.name} portal ${key}: ${text}`));
}

function noteStop(world: World): void {
  const { stopped } = world.database.runs.control;
  world.stoppedSince = stopped === undefined ? undefined : (world.stoppedSince ?? world.scheduler.now());
}

/** What the product throws to have a message delivered again. */
const expected = ['Error'];

function inspect(world: World, process: Process, { person: _, stack, ...entry }: LogEntry): void {
  const text = JSON.stringify(entry);
  if (/@|Nm-|Va-/.test(text)) problem(world, `a log line tells who it is about (rule 27): ${text}`);
  if (entry.event === 'message_rejected') problem(world, `a message of the product was rejected: ${text}`);
  if (entry.event === 'unexpected_error') process.hasFailed = true;
  if (entry.event === 'unexpected_error' && !expected.includes(/^\w+/.exec(stack ?? 'Error')?.[0] ?? ''))
    problem(world, `a bug: ${stack ?? text}`);
}
