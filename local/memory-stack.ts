import { createWriteStream } from 'node:fs';
import { once } from 'node:events';
import { join } from 'node:path';
import { createJsonLog } from '../shared/log/json-log.ts';
import type { InMemoryDatabase } from '../shared/state/in-memory/database.ts';
import { memoryServices } from '../shared/wiring/memory-services.ts';
import type { Backend, BackendOptions } from './backend.ts';
import { startControlServer } from './control-server.ts';
import { serveFunctions } from './memory-functions.ts';
import type { PortalDocuments } from './portal-documents.ts';

/**
 * Keeps everything in this process, for a machine without Java or the emulators. What happens is the same, except that
 * no function can crash by itself.
 */
export async function startInMemory(options: BackendOptions, started: AsyncDisposableStack): Promise<Backend> {
  const { config, logs, relay, devsync, env } = options;
  const logFile = createWriteStream(join(logs, 'functions.log'));
  await once(logFile, 'open');
  started.defer(async () => {
    logFile.end();
    await once(logFile, 'close');
  });
  const log = createJsonLog({ hashKey: config.logHashKey, project: config.project, destination: logFile });
  const services = memoryServices(config, { log, ...(relay === undefined ? {} : { redelivery: relay }) });
  started.defer(() => services.close());

  const servers = await serveFunctions(services);
  for (const server of Object.values(servers)) started.defer(() => server.close());
  const portal = portalInMemory(services.database);
  const control = await startControlServer(portal, {
    devsync: devsync && ((order, printer) => devsync(order, printer, services, env)),
    publishAudit: (entry) => services.publishAudit(entry),
  });
  started.defer(() => control.close());

  return {
    kind: 'memory',
    firestore: undefined,
    pubsub: undefined,
    functions: Object.fromEntries(Object.entries(servers).map(([name, { url }]) => [name, url])),
    processes: [],
    relay: undefined,
    pushes: undefined,
    control: control.url,
    portal,
    services,
    async startTrigger() {
      services.watchPortal();
    },
    onPushed: (listener) => services.onPushed(listener),
    auditTopic: undefined,
    async publishAudit(entry, attributes) {
      services.publishAudit(entry, attributes);
    },
    onAuditTaken: (listener) => services.onAuditTaken(listener),
    // In memory a message is delivered until it is taken.
    onDeadLetter: () => () => undefined,
    // No part could end without this process.
    broken: new Promise(() => undefined),
  };
}

export function portalInMemory(database: InMemoryDatabase): PortalDocuments {
  const find = (id: string) => database.portal.get(id)?.data;
  return {
    get: async (id) => find(id),
    all: async () => new Map(database.portalDocuments().map(({ id, data }) => [id, data])),
    async put(id, data) {
      database.putPortalDocument(id, data);
    },
    async putAll(documents) {
      for (const [id, data] of documents) database.putPortalDocument(id, data);
    },
    async edit(id, fields) {
      const found = find(id);
      if (found === undefined) throw new Error('There is no such portal document.');
      database.putPortalDocument(id, { ...found, ...fields });
    },
    async delete(id) {
      database.deletePortalDocument(id);
    },
  };
}
