import { randomBytes } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { newRunId } from '../cli/commands/sync-run.ts';
import { readConfig, type Config } from '../shared/config/config.ts';
import type { SyncRequest } from '../shared/messages/publisher.ts';
import type { Runs } from '../shared/state/runs.ts';
import type { Services } from '../shared/wiring/services.ts';
import { startApigeeEmulator, type ApigeeEmulator } from './apigee-emulator/server.ts';
import { startOnEmulators } from './emulated-stack.ts';
import { findEmulators } from './emulators/find-emulators.ts';
import type { EventarcRelay, RelayTiming } from './eventarc-relay.ts';
import type { FunctionProcess } from './function-process.ts';
import { startInMemory } from './memory-stack.ts';
import type { PortalDocuments } from './portal-documents.ts';
import type { PushRelay } from './push-relay.ts';
import { settingsFor, type Environment, type Settings } from './settings.ts';
import { makeRoom, removeStackFile, writeStackFile } from './stack-file.ts';
import type { TopicsOptions } from './topics.ts';

export interface StackOptions {
  /** Default `x`. */
  readonly type?: 'x' | 'hybrid' | 'edge';
  /** Default `demo`. */
  readonly org?: string;
  /** Base URL of another Apigee; default: our own emulator. */
  readonly apigee?: string;
  /** Default `demo-developer-sync`. Emulators keep projects that begin with `demo-` away from the cloud. */
  readonly project?: `demo-${string}`;
  /** Where product settings are taken from, and what the functions find besides. Default: this process's environment. */
  readonly env?: Environment;
  /** Logs and `stack.json` go here. Default: `.local` in the current directory. */
  readonly folder?: string;
  /** Default: `found`, the official emulators if they are there. */
  readonly kind?: 'found' | 'emulators' | 'memory';
  /** Default `at-once`. `when-asked`: portal edits are heard of only after `startTrigger()`. */
  readonly trigger?: 'at-once' | 'when-asked';
  readonly relay?: RelayTiming;
  /** Of the Pub/Sub subscriptions, in seconds. */
  readonly backoff?: TopicsOptions['backoff'];
  /** Of a message, before it goes to the dead letters. */
  readonly maxDeliveryAttempts?: TopicsOptions['maxDeliveryAttempts'];
  /** Told what the operator should know. Default: nobody. */
  readonly notice?: (text: string) => void;
}

/** Everything that `npm start` starts. */
export interface Stack extends AsyncDisposable {
  readonly kind: 'emulators' | 'memory';
  readonly config: Config;
  readonly settings: Settings;
  /** `host:port`; undefined in memory. */
  readonly firestore: string | undefined;
  readonly pubsub: string | undefined;
  /** Undefined where another Apigee is used. */
  readonly apigee: ApigeeEmulator | undefined;
  /** By name of the function. */
  readonly functions: Readonly<Record<string, string>>;
  /** Undefined in memory: there the functions are in this process. */
  readonly processes: readonly FunctionProcess[];
  /** Base URL of the control server; in memory only. */
  readonly control: string | undefined;
  /** Undefined in memory. */
  readonly relay: EventarcRelay | undefined;
  /** Undefined in memory. */
  readonly pushes: PushRelay | undefined;
  readonly portal: PortalDocuments;
  /** What `devsync` works with: the same state, settings and topics as the functions. */
  readonly services: Services;
  readonly runs: Runs;
  /** Publishes a sync request; answers the id of its run. */
  publish(request?: Partial<SyncRequest>): Promise<string>;
  /** From now on portal edits are pushed. A second time does nothing. */
  startTrigger(): Promise<void>;
  /** Called with the id of a portal document when its edit has been handled. Returns how to stop. */
  onPushed(listener: (userId: string) => void): () => void;
  /** Called with the topic when one of its messages went to the dead letters. Returns how to stop. */
  onGivenUp(listener: (topic: string) => void): () => void;
  /** Resolves with what happened when a part of the stack died by itself. */
  readonly broken: Promise<string>;
  /** Ends everything that was started. A second time does nothing. */
  close(): Promise<void>;
}

/** What differs between the emulators and memory. */
export type Backend = Pick<
  Stack,
  | 'kind'
  | 'firestore'
  | 'pubsub'
  | 'functions'
  | 'processes'
  | 'control'
  | 'relay'
  | 'pushes'
  | 'portal'
  | 'services'
  | 'startTrigger'
  | 'onPushed'
  | 'onGivenUp'
  | 'broken'
>;

export interface BackendOptions extends Pick<StackOptions, 'relay' | 'backoff' | 'maxDeliveryAttempts'> {
  readonly config: Config;
  readonly settings: Settings;
  readonly env: Environment;
  readonly logs: string;
}

/** Starts the whole stack. Whatever fails, everything that was started until then is ended. */
export async function startStack(options: StackOptions = {}): Promise<Stack> {
  const { env = process.env, folder = join(process.cwd(), '.local'), project = 'demo-developer-sync' } = options;
  const { type = 'x', org = 'demo' } = options;
  await using started = new AsyncDisposableStack();
  await makeRoom(folder);
  const logs = join(folder, 'logs');
  await mkdir(logs, { recursive: true });

  const emulator =
    options.apigee === undefined ? await startApigeeEmulator({ mode: type === 'edge' ? 'edge' : 'x', org }) : undefined;
  started.defer(() => emulator?.close());
  const endpoint = options.apigee ?? emulator?.url ?? '';
  const hashKey = randomBytes(32).toString('hex');
  const settings = settingsFor({ env, project, type, org, endpoint, ownEmulator: emulator !== undefined, hashKey });
  const config = readConfig(settings);

  const backend = await startBackend(options, { ...options, config, settings, env, logs }, started);
  if (options.trigger !== 'when-asked') await backend.startTrigger();
  started.defer(() => removeStackFile(folder));
  const { functions, firestore = null, pubsub = null, control } = backend;
  const apigee = shortAddress(endpoint);
  const where = { project, firestore, pubsub, apigee, org, functions, ...(control === undefined ? {} : { control }) };
  await writeStackFile(folder, { ...where, settings: { ...settings }, pid: process.pid });

  const everything = started.move();
  return {
    ...backend,
    config,
    settings,
    apigee: emulator,
    runs: backend.services.runs({ reads: 0, writes: 0, bookkeeping: 0 }),
    async publish({ mode = 'full', dryRun = false, reason } = {}) {
      const runId = newRunId('local', Date.now());
      await backend.services.publisher.requestSync({ mode, dryRun, reason }, runId);
      return runId;
    },
    close: () => everything.disposeAsync(),
    [Symbol.asyncDispose]: () => everything.disposeAsync(),
  };
}

async function startBackend(
  { kind = 'found', notice = () => undefined }: StackOptions,
  options: BackendOptions,
  started: AsyncDisposableStack,
): Promise<Backend> {
  if (kind === 'memory') {
    notice('Everything is kept in memory, as asked for.');
    return startInMemory(options, started);
  }
  const found = await findEmulators(options.env);
  if (found.kind === 'found') return startOnEmulators(found, options, started);
  if (kind === 'emulators') throw new Error(found.reason);
  notice(`${found.reason} Everything is kept in memory instead.`);
  return startInMemory(options, started);
}

/** Host and port where that says everything, else the whole URL. */
function shortAddress(endpoint: string): string {
  const { protocol, host, pathname } = new URL(endpoint);
  return protocol === 'http:' && pathname === '/' ? host : endpoint;
}
