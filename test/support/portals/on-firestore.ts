import { randomUUID } from 'node:crypto';
import { GeoPoint, Timestamp, type Firestore } from '@google-cloud/firestore';
import type { ApigeeEmulator } from '../../../local/apigee-emulator/server.ts';
import { publisherOver } from '../../../shared/messages/publisher-over.ts';
import { sendRunRequest } from '../../../shared/operator/actions/request-run.ts';
import { isFieldMap } from '../../../shared/portal/field-path.ts';
import { newMeter } from '../../../shared/state/meter.ts';
import type { Run } from '../../../shared/state/runs.ts';
import { handleFanOut, handlePortalEdit, handleReconcileBatch } from '../../../shared/wiring/handlers.ts';
import type { Services } from '../../../shared/wiring/services.ts';
import { without, type PortalUnderTest } from './adopt-portal.ts';
import type { Document, ExpectedDeveloper } from './existing-portal.ts';

/** A collection on the Firestore emulator, and where the emulator is. */
export interface Place {
  readonly firestore: Firestore;
  /** `host:port` */
  readonly host: string;
  readonly project: string;
  readonly collection: string;
}

type OnFirestore = Pick<PortalUnderTest, 'put' | 'documents' | 'rest'>;

/** The portal's own side, by Firestore's client; and by its REST interface, which shows every value with its type. */
export function onFirestore({ firestore, host, project, collection }: Place): OnFirestore {
  return {
    async put(id, document) {
      await firestore.collection(collection).doc(id).set(document);
    },
    async documents() {
      const { docs } = await firestore.collection(collection).get();
      return new Map(docs.map((one) => [one.id, membersOf(one.data())]));
    },
    async rest(paths) {
      const address = `http://${host}/v1/projects/${project}/databases/(default)/documents/${collection}?pageSize=300`;
      const answer = await fetch(address, { headers: { authorization: 'Bearer owner' } });
      const { documents = [] } = (await answer.json()) as { documents?: { name: string; fields?: Document }[] };
      return new Map(
        documents.map(({ name, fields = {} }) => [
          name.split('/').at(-1) ?? '',
          JSON.stringify(without(fields, paths, membersIn), inOrder),
        ]),
      );
    },
  };
}

/** The members of a map as the REST interface shows it. */
function membersIn(value: unknown): Document | undefined {
  if (!isFieldMap(value) || !isFieldMap(value['mapValue'])) return undefined;
  const { fields } = value['mapValue'];
  return isFieldMap(fields) ? fields : undefined;
}

/** The members of a map come in any order. */
function inOrder(_: string, value: unknown): unknown {
  return isFieldMap(value) ? Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1))) : value;
}

function membersOf(data: Document): Document {
  return Object.fromEntries(Object.entries(data).map(([name, value]) => [name, plain(value)]));
}

/** As the fixtures write it. */
function plain(value: unknown): unknown {
  if (value instanceof Timestamp) return value.toDate();
  if (value instanceof GeoPoint) return value;
  if (Array.isArray(value)) return value.map((entry: unknown) => plain(entry));
  return isFieldMap(value) ? membersOf(value) : value;
}

/** The other side, in an Apigee emulator. */
export function inApigee({ admin }: ApigeeEmulator): Pick<PortalUnderTest, 'developers' | 'saveDeveloper'> {
  return {
    developers: async () =>
      admin
        .developers()
        .map(({ email, firstName, lastName, status, attributes }): ExpectedDeveloper => ({
          email,
          firstName: firstName ?? '',
          lastName: lastName ?? '',
          status: status === 'active' ? 'active' : 'inactive',
          attributes: Object.fromEntries(attributes.map(({ name, value }) => [name, value ?? ''])),
        }))
        .toSorted((a, b) => (a.email < b.email ? -1 : 1)),
    async saveDeveloper(developer) {
      admin.seed([{ ...developer, lastModifiedAt: Date.now() }]);
    },
  };
}

/** The product's own handlers in this process, on these services but for Pub/Sub: messages are delivered while a run is waited for. */
export function handling(given: Services): Pick<PortalUnderTest, 'run' | 'push'> {
  const queue: (() => Promise<'done' | 'again'>)[] = [];
  const handlers = { requests: handleFanOut, batches: handleReconcileBatch };
  const services: Services = {
    ...given,
    publisher: publisherOver(async (topic, json, attributes) => {
      const data = Buffer.from(JSON.stringify(json)).toString('base64');
      const message = { messageId: randomUUID(), publishTime: new Date().toISOString(), attributes, data };
      queue.push(() => handlers[topic](services, { message, subscription: 'test' }));
      return message.messageId;
    }),
  };
  return {
    async run(): Promise<Run> {
      const runId = await sendRunRequest(services, { mode: 'full', dryRun: false, reason: undefined }, 'local');
      for (let deliver = queue.shift(); deliver !== undefined; deliver = queue.shift()) {
        if ((await deliver()) === 'again') throw new Error('A message was given back.');
      }
      const run = await services.runs(newMeter()).get(runId);
      if (run === undefined) throw new Error('The request made no run.');
      return run;
    },
    async push(id) {
      const document = `${services.config.portal.collection}/${id}`;
      const answer = await handlePortalEdit(services, { type: 'google.cloud.firestore.document.v1.written', document });
      if (answer !== 'done') throw new Error('The event was given back.');
    },
  };
}
