import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect } from 'vitest';
import type { Role } from '../../../console/api/roles.ts';
import { consoleOnLoopback, type LoopbackConsole } from '../../../console/server/on-loopback.ts';
import type { ApigeeEmulator } from '../../../local/apigee-emulator/server.ts';
import { prepareSample } from '../../../local/sample/prepare-sample.ts';
import { startStack, type Stack, waitForRun } from '../../../local/stack.ts';
import { builtConsolePage } from '../../../scripts/build/console-page.ts';
import type { Run } from '../../../shared/state/runs.ts';
import { openBrowser, watch } from './use-console.ts';

/** The console's real server over the local stack in memory, with the sample and one run over it. */
export interface ConsoleOnStack {
  readonly stack: Stack;
  readonly apigee: ApigeeEmulator;
  /** A page of its own, signed in with this role; default: admin. */
  readonly open: (path: string, role?: Role, options?: BrowserContextOptions) => Promise<Page>;
  /** Makes a full run, as the schedule would, and waits for its end. */
  readonly run: () => Promise<Run>;
}

const root = join(import.meta.dirname, '..', '..', '..');

export interface StackChoices {
  /** Settings of the product. */
  readonly env?: Readonly<Record<string, string>>;
  /** Whether portal edits are pushed as they happen; default: they are. */
  readonly pushes?: boolean;
}

/** One stack and one browser for all tests of a file; each test takes people of its own. */
export function useConsoleOnStack({ env = {}, pushes = true }: StackChoices = {}): () => ConsoleOnStack {
  let up: ConsoleOnStack | undefined;
  let browser: Browser | undefined;
  const consoles = new Map<Role, LoopbackConsole>();
  const closing = new AsyncDisposableStack();
  let broken: string[] = [];

  beforeAll(async () => {
    const folder = await mkdtemp(join(tmpdir(), 'developer-sync-console-'));
    closing.defer(async () => rm(folder, { recursive: true, force: true }));
    const stack = closing.use(await startStack({ kind: 'memory', folder, env, trigger: 'when-asked' }));
    const { apigee } = stack;
    if (apigee === undefined) throw new Error('the stack has no Apigee');
    const { signal } = new AbortController();
    await prepareSample(stack, apigee, signal);
    if (pushes) await stack.startTrigger();
    const run = async (): Promise<Run> =>
      waitForRun(stack, await stack.publish({ mode: 'full', reason: 'of a test' }), signal);
    await run();

    const web = await builtConsolePage(root);
    const offers = { editDevelopers: true, schedule: undefined, openDeadLetters: undefined };
    const desk = { services: stack.services, version: '0.0.0', offers };
    for (const role of ['viewer', 'operator', 'admin'] as const) {
      const operator = { id: role, email: `${role}@example.com`, name: `${role}@example.com`, role };
      const served = await consoleOnLoopback({ desk, operator, token: 'often', web });
      closing.defer(() => served.close());
      consoles.set(role, served);
    }
    browser = await openBrowser();
    closing.defer(() => browser?.close());

    const open: ConsoleOnStack['open'] = async (path, role = 'admin', options = {}) => {
      const served = consoles.get(role);
      if (browser === undefined || served === undefined) throw new Error('the console is not up');
      const context = await browser.newContext({ locale: 'en-US', viewport: { width: 1280, height: 900 }, ...options });
      context.setDefaultTimeout(15_000);
      const page = await context.newPage();
      watch(page, broken);
      const token = new URL(served.signedIn).hash;
      await page.goto(served.url.replace(/\/$/, '') + path + token);
      await page.getByRole('navigation').waitFor();
      return page;
    };
    up = { stack, apigee, open, run };
  });

  afterEach(async () => {
    await Promise.all(browser?.contexts().map((context) => context.close()) ?? []);
    const found = broken.splice(0);
    expect(found).toEqual([]);
  });

  afterAll(async () => {
    await closing.disposeAsync();
  });

  return () => {
    if (up === undefined) throw new Error('the stack is not up');
    return up;
  };
}
