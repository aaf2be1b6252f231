import { expect, test } from 'vitest';
import { crowd, deleteUsers } from '../support/crowd.ts';
import { commandWorld } from './command-world.ts';

const ann = { email: 'ann@example.com', firstName: 'Ann', lastName: 'Archer' };

test('who asks for a run is recorded under its id, with the reason (rule 39)', async () => {
  const { devsync, services } = commandWorld({}, { env: { USER: 'opal' } });
  const said = await devsync('sync', '--full', '--json', '--reason', 'after the import');
  const { runId } = JSON.parse(said.out) as { runId: string };
  expect((await services.audit.get([runId])).get(runId)).toMatchObject({
    action: 'request-run',
    reason: 'after the import',
    operator: { name: expect.stringMatching(/^opal@/) },
    fields: ['full'],
    end: { state: 'done' },
  });
});

test('who synchronises or releases a person is recorded, also where nothing came of it (rule 39)', async () => {
  const world = commandWorld();
  world.database.putPortalDocument('u1', ann);
  await world.devsync('sync', ann.email);
  await world.devsync('holds', 'release', ann.email);
  expect(await world.services.audit.recent({ before: undefined, limit: 5 })).toMatchObject([
    { action: 'release-person', person: ann.email, end: { state: 'refused' } },
    { action: 'sync-person', person: ann.email, end: { state: 'done' } },
  ]);
});

test('who approves a held run is recorded (rule 39)', async () => {
  const world = commandWorld({ env: { DESTRUCTIVE_LIMIT: '1' } });
  await crowd(world, 6);
  deleteUsers(world, 0, 3);
  const { runId } = await world.run();
  await world.devsync('holds', 'approve', runId, '--yes', '--reason', 'they left');
  expect(await world.services.audit.recent({ before: undefined, limit: 1 })).toMatchObject([
    { action: 'approve-run', runId, reason: 'they left', people: 3, end: { state: 'done', words: 'approved' } },
  ]);
});

test.each([
  ['explain', 'nobody@example.com'],
  ['sync', 'nobody@example.com'],
  ['runs', 'cancel', 'none'],
])('devsync %s %s: a person or a run that is not there, exit 3', async (...args) => {
  const world = commandWorld();
  await world.run();
  expect((await world.devsync(...args)).code).toBe(3);
});

test('sync EMAIL --dry-run is explain EMAIL, and writes nothing', async () => {
  const world = commandWorld();
  world.database.putPortalDocument('u1', ann);
  const explained = await world.devsync('explain', ann.email);
  expect(await world.devsync('sync', ann.email, '--dry-run')).toMatchObject({ code: 0, out: explained.out });
  expect(world.database.allLinks()).toEqual([]);
});
