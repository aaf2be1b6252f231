import { describe, expect, test } from 'vitest';
import type { ListPage } from '../../../shared/apigee/developers.ts';
import { newMeter } from '../../../shared/state/meter.ts';
import { crowd, deleteUsers, emailOf, inactive } from '../../support/crowd.ts';
import { inProcess, type InProcess } from '../../support/in-process.ts';

/** Requests a full run and delivers whatever is queued all at once. */
async function runInParallel(world: InProcess) {
  await world.services.publisher.requestSync({ mode: 'full', dryRun: false, reason: undefined }, 'parallel');
  while (world.queue.length > 0) {
    const messages = world.queue.splice(0);
    await Promise.all(messages.map((message) => world.deliver(message)));
  }
  return world.services.runs(newMeter()).get('parallel');
}

describe('the gate of a run (rule 16)', () => {
  test('500 planned over many batches and a limit of 499: not one call, however parallel', async () => {
    const world = inProcess({ env: { DESTRUCTIVE_LIMIT: '499', DESTRUCTIVE_LIMIT_PERCENT: '100' } });
    await crowd(world, 2500);
    // Of every page some.
    for (let from = 0; from < 2500; from += 50) deleteUsers(world, from, from + 10);
    const run = await runInParallel(world);
    expect(run).toMatchObject({ state: 'held', gate: { planned: 500, seen: 2500, open: false, approved: false } });
    expect(run?.walks.apigee.batches).toBeGreaterThan(2);
    expect(run?.totals?.counts).toMatchObject({ seen: 2500, held: 500, unchanged: 2000 });
    expect(world.calls).toMatchObject({ status: 0, delete: 0 });
  });

  test('with a limit of 500 all of them are passed on, each once', async () => {
    const world = inProcess({ env: { DESTRUCTIVE_LIMIT: '500', DESTRUCTIVE_LIMIT_PERCENT: '100' } });
    await crowd(world, 2500);
    for (let from = 0; from < 2500; from += 50) deleteUsers(world, from, from + 10);
    expect(await runInParallel(world)).toMatchObject({
      state: 'done',
      gate: { planned: 500, open: true },
      totals: { counts: { seen: 2500, updated: { apigee: 500, portal: 0 }, unchanged: 2000 } },
    });
    expect(world.calls).toMatchObject({ status: 500, delete: 0 });
  });

  test.each([
    [5, 'done', 5],
    [6, 'held', 0],
  ])('%i of 100 people at 5 per cent: the run is %s', async (deleted, state, calls) => {
    const world = inProcess();
    await crowd(world, 100);
    deleteUsers(world, 0, deleted);
    expect(await world.run()).toMatchObject({ state, gate: { planned: deleted, seen: 100 } });
    expect(world.calls.status).toBe(calls);
  });

  test.each([
    ['refuses', 'denied', 'failed'],
    ['does not answer', 'unavailable', 'running'],
  ] as const)('is never reached where Apigee %s to list the second page (rule 25)', async (_, kind, state) => {
    let broken = false;
    const world = inProcess({
      env: { DESTRUCTIVE_LIMIT: '5000', DESTRUCTIVE_LIMIT_PERCENT: '100', APIGEE_DELETE_POLICY: 'delete' },
      wrap: (developers) => ({
        ...developers,
        listEmails: async (page) => (isRefused(page) ? { ok: false, error } : developers.listEmails(page)),
        listDevelopers: async (page) => (isRefused(page) ? { ok: false, error } : developers.listDevelopers(page)),
      }),
    });
    const isRefused = ({ startKey }: ListPage): boolean => broken && startKey !== undefined;
    const error = {
      kind,
      operation: 'list',
      status: 500,
      code: undefined,
      message: 'list: no',
      ambiguous: false,
    } as const;
    await crowd(world, 1500);
    broken = true;
    deleteUsers(world, 0, 3);
    world.developers.remove(emailOf(4));
    const run = await world.run();
    expect(run).toMatchObject({ state, gate: undefined });
    expect(run.walks.destructive).toMatchObject({ batches: 0, complete: false });
    expect(world.calls).toMatchObject({ status: 0, delete: 0 });
    expect(world.database.portalDocuments()).toHaveLength(1497);
  });

  test('a listing that leaves developers out proves nothing: each is asked for by name (rule 25)', async () => {
    let hidden = new Set<string>();
    const seen = <T>(all: readonly T[], emailOfOne: (one: T) => string): readonly T[] =>
      all.filter((one) => !hidden.has(emailOfOne(one)));
    const world = inProcess({
      env: { DESTRUCTIVE_LIMIT: '5000', DESTRUCTIVE_LIMIT_PERCENT: '100', APIGEE_DELETE_POLICY: 'delete' },
      wrap: (developers) => ({
        ...developers,
        async listEmails(page) {
          const answer = await developers.listEmails(page);
          return answer.ok ? { ok: true, value: seen(answer.value, (email) => email) } : answer;
        },
        async listDevelopers(page) {
          const answer = await developers.listDevelopers(page);
          if (!answer.ok) return answer;
          const emails = seen(answer.value.emails, (email) => email);
          return { ok: true, value: { emails, developers: seen(answer.value.developers, ({ email }) => email) } };
        },
      }),
    });
    await crowd(world, 60);
    hidden = new Set([3, 4, 5, 58, 59].map(emailOf));
    world.developers.remove(emailOf(59));
    const run = await world.run();
    // Only the one who answers 404 to its own name.
    expect(run).toMatchObject({ state: 'done', gate: { planned: 1 }, totals: { counts: { seen: 60 } } });
    expect(world.database.portalDocuments()).toHaveLength(59);
    expect(world.user('user-59')).toBeUndefined();
    expect(world.calls).toMatchObject({ status: 0, delete: 0, create: 0 });
    expect(inactive(world)).toEqual([]);
  });
});
