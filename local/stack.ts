import { newMeter } from '../shared/state/meter.ts';
import { randomBytes } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { readConfig, type Config } from '../shared/config/config.ts';
import type { SyncRequest } from '../shared/messages/publisher.ts';
import { sendRunRequest } from '../shared/operator/actions/request-run.ts';
import { followRun, type Progress } from '../shared/operator/views/progress.ts';
import type { Run, Runs } from '../shared/state/runs.ts';
import { startApigeeEmulator, type ApigeeEmulator } from './apigee-emulator/server.ts';
import type { LoopbackConsole } from '../console/server/on-loopback.ts';
import type { Backend, BackendChoices, BackendOptions } from './backend.ts';
import { startConsole } from './local-console.ts';
import { startOnEmulators } from './emulated-stack.ts';
import { findEmulators } from './emulators/find-emulators.ts';
import { startInMemory } from './memory-stack.ts';
import { startAuditFeed, type AuditFeed } from './audit-feed.ts';
import { ownAccount, settingsFor, type Environment, type Settings } from './settings.ts';
import { makeRoom, removeStackFile, writeStackFile } from './stack-file.ts';

export interface StackOptions extends BackendChoices {
  /** Default `x`. */
  readonly type?: 'x' | 'hybrid' | 'edge';
  /** Default `demo`. */
  readonly org?: string;
  /** Base URL of another Apigee; default: our own emulator. */
  readonly apigee?: string;
  /** Default `demo-developer-sync`. Emulators keep projects that begin with `demo-` away from the cloud. */
  readonly project?: `demo-${string}`;
  /**
   * The product's settings are taken from here; the functions find the rest too. Default: this process's environment.
   */
  readonly env?: Environment;
  /** Logs and `stack.json` go here. Default: `.local` in the current directory. */
  readonly folder?: string;
  /** Default: `found`, the official emulators if they are there. */
  readonly kind?: 'found' | 'emulators' | 'memory';
  /** Default `at-once`. `when-asked`: portal edits are pushed only after `startTrigger()`. */
  readonly trigger?: 'at-once' | 'when-asked';
  /** Answers the folder of the console's built page. Default: only the console's API is served. */
  readonly consolePage?: () => Promise<string>;
}

/** Everything that `npm start` starts. */
export interface Stack extends Backend, AuditFeed, AsyncDisposable {
  readonly config: Config;
  readonly settings: Settings;
  /** Our own Apigee emulator; undefined where another Apigee is used. */
  readonly apigee: ApigeeEmulator | undefined;
  readonly runs: Runs;
  readonly console: LoopbackConsole;
  /** Publishes a sync request; answers the id of its run. */
  publish(request?: Partial<SyncRequest>): Promise<string>;
  /** Ends everything that was started. A second call does nothing. */
  close(): Promise<void>;
}

/** Starts the whole stack. Where a part fails, everything that was started until then is ended. */
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
  const feed = startAuditFeed({
    pull: config.pull,
    emulator,
    backend,
    org,
    own: ownAccount,
  });
  const console = await startConsole(backend, options.consolePage);
  started.defer(() => console.close());
  started.defer(() => removeStackFile(folder));
  const { functions, firestore = null, pubsub = null, auditTopic = null, control } = backend;
  const apigee = shortAddress(endpoint);
  const where = {
    project,
    firestore,
    pubsub,
    apigee,
    org,
    functions,
    console: console.signedIn,
    auditTopic,
    ...(control === undefined ? {} : { control }),
  };
  await writeStackFile(folder, { ...where, settings: { ...settings }, pid: process.pid });

  const everything = started.move();
  return {
    ...backend,
    ...feed,
    config,
    settings,
    apigee: emulator,
    runs: backend.services.runs(newMeter()),
    console,
    publish: ({ mode = 'full', dryRun = false, reason } = {}) =>
      sendRunRequest(backend.services, { mode, dryRun, reason }, 'local'),
    close: () => everything.disposeAsync(),
    [Symbol.asyncDispose]: () => everything.disposeAsync(),
  };
}

const pollMs = 200;

/**
 * Waits for the end of a run. Rejects with an AbortError once `leaving` is aborted, and with followRun's RunNotOver.
 */
export function waitForRun(
  { runs }: Stack,
  runId: string,
  leaving: AbortSignal,
  onProgress: (progress: Progress) => void = () => undefined,
): Promise<Run> {
  const wait = async (ms: number): Promise<void> => sleep(ms, undefined, { signal: leaving });
  return followRun(runs, runId, { pollMs, wait, onProgress });
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

/** Host and port where they are the whole address, else the URL. */
function shortAddress(endpoint: string): string {
  const { protocol, host, pathname } = new URL(endpoint);
  return protocol === 'http:' && pathname === '/' ? host : endpoint;
}
