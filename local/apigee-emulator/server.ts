import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import { adminOf, type EmulatorAdmin } from './admin.ts';
import { control, controlPrefix } from './control-routes.ts';
import { deliver } from './deliver.ts';
import { readRequest } from './request.ts';
import { serve } from './serve.ts';
import type { Mode } from './settings.ts';
import { EmulatorState } from './state.ts';

export type { EmulatorAdmin } from './admin.ts';
export type { AuditListener } from './audit.ts';
export type { Counters, Counts, Operation } from './counters.ts';
export type { Attribute, DeveloperRecord, DeveloperSeed } from './developer.ts';
export type { FaultAnswer, FaultRule, FaultRuleInput } from './faults.ts';
export type { Mode, Settings, SettingsChange } from './settings.ts';
export type { AttributePredicate, RequestListener, SeenRequest } from './state.ts';

export interface ApigeeEmulatorOptions {
  /** `x` stands for X and hybrid, which share one control plane. */
  readonly mode: Mode;
  /** The only organisation that exists; calls to any other are forbidden. */
  readonly org: string;
  /** Default: a free one. */
  readonly port?: number;
  /** Apigee's clock, in ms since the epoch; also the quota's. */
  readonly now?: () => number;
  /** Waits for so many ms, for the setting `latencyMs`. */
  readonly delay?: (ms: number) => Promise<void>;
}

export interface ApigeeEmulator {
  /** `http://127.0.0.1:PORT`, without `/v1`. */
  readonly url: string;
  readonly org: string;
  readonly admin: EmulatorAdmin;
  /** Ends open connections too, answered or not. A second call does nothing. */
  close(): Promise<void>;
}

const apiBodyLimit = 1024 * 1024;
const controlBodyLimit = 512 * 1024 * 1024;
const keepAliveMs = 120_000;

/** Serves the developers resource of one organisation on the loopback interface. */
export async function startApigeeEmulator(options: ApigeeEmulatorOptions): Promise<ApigeeEmulator> {
  const { mode, org, port = 0, now = Date.now } = options;
  const { delay = async (ms: number) => wait(ms, undefined, { ref: false }) } = options;
  const state = new EmulatorState(mode, org, now);
  const admin = adminOf(state);

  async function handle(message: IncomingMessage, response: ServerResponse): Promise<void> {
    const request = await readRequest(message, (path) => (isControl(path) ? controlBodyLimit : apiBodyLimit));
    try {
      deliver(
        response,
        isControl(request.path)
          ? { kind: 'answer', answer: control(request, admin, state) }
          : await serve(request, state, delay),
      );
    } catch (error) {
      // A listener or the emulator itself failed. The answer is plain text, as no answer of Apigee is.
      console.error(error);
      const answer = {
        status: 500,
        headers: { 'content-type': 'text/plain' },
        body: `The emulator failed: ${String(error)}`,
      };
      deliver(response, { kind: 'answer', answer });
    }
  }

  const server = createServer((message, response) => {
    // Only reading can fail here, because the client went away.
    handle(message, response).catch(() => response.destroy());
  });
  // Longer than clients keep idle connections, so that no connection is closed while a client sends a call on it.
  server.keepAliveTimeout = keepAliveMs;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server has no port');

  let closed: Promise<void> | undefined;
  return {
    url: `http://127.0.0.1:${address.port}`,
    org,
    admin,
    async close() {
      closed ??= new Promise<void>((resolve, reject) => {
        server.close((error) => (error ? reject(error) : resolve()));
        server.closeAllConnections();
      });
      await closed;
    },
  };
}

function isControl(path: string): boolean {
  return path === controlPrefix || path.startsWith(`${controlPrefix}/`);
}
