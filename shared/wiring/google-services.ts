import { newCoalescer } from './coalesce.ts';
import { newPulls } from './pulls.ts';
import { appsOf } from '../apigee/app-client.ts';
import { auditsOf } from '../apigee/audits.ts';
import { developersOf } from '../apigee/client.ts';
import type { Config } from '../config/config.ts';
import { ownerOf } from '../config/owner-of.ts';
import { createJsonLog } from '../log/json-log.ts';
import type { Log } from '../log/log.ts';
import { personHasher } from '../log/person-hash.ts';
import type { Publisher } from '../messages/publisher.ts';
import { guardState } from '../run/state-owner.ts';
import { newUnderWay } from '../run/under-way.ts';
import { newWatch } from '../run/watch.ts';
import { keepingLinks, keepingScratch } from '../state/link-keeping.ts';
import { keptFor } from '../state/firestore/indexing.ts';
import { stateCollections } from '../state/firestore/names.ts';
import { createFirestoreAudit } from '../state/firestore/audit.ts';
import { createFirestore } from '../state/firestore/client.ts';
import { createFirestoreLedger } from '../state/firestore/call-ledger.ts';
import { createFirestoreChanges } from '../state/firestore/changes.ts';
import { createFirestoreDirectory } from '../state/firestore/directory.ts';
import { plansKeptFor } from '../state/changes.ts';
import { createFirestorePeople } from '../state/firestore/people.ts';
import { samplePortal } from '../state/firestore/portal-sample.ts';
import { createFirestoreRuns } from '../state/firestore/runs.ts';
import { systemClock } from './clock.ts';
import { connectApigee, type CallLimits } from './connect-apigee.ts';
import type { Services } from './services.ts';
import { ledgerOrSparing, sparingLedger } from './sparing-ledger.ts';

export interface GoogleOptions {
  readonly call?: CallLimits;
  readonly log?: Log;
  /** `none`: nothing is written to Firestore, and the part of the call budget that is kept for that has to do. */
  readonly ledger?: 'none';
  /** `none` for the trigger function: it publishes nothing, and does not load the client of Pub/Sub. */
  readonly publisher: 'pubsub' | 'none';
}

/** Firestore, Pub/Sub and Apigee as configured. The client libraries find emulators and credentials by themselves. */
export async function googleServices(config: Config, options: GoogleOptions): Promise<Services> {
  const firestore = createFirestore({ projectId: config.project, databaseId: config.database });
  const log = options.log ?? createJsonLog({ hashKey: config.logHashKey, project: config.project });
  const { statePrefix, apigee } = config;
  const { callsPerMinute } = apigee;
  const ledger =
    options.ledger === 'none'
      ? sparingLedger(callsPerMinute)
      : ledgerOrSparing(createFirestoreLedger({ firestore, statePrefix, callsPerMinute }), callsPerMinute);
  const connection = connectApigee(config, ledger, log, options.call);
  const publishing = options.publisher === 'pubsub' ? await pubsubPublisher(config) : noPublisher;
  const { mapping, collection: portalCollection } = config.portal;
  const people = { firestore, mapping, portalCollection };
  const changesKeptMs = config.undoDays * 24 * 3_600_000;
  const keeping = keepingLinks(config.forgetDays, personHasher(config.logHashKey));
  return {
    config,
    clock: systemClock,
    log,
    publisher: publishing.publisher,
    guard: guardState(ownerOf(config)),
    watch: newWatch(systemClock.now),
    underWay: newUnderWay(),
    people: (meter) =>
      createFirestorePeople({ ...people, statePrefix: config.statePrefix, changesKeptMs, meter, keeping }),
    scratch: (runId, meter) =>
      createFirestorePeople({
        ...people,
        statePrefix: config.statePrefix,
        linksCollection: ofDryRun(config, runId).scratch,
        changesCollection: ofDryRun(config, runId).planned,
        changesKeptMs: plansKeptFor,
        meter,
        keeping: keepingScratch(keptFor, systemClock.now),
      }),
    clearScratch: (runId) => firestore.recursiveDelete(firestore.collection(ofDryRun(config, runId).scratch)),
    changes: createFirestoreChanges(firestore.collection(stateCollections(config.statePrefix).changes)),
    planned: (runId) => createFirestoreChanges(firestore.collection(ofDryRun(config, runId).planned)),
    runs: (meter) => createFirestoreRuns({ firestore, statePrefix: config.statePrefix, meter }),
    pushes: newCoalescer(),
    pulls: newPulls(),
    developers: (onCall) => developersOf(connection, onCall),
    apps: appsOf(connection),
    audits: auditsOf(connection),
    sample: samplePortal(firestore, portalCollection),
    directory: createFirestoreDirectory({ firestore, statePrefix: config.statePrefix }),
    audit: createFirestoreAudit({ firestore, statePrefix: config.statePrefix }),
    async close() {
      connection.close();
      await Promise.all([firestore.terminate(), publishing.close()]);
    },
  };
}

/** A collection below the run's own document, so that two dry runs share nothing. */
function ofDryRun({ statePrefix }: Config, runId: string): { readonly scratch: string; readonly planned: string } {
  const { runs, scratch, planned } = stateCollections(statePrefix);
  return { scratch: `${runs}/${runId}/${scratch}`, planned: `${runs}/${runId}/${planned}` };
}

interface Publishing {
  readonly publisher: Publisher;
  close(): Promise<void>;
}

async function pubsubPublisher(config: Config): Promise<Publishing> {
  const [{ PubSub }, { createPubsubPublisher }] = await Promise.all([
    import('@google-cloud/pubsub'),
    import('../messages/pubsub-publisher.ts'),
  ]);
  const pubsub = new PubSub({ projectId: config.project });
  const topics = { requests: config.requestsTopic, batches: config.batchesTopic };
  return { publisher: createPubsubPublisher(pubsub, topics), close: () => pubsub.close() };
}

const refuse = (): Promise<never> => Promise.reject(new Error('this function publishes nothing'));
const noPublisher: Publishing = {
  publisher: { requestSync: refuse, continueRun: refuse, publishBatch: refuse },
  close: async () => undefined,
};
