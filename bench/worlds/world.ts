import { createInMemoryApps } from '../../shared/apigee/in-memory-apps.ts';
import { createInMemoryDevelopers, type InMemoryDevelopers } from '../../shared/apigee/in-memory.ts';
import { operations, type ApigeeCalls, type Developers } from '../../shared/apigee/developers.ts';
import { readConfig } from '../../shared/config/config.ts';
import { ownerOf } from '../../shared/config/owner-of.ts';
import type { Log } from '../../shared/log/log.ts';
import { publisherOver, type TopicRole } from '../../shared/messages/publisher-over.ts';
import { noCalls } from '../../shared/run/session.ts';
import { guardState } from '../../shared/run/state-owner.ts';
import { newUnderWay } from '../../shared/run/under-way.ts';
import { newWatch } from '../../shared/run/watch.ts';
import { createInMemoryAudit } from '../../shared/state/in-memory/audit.ts';
import { createInMemoryChanges } from '../../shared/state/in-memory/changes.ts';
import { newCollection } from '../../shared/state/in-memory/collection.ts';
import { createInMemoryDatabase, type InMemoryDatabase } from '../../shared/state/in-memory/database.ts';
import { createInMemoryDirectory } from '../../shared/state/in-memory/directory.ts';
import { createInMemoryPeople } from '../../shared/state/in-memory/people.ts';
import { createInMemoryRuns } from '../../shared/state/in-memory/runs.ts';
import { newMeter, type Meter } from '../../shared/state/meter.ts';
import type { People } from '../../shared/state/people.ts';
import type { Run, Runs } from '../../shared/state/runs.ts';
import { newCoalescer } from '../../shared/wiring/coalesce.ts';
import { handleFanOut, handleReconcileBatch } from '../../shared/wiring/handlers.ts';
import { newPulls } from '../../shared/wiring/pulls.ts';
import type { Services } from '../../shared/wiring/services.ts';
import { boundedQueue } from './queue.ts';
import { virtualTime, type VirtualTime } from './virtual-time.ts';

/** What something has cost: calls to Apigee, and documents as Firestore bills them, bookkeeping included where it says so. */
export interface Cost {
  readonly calls: ApigeeCalls;
  readonly people: { readonly reads: number; readonly writes: number };
  readonly bookkeeping: { readonly reads: number; readonly writes: number };
}

/** The whole product in one process: its handlers over stores in this process, with one counter for everything. */
export interface World {
  readonly database: InMemoryDatabase;
  readonly developers: InMemoryDevelopers;
  readonly services: Services;
  readonly clock: VirtualTime;
  /** What `happen` costs. */
  costOf<T>(happen: () => Promise<T>): Promise<{ readonly cost: Cost; readonly result: T }>;
  /** From now on so many messages are worked on at the same time; as one instance does until then. */
  workOn(batchesAtOnce: number): void;
  /** Requests a run, delivers every message, and answers the run. Throws where it is not done. */
  run(mode: 'full' | 'incremental'): Promise<Run>;
}

export interface WorldOptions {
  readonly env?: Readonly<Record<string, string>>;
  /** What stands in for the stores in memory. */
  readonly people?: (meter: Meter) => People;
  readonly runs?: (database: InMemoryDatabase, meter: Meter) => Runs;
  readonly listing?: (clock: VirtualTime, developers: Developers) => Developers;
  readonly log?: Log;
}

/** BATCHES_AT_ONCE by default. */
const instanceDefault = 4;
const mostInstances = 10;

