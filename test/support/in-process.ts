import { randomUUID } from 'node:crypto';
import { newCoalescer } from '../../shared/wiring/coalesce.ts';
import { newPulls } from '../../shared/wiring/pulls.ts';
import { createInMemoryApps, type InMemoryApps } from '../../shared/apigee/in-memory-apps.ts';
import { createInMemoryDevelopers, type InMemoryDevelopers } from '../../shared/apigee/in-memory.ts';
import type { Audits } from '../../shared/apigee/audits.ts';
import type { Developers, Operation } from '../../shared/apigee/developers.ts';
import { ownerOf } from '../../shared/config/owner-of.ts';
import { guardState } from '../../shared/run/state-owner.ts';
import { newUnderWay } from '../../shared/run/under-way.ts';
import { newWatch } from '../../shared/run/watch.ts';
import { readConfig, type Config } from '../../shared/config/config.ts';
import { personHasher } from '../../shared/log/person-hash.ts';
import { keepingLinks } from '../../shared/state/link-keeping.ts';
import type { LogEntry } from '../../shared/log/log.ts';
import { publisherOver } from '../../shared/messages/publisher-over.ts';
import type { SyncRequest } from '../../shared/messages/publisher.ts';
import { createInMemoryAudit } from '../../shared/state/in-memory/audit.ts';
import { createInMemoryDatabase, type InMemoryDatabase } from '../../shared/state/in-memory/database.ts';
import { createInMemoryChanges } from '../../shared/state/in-memory/changes.ts';
import { newCollections, type Collections } from '../../shared/state/in-memory/collection.ts';
import { createInMemoryDirectory } from '../../shared/state/in-memory/directory.ts';
import { createInMemoryPeople } from '../../shared/state/in-memory/people.ts';
import { createInMemoryRuns } from '../../shared/state/in-memory/runs.ts';
import { newMeter } from '../../shared/state/meter.ts';
import type { ReportRow } from '../../shared/state/batch.ts';
import type { Run } from '../../shared/state/runs.ts';
import { pushPortalEdit } from '../../shared/sync/push-portal-edit.ts';
import type { PersonResult } from '../../shared/sync/result.ts';
import { pushAllowance } from '../../shared/wiring/allowances.ts';
import { handleFanOut, handleReconcileBatch } from '../../shared/wiring/handlers.ts';
import { systemClock, type Clock } from '../../shared/wiring/clock.ts';
import { openSession, type Services } from '../../shared/wiring/services.ts';
import { aroundDevelopers, aroundRuns } from './around.ts';
import { checkedLinks } from './checked-links.ts';
import { collectingCalls } from './collecting-calls.ts';

/**
 * The whole product in one process: the real handlers and core over the in-memory stores and developers, with a queue that
 * delivers when told to.
 */
export interface InProcess {
  readonly database: InMemoryDatabase;
  /** What dry runs would change. */
  readonly planned: Collections;
  readonly developers: InMemoryDevelopers;
  readonly apps: InMemoryApps;
  readonly services: Services;
  readonly logs: LogEntry[];
  /** Messages not delivered yet. */
  readonly queue: Message[];
  /** Calls made to Apigee, by operation. */
  readonly calls: Record<Operation, number>;
  /** Requests a run, delivers until nothing is left, and answers the run. */
  run(request?: Partial<SyncRequest>): Promise<Run>;
  /** As `run`, asked for by the schedule. */
  scheduledRun(request?: Partial<SyncRequest>): Promise<Run>;
  push(userId: string): Promise<readonly PersonResult[]>;
  /** Delivers queued messages, also those they cause; one that is to come again is delivered again, up to ten times. */
  drain(): Promise<void>;
  deliver(message: Message): Promise<'done' | 'again'>;
  rows(run: Pick<Run, 'runId'>): Promise<readonly ReportRow[]>;
  user(id: string): Readonly<Record<string, unknown>> | undefined;
}

export interface Message {
  readonly topic: 'requests' | 'batches';
  readonly body: unknown;
}

export interface InProcessOptions {
  readonly env?: Readonly<Record<string, string>>;
  /** Puts something between the product and the developers. */
  readonly wrap?: (developers: Developers) => Developers;
  readonly clock?: Clock;
  /** Whether Apigee's status calls move a developer's time. */
  readonly movesOnStatus?: boolean;
  /** Edge's audit history. Default: nothing was done. */
  readonly audits?: Audits;
  /** Another process, whose Firestore and Apigee this one has as well. */
  readonly sharing?: InProcess;
  /** Called around every effect of the product on anything outside itself; may fail it before or after it happened. */
  readonly around?: <T>(effect: string, happen: () => Promise<T>) => Promise<T>;
}

/** Ids of which a later one sorts first: a clock may show the same millisecond for two changes of a person. */
function newestFirst(): () => string {
  let left = 36 ** 6;
  return () => {
    left -= 1;
    return `${left.toString(36).padStart(6, '0')}-${randomUUID()}`;
  };
}

