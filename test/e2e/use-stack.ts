import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, type TestContext } from 'vitest';
import { followRun } from '../../shared/operator/views/progress.ts';
import type { ApigeeEmulator } from '../../local/apigee-emulator/server.ts';
import { clearFirestore } from '../../local/emulators/clear-firestore.ts';
import { findEmulators } from '../../local/emulators/find-emulators.ts';
import type { EventarcRelay } from '../../local/eventarc-relay.ts';
import type { PushRelay } from '../../local/push-relay.ts';
import { startStack, type Stack, type StackOptions } from '../../local/stack.ts';
import type { SyncRequest } from '../../shared/messages/publisher.ts';
import type { Run } from '../../shared/state/runs.ts';
import { say } from '../cli/command-world.ts';

/** The stack on Google's emulators and the real Functions Framework, with what a test always needs. */
export interface TestStack extends Stack {
  readonly apigee: ApigeeEmulator;
  readonly relay: EventarcRelay;
  readonly pushes: PushRelay;
  readonly firestore: string;
  /** Requests a run and waits for its end. */
  run(request?: Partial<SyncRequest>): Promise<Run>;
  /** Makes an edit on the portal and waits until the functions have taken as many events about this document. */
  edit(id: string, make: () => Promise<void>, events?: number): Promise<void>;
  /** Runs a command as an operator of the stack would. */
  devsync(...args: readonly string[]): Promise<{ readonly code: number; readonly out: string; readonly err: string }>;
  /** Everything the functions have written to their output so far. */
  logs(): Promise<string>;
}

/**
 * One stack for all tests of a file, emptied after each; edits in Apigee are pulled only where `PULL` is given. Skips the tests, saying why, where there are no emulators.
 */
export function useStack(options: Omit<StackOptions, 'kind' | 'folder'> = {}): (context: TestContext) => TestStack {
  let stack: TestStack | undefined;
  let folder: string | undefined;
  let missing = 'the stack was not started';

  beforeAll(async () => {
    const found = await findEmulators();
    if (found.kind === 'missing') {
      missing = found.reason;
      return;
    }
    const cwd = await mkdtemp(join(tmpdir(), 'developer-sync-'));
    folder = cwd;
    const own = join(cwd, '.local');
    const started = await startStack({
      ...options,
      env: { PULL: 'off', ...(options.env ?? process.env) },
      kind: 'emulators',
      folder: own,
    });
    const { apigee, relay, pushes, firestore } = started;
    if (apigee === undefined || relay === undefined || pushes === undefined || firestore === undefined)
      throw new Error('a part of the stack is missing');
    const run = async (request: Partial<SyncRequest> = {}): Promise<Run> =>
      followRun(started.runs, await started.publish({ mode: 'full', ...request }), { stillLimitMs: 60_000 });
    const edit = async (id: string, make: () => Promise<void>, events = 1): Promise<void> => {
      const { promise, resolve } = Promise.withResolvers<void>();
      let left = events;
      const stop = relay.onDelivered(({ document }) => {
        if (document !== `${started.config.portal.collection}/${id}`) return;
        left -= 1;
        if (left === 0) resolve();
      });
      await make();
      await promise;
      stop();
      await relay.idle();
    };
    const devsync: TestStack['devsync'] = (...args) => say(['--local', ...args], { cwd });
    const logs = async (): Promise<string> => {
      const files = Object.keys(started.functions).map((name) => readFile(join(own, 'logs', `${name}.log`), 'utf8'));
      return (await Promise.all(files)).join('\n');
    };
    stack = { ...started, apigee, relay, pushes, firestore, run, edit, devsync, logs };
  });

  afterEach(async () => {
    if (stack === undefined) return;
    stack.relay.disturb(undefined);
    stack.apigee.admin.reset();
    await stack.relay.idle();
    // A second delivery may outlive the run: it would take what the next test puts there for what it knows.
    await stack.pushes.idle();
    await clearFirestore(stack.firestore, stack.config.project);
    stack.apigee.admin.reset();
  });

  afterAll(async () => {
    await stack?.close();
    if (folder !== undefined) await rm(folder, { recursive: true, force: true });
  });

  return (context) => stack ?? context.skip(missing);
}

/** `count` people on both sides, alike. */
export async function populate({ apigee, portal }: TestStack, count: number): Promise<void> {
  const numbers = Array.from({ length: count }, (_, index) => index);
  apigee.admin.seed(
    numbers.map((index) => ({
      email: `person-${String(index)}@example.com`,
      firstName: `First ${String(index)}`,
      lastName: 'Last',
      attributes: { tier: 'gold', MINT_PLAN: 'x' },
      lastModifiedAt: Date.now() - 3_600_000,
    })),
  );
  await portal.putAll(numbers.map((index) => [`user-${String(index)}`, userDocument(index)] as const));
}

export function userDocument(
  index: number,
  more: Readonly<Record<string, unknown>> = {},
): Readonly<Record<string, unknown>> {
  return {
    email: `person-${String(index)}@example.com`,
    firstName: `First ${String(index)}`,
    lastName: 'Last',
    status: 'active',
    attributes: { tier: 'gold' },
    ...more,
  };
}

/** A further run finds nothing to write on either side (rule 12), and the verifier no difference that is not explained. */
export async function expectSettled(stack: TestStack): Promise<Run> {
  stack.apigee.admin.resetCounters();
  const run = await stack.run();
  expect(run.state).toBe('done');
  expect(run.totals?.traffic.writes).toBe(0);
  const { create, update, status, delete: deleted } = stack.apigee.admin.counters().requests;
  expect([create, update, status, deleted]).toEqual([0, 0, 0, 0]);
  expect(await stack.devsync('verify')).toMatchObject({ code: 0, err: '' });
  return run;
}
