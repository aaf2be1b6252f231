import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { createFirestore } from '../shared/state/firestore/client.ts';
import { googleServices } from '../shared/wiring/google-services.ts';
import type { Backend, BackendOptions } from './backend.ts';
import type { FoundEmulators } from './emulators/find-emulators.ts';
import { startFirestoreEmulator, startPubsubEmulator, type Emulator } from './emulators/start-emulators.ts';
import { startEventarcRelay } from './eventarc-relay.ts';
import { startFunction, type FunctionProcess } from './function-process.ts';
import { portalInFirestore } from './portal-documents.ts';
import { registerPortalTrigger } from './portal-trigger.ts';
import { startPushRelay } from './push-relay.ts';
import { withoutSettings } from './settings.ts';
import { createTopics } from './topics.ts';

export const functionNames = ['fan-out', 'reconcile-batch', 'push-portal-edit', 'pull-apigee-edit'] as const;
type FunctionName = (typeof functionNames)[number];

/** What each function is given, MiB, as Terraform's defaults say. */
export const memoryMiB: Readonly<Record<FunctionName, number>> = {
  'fan-out': 1024,
  'reconcile-batch': 1024,
  'push-portal-edit': 512,
  'pull-apigee-edit': 512,
};

/** Where the log sink of a deployment would publish. */
const auditTopic = 'apigee-audit-log';

/** Google's emulators, each function in a process of its own, and what Eventarc and Pub/Sub do between them. */
export async function startOnEmulators(
  found: FoundEmulators,
  options: BackendOptions,
  started: AsyncDisposableStack,
): Promise<Backend> {
  const { config, env, notice = () => undefined } = options;
  const relay = await startEventarcRelay(options.relay);
  started.defer(() => relay.close());
  const pushes = await startPushRelay();
  started.defer(() => pushes.close());
  const [firestore, pubsub] = await startBoth(
    startFirestoreEmulator(found, { functionsEmulator: relay.host }, env),
    startPubsubEmulator(found, env),
    started,
  );
  notice('The emulators of Firestore and Pub/Sub are up; the functions follow…');
  const hosts = emulatorEnvironment(firestore.host, pubsub.host);
  // The client libraries look for emulators in the environment of the process only.
  Object.assign(process.env, hosts);
  const functions = await startFunctions(options, hosts, started);
  const urls = Object.fromEntries(functions.map(({ name, url }) => [name, url]));
  const urlOf = (name: FunctionName): string => urls[name] ?? '';
  const pushTo = (name: FunctionName): string => pushes.addressFor(name, urlOf(name));
  relay.deliverTo(urlOf('push-portal-edit'));
  const isPulled = config.pull !== 'off';
  const topics = await createTopics({
    host: pubsub.host,
    project: config.project,
    push: {
      [config.requestsTopic]: pushTo('fan-out'),
      [config.batchesTopic]: pushTo('reconcile-batch'),
      ...(isPulled ? { [auditTopic]: pushTo('pull-apigee-edit') } : {}),
    },
    ...(options.backoff === undefined ? {} : { backoff: options.backoff }),
    ...(options.maxDeliveryAttempts === undefined ? {} : { maxDeliveryAttempts: options.maxDeliveryAttempts }),
  });
  started.defer(() => topics.close());

  const services = await googleServices(config, { publisher: 'pubsub', log: () => undefined });
  started.defer(() => services.close());
  const client = createFirestore({ projectId: config.project, databaseId: config.database });
  started.defer(() => client.terminate());

  const { project, database, portal } = config;
  let trigger: Promise<void> | undefined;
  return {
    kind: 'emulators',
    firestore: firestore.host,
    pubsub: pubsub.host,
    functions: urls,
    processes: functions,
    relay,
    pushes,
    control: undefined,
    portal: portalInFirestore(client.collection(portal.collection)),
    services,
    startTrigger() {
      trigger ??= registerPortalTrigger({ host: firestore.host, project, database, collection: portal.collection });
      return trigger;
    },
    onPushed: (listener) => relay.onDelivered(({ document }) => listener(document.split('/').at(-1) ?? document)),
    auditTopic: isPulled ? auditTopic : undefined,
    publishAudit: (entry, attributes) => topics.publish(auditTopic, entry, attributes),
    onAuditTaken: (listener) => pushes.onTaken('pull-apigee-edit', listener),
    onDeadLetter: (listener) => topics.onDeadLetter(listener),
    broken: Promise.race(functions.map(describeDeath)),
  };
}

function emulatorEnvironment(firestore: string, pubsub: string) {
  return { FIRESTORE_EMULATOR_HOST: firestore, PUBSUB_EMULATOR_HOST: pubsub, METADATA_SERVER_DETECTION: 'none' };
}

/**
 * Starts both emulators in parallel. An emulator that is up ends together with `started`, also where the other one
 * fails.
 */
async function startBoth(
  starting: Promise<Emulator>,
  startingToo: Promise<Emulator>,
  started: AsyncDisposableStack,
): Promise<readonly [Emulator, Emulator]> {
  const keep = async (promise: Promise<Emulator>): Promise<Emulator> => {
    const emulator = await promise;
    started.defer(() => emulator.stop());
    return emulator;
  };
  return allOrFirstFailure([keep(starting), keep(startingToo)]);
}

/**
 * Rejects with the first failure, but only once every promise has settled, so that nothing starts after the cleaning
 * up.
 */
async function allOrFirstFailure<T extends readonly unknown[]>(promises: {
  [I in keyof T]: Promise<T[I]>;
}): Promise<T> {
  await Promise.allSettled(promises);
  return Promise.all(promises);
}

async function startFunctions(
  { config, settings, env, logs }: BackendOptions,
  hosts: Readonly<Record<string, string>>,
  started: AsyncDisposableStack,
): Promise<readonly FunctionProcess[]> {
  const environment = { ...withoutSettings(env), ...hosts, ...settings, NODE_ENV: 'production' };
  // As deployed: where nothing is pulled, there is no function for it.
  const deployed = functionNames.filter((name) => name !== 'pull-apigee-edit' || config.pull !== 'off');
  const starting = deployed.map(async (name) => {
    const logFile = join(logs, `${name}.log`);
    await rm(logFile, { force: true });
    const process = await startFunction({ name, heapMiB: memoryMiB[name] / 2, env: environment, logFile });
    started.defer(() => process.stop());
    return process;
  });
  await Promise.allSettled(starting);
  return Promise.all(starting);
}

async function describeDeath(process: FunctionProcess): Promise<string> {
  const how = await process.died;
  return `The function ${process.name} ended (${how}). It last said:\n${await process.lastLines()}`;
}