export function inProcess(options: InProcessOptions = {}): InProcess {
  const {
    env = {},
    wrap = (developers) => developers,
    clock = systemClock,
    around = (_, happen) => happen(),
    sharing,
    movesOnStatus,
  } = options;
  const { now } = clock;
  const config = configOf(env);
  const database = sharing?.database ?? createInMemoryDatabase({ now });
  const { mapping } = config.portal;
  const keeping = keepingLinks(config.forgetDays, personHasher('a key of the tests'));
  const developers =
    sharing?.developers ??
    createInMemoryDevelopers({
      type: config.apigee.type,
      now,
      ...(movesOnStatus === undefined ? {} : { movesOnStatus }),
    });
  const apps = sharing?.apps ?? createInMemoryApps(developers);
  const calls: Record<Operation, number> = { list: 0, get: 0, create: 0, update: 0, status: 0, delete: 0 };
  const queue: Message[] = [];
  const logs: LogEntry[] = [];
  const scratch = new Map<string, InMemoryDatabase>();
  const planned = sharing?.planned ?? newCollections();
  let messages = 0;
  const enqueue = (topic: Message['topic'], json: unknown, attributes: Readonly<Record<string, string>>): string => {
    messages += 1;
    const data = Buffer.from(JSON.stringify(json)).toString('base64');
    const message = { messageId: String(messages), publishTime: new Date(now()).toISOString(), attributes, data };
    queue.push({ topic, body: { message, subscription: 'test' } });
    return String(messages);
  };
  const publisher = publisherOver(async (topic, json, attributes) => enqueue(topic, json, attributes));
  const services: Services = {
    config,
    clock,
    log: (entry) => logs.push(entry),
    publisher: {
      ...publisher,
      continueRun: (runId) => around('continue', () => publisher.continueRun(runId)),
      publishBatch: (batch) => around('publish', () => publisher.publishBatch(batch)),
    },
    guard: guardState(ownerOf(config)),
    watch: newWatch(now),
    underWay: newUnderWay(),
    newId: newestFirst(),
    people(meter) {
      const people = checkedLinks(
        createInMemoryPeople({ database, mapping, meter, keeping, keepsChanges: config.undoDays > 0 }),
      );
      return { ...people, transact: (scope, step) => around('transact', () => people.transact(scope, step)) };
    },
    changes: createInMemoryChanges(database.changes),
    planned: (runId) => createInMemoryChanges(planned.of(runId)),
    scratch(runId, meter) {
      const own = scratch.get(runId) ?? createInMemoryDatabase({ now });
      scratch.set(runId, own);
      return createInMemoryPeople({ database: { ...own, changes: planned.of(runId) }, mapping, meter });
    },
    async clearScratch(runId) {
      scratch.delete(runId);
    },
    runs: (meter) => aroundRuns(createInMemoryRuns({ database, meter }), around),
    pushes: newCoalescer(),
    pulls: newPulls(),
    developers: (onCall) =>
      collectingCalls(aroundDevelopers(wrap(developers), around), (operation) => {
        calls[operation] += 1;
        onCall(operation);
      }),
    apps,
    audits: options.audits ?? noAudits,
    sample: async (limit) => database.portalDocuments().slice(0, limit),
    directory: createInMemoryDirectory(database),
    audit: createInMemoryAudit(),
    close: async () => undefined,
  };
  const runs = services.runs(newMeter());
  const deliver = ({ topic, body }: Message): Promise<'done' | 'again'> =>
    topic === 'requests' ? handleFanOut(services, body) : handleReconcileBatch(services, body);

  const drain = async (): Promise<void> => {
    const tries = new Map<Message, number>();
    for (let message = queue.shift(); message !== undefined; message = queue.shift()) {
      if ((await deliver(message)) === 'done') continue;
      const count = (tries.get(message) ?? 0) + 1;
      tries.set(message, count);
      if (count < 10) queue.push(message);
    }
  };

  const runOf = async (request: Partial<SyncRequest>, attributes: Readonly<Record<string, string>>): Promise<Run> => {
    const runId = `run-${String(messages)}`;
    enqueue('requests', { mode: 'full', dryRun: false, ...request }, { ...attributes, runId });
    await drain();
    const run = await runs.get(runId);
    if (run === undefined) throw new Error('the request made no run');
    return run;
  };

  return {
    database,
    planned,
    developers,
    apps,
    services,
    logs,
    queue,
    calls,
    drain,
    deliver,
    run: (request = {}) => runOf(request, {}),
    scheduledRun: (request = {}) => runOf(request, { schedule: 'quarterly' }),
    push(userId) {
      const session = openSession(services, pushAllowance);
      return pushPortalEdit({ ...session, by: { kind: 'push' }, gate: { kind: 'open' } }, userId);
    },
    async rows({ runId }) {
      const rows: ReportRow[] = [];
      for await (const { result } of runs.batches(runId)) rows.push(...(result?.rows ?? []));
      return rows;
    },
    user: (id) => database.portalDocuments().find((document) => document.id === id)?.data,
  };
}

const noAudits: Audits = { between: async () => ({ ok: true, value: [] }) };

function configOf(env: Readonly<Record<string, string>>): Config {
  return readConfig({
    APIGEE_ORG: 'acme',
    GOOGLE_CLOUD_PROJECT: 'demo',
    APIGEE_ACCESS_TOKEN: 't',
    CREATION_LIMIT: '1000000',
    ...env,
  });
}
