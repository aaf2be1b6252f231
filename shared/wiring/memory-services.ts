import { newCoalescer } from './coalesce.ts';
import { newPulls } from './pulls.ts';
import { randomUUID } from 'node:crypto';
import { appsOf } from '../apigee/app-client.ts';
import { auditsOf } from '../apigee/audits.ts';
import { developersOf } from '../apigee/client.ts';
import type { Config } from '../config/config.ts';
import { ownerOf } from '../config/owner-of.ts';
import type { Log } from '../log/log.ts';
import { personHasher } from '../log/person-hash.ts';
import { keepingLinks } from '../state/link-keeping.ts';
import { createMemoryQueue, type MemoryQueue, type Redelivery } from '../messages/memory-queue.ts';
import { publisherOver, type TopicRole } from '../messages/publisher-over.ts';
import { guardState } from '../run/state-owner.ts';
import { newUnderWay } from '../run/under-way.ts';
import { newWatch } from '../run/watch.ts';
import { createInMemoryAudit } from '../state/in-memory/audit.ts';
import { createInMemoryChanges } from '../state/in-memory/changes.ts';
import { newCollections } from '../state/in-memory/collection.ts';
import { createInMemoryDatabase, type InMemoryDatabase } from '../state/in-memory/database.ts';
import { createInMemoryDirectory } from '../state/in-memory/directory.ts';
import { createInMemoryPeople } from '../state/in-memory/people.ts';
import { createInMemoryRuns } from '../state/in-memory/runs.ts';
import { systemClock } from './clock.ts';
import { createOwnLedger } from '../state/own-call-ledger.ts';
import { connectApigee } from './connect-apigee.ts';
import { handleFanOut, handlePortalEdit, handleReconcileBatch } from './handlers.ts';
import type { Answer } from './http-push.ts';
import { handlePullEdit } from './pull-handler.ts';
import type { Services } from './services.ts';

export interface MemoryOptions {
  readonly log: Log;
  readonly redelivery?: Redelivery;
}

/** The whole product in one process: everything but Apigee is in memory, and gone with the process. */
export interface MemoryServices extends Services {
  readonly database: InMemoryDatabase;
  /** From now on every write of a portal document is an event to be handled. Calling this again changes nothing. */
  watchPortal(): void;
  /** Calls `listener` with a portal document's id when its edit has been handled. Returns a function that ends this. */
  onPushed(listener: (userId: string) => void): () => void;
  /** Publishes an audit log entry as a log sink would. */
  publishAudit(entry: unknown, attributes?: Readonly<Record<string, string>>): void;
  /** Calls `listener` with the text of each entry that was handled. Returns a function that ends this. */
  onAuditTaken(listener: (text: string) => void): () => void;
  /** Resolves when no message and no portal edit is left to be handled. */
  idle(): Promise<void>;
}

type Handler = (services: Services, body: unknown) => Promise<Answer>;
const handlers: Readonly<Record<TopicRole, Handler>> = { requests: handleFanOut, batches: handleReconcileBatch };

export function memoryServices(config: Config, { log, redelivery }: MemoryOptions): MemoryServices {
  const database = createInMemoryDatabase({ now: systemClock.now });
  const queue = createMemoryQueue(redelivery);
  const ledger = createOwnLedger(config.apigee.callsPerMinute);
  const connection = connectApigee(config, ledger, log, { lane: 'edits' });
  const { mapping, collection } = config.portal;
  const keeping = keepingLinks(config.forgetDays, personHasher(config.logHashKey));
  const scratchLinks = newCollections();
  const plans = newCollections();
  const services: Services = {
    config,
    clock: systemClock,
    log,
    publisher: publisherOver(async (topic, json, attributes) => {
      const body = pushRequest(topic, json, attributes);
      queue.enqueue(() => handlers[topic](services, body));
      return body.message.messageId;
    }),
    guard: guardState(ownerOf(config)),
    watch: newWatch(systemClock.now),
    underWay: newUnderWay(),
    people: (meter) => createInMemoryPeople({ database, mapping, meter, keeping, keepsChanges: config.undoDays > 0 }),
    scratch: (runId, meter) => {
      const scratch = { ...database, links: scratchLinks.of(runId), changes: plans.of(runId) };
      return createInMemoryPeople({ database: scratch, mapping, meter });
    },
    clearScratch: async (runId) => scratchLinks.clear(runId),
    changes: createInMemoryChanges(database.changes),
    planned: (runId) => createInMemoryChanges(plans.of(runId)),
    runs: (meter) => createInMemoryRuns({ database, meter }),
    pushes: newCoalescer(),
    pulls: newPulls(),
    developers: (onCall) => developersOf(connection, onCall),
    apps: appsOf(connection),
    audits: auditsOf(connection),
    sample: async (limit) => database.portalDocuments().slice(0, limit),
    directory: createInMemoryDirectory(database),
    audit: createInMemoryAudit(),
    async close() {
      await queue.close();
      connection.close();
    },
  };
  const pushes = pushOnWrite(services, database, queue, collection);
  return { ...services, ...pushes, ...auditOf(services, queue), database, idle: () => queue.idle() };
}

/** As Pub/Sub pushes a message to a function. */
function pushRequest(topic: TopicRole | 'audit', json: unknown, attributes: Readonly<Record<string, string>>) {
  const data = Buffer.from(JSON.stringify(json)).toString('base64');
  const message = { messageId: randomUUID(), publishTime: new Date().toISOString(), attributes, data };
  return { message, subscription: `memory/${topic}` };
}

function auditOf(services: Services, queue: MemoryQueue): Pick<MemoryServices, 'publishAudit' | 'onAuditTaken'> {
  const listeners = new Set<(text: string) => void>();
  return {
    publishAudit(entry, attributes = {}) {
      const body = pushRequest('audit', entry, attributes);
      queue.enqueue(async () => {
        const answer = await handlePullEdit(services, body);
        if (answer === 'done') for (const listener of listeners) listener(JSON.stringify(entry));
        return answer;
      });
    },
    onAuditTaken(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

function pushOnWrite(
  services: Services,
  database: InMemoryDatabase,
  queue: MemoryQueue,
  collection: string,
): Pick<MemoryServices, 'watchPortal' | 'onPushed'> {
  const listeners = new Set<(userId: string) => void>();
  const push = async (userId: string): Promise<Answer> => {
    const type = 'google.cloud.firestore.document.v1.written';
    const answer = await handlePortalEdit(services, { type, document: `${collection}/${userId}` });
    if (answer === 'done') for (const listener of listeners) listener(userId);
    return answer;
  };
  let watching = false;
  return {
    watchPortal() {
      if (!watching) database.onPortalWrite((userId) => queue.enqueue(() => push(userId)));
      watching = true;
    },
    onPushed(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