export function openWorld({
  env = {},
  listing = (_, it) => it,
  log = () => undefined,
  ...stores
}: WorldOptions = {}): World {
  const clock = virtualTime();
  const config = readConfig({
    APIGEE_ORG: 'acme',
    GOOGLE_CLOUD_PROJECT: 'demo',
    APIGEE_ACCESS_TOKEN: 'none',
    CREATION_LIMIT: '100000000',
    ...env,
  });
  const { mapping } = config.portal;
  const { now } = clock;
  const database = createInMemoryDatabase({ now });
  const inMemory = createInMemoryDevelopers({ type: config.apigee.type, now });
  const developers = listing(clock, inMemory);
  const meter = newMeter();
  const calls = noCalls();
  const queue = boundedQueue(instanceDefault);
  let messages = 0;
  let atOnce = instanceDefault;
  const handlers = { requests: handleFanOut, batches: handleReconcileBatch };
  const enqueue = (topic: TopicRole, json: unknown, attributes: Readonly<Record<string, string>>): string => {
    messages += 1;
    const messageId = String(messages);
    const data = Buffer.from(JSON.stringify(json)).toString('base64');
    const message = { messageId, publishTime: new Date(now()).toISOString(), attributes, data };
    const instance = instances[messages % Math.max(1, Math.floor(atOnce / instanceDefault))] ?? services;
    queue.add(() => handlers[topic](instance, { message, subscription: 'bench' }));
    return messageId;
  };
  const people = (): People => stores.people?.(meter) ?? createInMemoryPeople({ database, mapping, meter });
  const services: Services = {
    config,
    clock,
    log,
    publisher: publisherOver(async (topic, json, attributes) => enqueue(topic, json, attributes)),
    guard: guardState(ownerOf(config)),
    watch: newWatch(now),
    underWay: newUnderWay(),
    people,
    scratch: people,
    clearScratch: async () => undefined,
    changes: createInMemoryChanges(database.changes),
    planned: () => createInMemoryChanges(newCollection()),
    runs: () => stores.runs?.(database, meter) ?? createInMemoryRuns({ database, meter }),
    developers: (onCall) =>
      counted(developers, (operation) => {
        calls[operation] += 1;
        onCall(operation);
      }),
    apps: createInMemoryApps(inMemory),
    audits: { between: async () => ({ ok: true, value: [] }) },
    sample: async () => [],
    directory: createInMemoryDirectory(database),
    audit: createInMemoryAudit(),
    pushes: newCoalescer(),
    pulls: newPulls(),
    close: async () => undefined,
  };
  // Each knows what it has seen itself.
  const instances = Array.from({ length: mostInstances }, (): Services => ({
    ...services,
    watch: newWatch(now),
    underWay: newUnderWay(),
    pushes: newCoalescer(),
    pulls: newPulls(),
  }));
  return {
    database,
    developers: inMemory,
    services,
    clock,
    async costOf(happen) {
      Object.assign(meter, newMeter());
      Object.assign(calls, noCalls());
      const result = await happen();
      const { reads, writes, bookkeeping, bookkeepingWrites } = meter;
      const own = { reads: bookkeeping - bookkeepingWrites, writes: bookkeepingWrites };
      return { cost: { calls: { ...calls }, people: { reads, writes }, bookkeeping: own }, result };
    },
    workOn(batchesAtOnce) {
      atOnce = batchesAtOnce;
      queue.atOnce(batchesAtOnce);
    },
    async run(mode) {
      const runId = `run-${String(messages)}`;
      const request = { mode, dryRun: false, reason: undefined };
      await services.publisher.requestSync(request, runId);
      await queue.idle();
      const run = await createInMemoryRuns({ database }).get(runId);
      if (run?.state !== 'done') throw new Error(`the run ended ${run?.state ?? 'nowhere'}`);
      return run;
    },
  };
}

function counted(developers: Developers, onCall: (operation: keyof ApigeeCalls) => void): Developers {
  const told = <T>(operation: keyof ApigeeCalls, answer: T): T => (onCall(operation), answer);
  return {
    listEmails: async (page) => told('list', developers.listEmails(page)),
    listDevelopers: async (page) => told('list', developers.listDevelopers(page)),
    get: async (email, turn) => told('get', developers.get(email, turn)),
    create: async (body) => told('create', developers.create(body)),
    update: async (email, body) => told('update', developers.update(email, body)),
    setStatus: async (email, status) => told('status', developers.setStatus(email, status)),
    delete: async (email) => told('delete', developers.delete(email)),
  };
}

/** All calls together. */
export function callsIn({ calls }: Cost): number {
  return operations.reduce((sum, operation) => sum + calls[operation], 0);
}
