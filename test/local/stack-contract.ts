import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'vitest';
import { followRun } from '../../shared/operator/views/progress.ts';
import { functionAnswers } from '../../local/function-process.ts';
import { generatePeople } from '../../local/people.ts';
import { startStack, type Stack } from '../../local/stack.ts';
import { say } from '../cli/command-world.ts';
import { signInTo } from '../e2e/console-client.ts';

const people = 40;

/** What has to be true of a stack of either kind. `stack` was started with `folder`, empty. */
export async function expectStackToWork(stack: Stack, folder: string): Promise<void> {
  await expectStackFile(stack, folder);
  await expect(startStack({ folder })).rejects.toThrow('The local stack is up already');
  await expectRuns(stack);
  await expectPortalEditToArrive(stack);
  await expectApigeeEditToArrive(stack);
  await expectDevsyncToWork(stack, folder);
}

async function expectStackFile(stack: Stack, folder: string): Promise<void> {
  const file: unknown = JSON.parse(await readFile(join(folder, 'stack.json'), 'utf8'));
  const hostOfApigee = new URL(stack.apigee?.url ?? '').host;
  expect(file).toMatchObject({
    project: 'demo-developer-sync',
    firestore: stack.firestore ?? null,
    pubsub: stack.pubsub ?? null,
    apigee: hostOfApigee,
    org: 'demo',
    functions: stack.functions,
    console: stack.console.signedIn,
    auditTopic: stack.auditTopic ?? null,
    settings: { APIGEE_ORG: 'demo', APIGEE_TYPE: 'x', PORTAL_COLLECTION: 'people' },
    pid: process.pid,
  });
  expect(Object.keys(stack.functions).toSorted()).toEqual([
    'fan-out',
    'pull-apigee-edit',
    'push-portal-edit',
    'reconcile-batch',
  ]);
  for (const url of Object.values(stack.functions)) expect(await functionAnswers(url)).toBe(true);
  // As often as it is opened: whoever scripts the stack takes the address from the file.
  for (let times = 0; times < 2; times += 1) {
    const { call } = await signInTo(stack.console.signedIn);
    expect((await call('session')).value).toMatchObject({ role: 'admin', settings: { org: 'demo' } });
  }
}

async function expectRuns(stack: Stack): Promise<void> {
  const { developers, users } = generatePeople(people, Date.now());
  const { relay } = stack;
  // As if they had been there before the trigger was.
  relay?.disturb(() => []);
  stack.apigee?.admin.seed(developers);
  await stack.portal.putAll(users);
  const run = await followRun(stack.runs, await stack.publish({ reason: 'a test' }), { pollMs: 50 });
  expect(run).toMatchObject({ state: 'done', mode: 'full', reason: 'a test', totals: { counts: { seen: people } } });
  relay?.disturb(undefined);
  const again = await followRun(stack.runs, await stack.publish(), { pollMs: 50 });
  expect(again.totals).toMatchObject({ counts: { seen: people, unchanged: people }, traffic: { writes: 0 } });
}

async function expectPortalEditToArrive(stack: Stack): Promise<void> {
  const pushed = new Promise<void>((resolve) => {
    stack.onPushed((userId) => userId === 'new' && resolve());
  });
  await stack.portal.put('new', { email: 'New@Example.com', firstName: 'New', lastName: 'User' });
  await pushed;
  expect(stack.apigee?.admin.developer('new@example.com')).toMatchObject({ firstName: 'New', lastName: 'User' });
}

async function expectApigeeEditToArrive(stack: Stack): Promise<void> {
  const pulled = new Promise<void>((resolve) => {
    stack.onPulled(({ who }) => who === 'new@example.com' && resolve());
  });
  const { url = '', org = '' } = stack.apigee ?? {};
  const body = { email: 'new@example.com', userName: 'new', firstName: 'Newer', lastName: 'User' };
  await fetch(`${url}/v1/organizations/${org}/developers/new@example.com`, {
    method: 'PUT',
    headers: { authorization: 'Bearer somebody', 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  await pulled;
  expect(await stack.portal.get('new')).toMatchObject({ firstName: 'Newer' });
}

async function expectDevsyncToWork(stack: Stack, folder: string): Promise<void> {
  const { code, out } = await say(['--local', 'sync', '--json'], {
    cwd: join(folder, '..'),
    useEmulators: (hosts) => Object.assign(process.env, hosts),
  });
  expect({ code, answer: JSON.parse(out) as unknown }).toMatchObject({
    code: 0,
    answer: { state: 'done', mode: 'incremental', counts: { seen: people + 1 } },
  });
  expect(stack.apigee?.admin.developers()).toHaveLength(people + 1);
}
