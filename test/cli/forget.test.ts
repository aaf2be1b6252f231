import { describe, expect, test } from 'vitest';
import type { Developers } from '../../shared/apigee/developers.ts';
import type { PersonKey } from '../../shared/core/model/email.ts';
import { newLink, type Link } from '../../shared/core/model/link.ts';
import { newMeter } from '../../shared/state/meter.ts';
import { crowd, deleteUsers, documentOf, emailOf, idOf } from '../support/crowd.ts';
import { listed } from '../shared/state/samples.ts';
import { commandWorld, type CommandWorld } from './command-world.ts';

const gone = emailOf(0);
const limits = { DESTRUCTIVE_LIMIT_PERCENT: '100', PORTAL_DELETE_POLICY: 'delete' };

/** Somebody who was deleted on both sides, and of whom an operator had to do with. */
async function deletedWorld(options: Parameters<typeof commandWorld>[0] = {}): Promise<CommandWorld> {
  const world = commandWorld({ env: limits, ...options });
  await crowd(world, 3);
  await world.devsync('sync', gone);
  await world.devsync('holds', 'release', gone, '--reason', `${gone} called`);
  deleteUsers(world, 0, 1);
  await world.run({ dryRun: true });
  await world.run();
  expect(world.developers.all()).toHaveLength(2);
  return world;
}

/** Everything that is kept, as text. */
async function kept({ services, database, planned }: CommandWorld): Promise<string> {
  const runs = services.runs(newMeter());
  const all = await runs.recent(100);
  const batches = await Promise.all(all.map(async ({ runId }) => listed(runs.batches(runId))));
  const audit = await services.audit.recent({ before: undefined, limit: 100 });
  const changes = [...database.changes.after(undefined)];
  const plans = all.map(({ runId }) => [...planned.of(runId).after(undefined)]);
  const found = [all, batches, plans, audit, database.allLinks(), changes, await runs.listing()];
  return JSON.stringify([...found, await runs.rejections(100)]);
}

describe('devsync forget EMAIL (rule 37)', () => {
  test('nothing that is kept names the person any more, and everybody else is as before', async () => {
    const world = await deletedWorld();
    await world.devsync('plan', gone);
    const shownBy = [{ runId: 'run', phase: 'apigee', seq: 0 }] as const;
    const ranges = [
      { from: undefined, shownBy },
      { from: gone, shownBy },
    ];
    await world.services.runs(newMeter()).rememberListing({ runId: 'run', since: 1, people: 3, ranges });
    expect(await kept(world)).toContain(gone);
    const others = world.database.allLinks().filter(({ key }) => key !== gone);
    const { code, out } = await world.devsync('forget', gone.toUpperCase(), '--yes', '--reason', 'asked in writing');
    expect(code).toBe(0);
    expect(out).toMatch(
      /rows in reports of runs: \d+ removed\nwhere the listing is cut: 1 removed\nchanges: \d+ removed\nwhat dry runs would have changed: \d+ removed\nrecords of actions: 2 removed\nlinks: 1 removed\n/u,
    );
    expect(await kept(world)).not.toContain(gone);
    expect(world.database.allLinks()).toEqual(others);
    expect(await kept(world)).toContain(emailOf(1));
  });

  test('nobody is forgotten whom Apigee does not find once, as long as the last run knew the developer (rule 29)', async () => {
    let isBehind = false;
    const world = commandWorld({
      env: { PORTAL_DELETE_POLICY: 'keep' },
      wrap: (developers) => ({
        ...developers,
        get: async (email) => (isBehind ? { ok: true, value: undefined } : developers.get(email)),
      }),
    });
    await crowd(world, 3);
    deleteUsers(world, 0, 1);
    await world.run();
    const before = world.database.allLinks();
    isBehind = true;
    const { code, err } = await world.devsync('forget', gone, '--yes');
    expect([code, err]).toEqual([1, expect.stringContaining('let a run see it: devsync sync --full')]);
    expect(world.database.allLinks()).toEqual(before);
  });

  test('whoever registers again while the rest is erased keeps the link, with its base (rule 10)', async () => {
    const world = await deletedWorld();
    const { database } = world;
    const { audit } = world.services;
    const forget = audit.forget.bind(audit);
    audit.forget = async (...about) => {
      database.putPortalDocument(idOf(0), documentOf(0));
      await world.push(idOf(0));
      return forget(...about);
    };
    const { out } = await world.devsync('forget', gone, '--yes');
    expect(out).toContain('somebody is writing this person, so try again');
    expect(database.allLinks().find(({ key }) => key === gone)).toMatchObject({
      presence: 'both',
      base: expect.anything(),
    });
    expect((await world.run()).totals?.traffic.writes).toBe(0);
  });

  test('an email that a portal user had for a while is forgotten; the portal user is somebody else', async () => {
    const world = commandWorld();
    await crowd(world, 2);
    const [other, person] = [emailOf(7), emailOf(1)];
    for (const email of [other, emailOf(8)]) {
      // This kind of Apigee cannot change an email: the person is held, and linked as before.
      world.database.putPortalDocument(idOf(1), { ...documentOf(1), email });
      await world.push(idOf(1));
    }
    expect(world.database.linkOf(other as PersonKey)).toMatchObject({ rivals: [idOf(1)] });
    const before = [world.user(idOf(1)), world.database.linkOf(person as PersonKey), world.developers.all()];
    expect((await world.devsync('forget', person, '--yes', '--reason', 'asked')).err).toContain('on the portal');
    expect(await world.devsync('forget', other, '--yes', '--reason', 'asked')).toMatchObject({ code: 0, err: '' });
    expect(await kept(world)).not.toContain(other);
    expect([world.user(idOf(1)), world.database.linkOf(person as PersonKey), world.developers.all()]).toEqual(before);
  });

  test('an email whose developer went on under another one is forgotten; the developer is somebody else’s', async () => {
    const world = commandWorld({ env: { APIGEE_TYPE: 'edge' } });
    await crowd(world, 2);
    const key = emailOf(9) as PersonKey;
    const people = world.services.people(newMeter());
    const linkOf = (one: string) => world.database.linkOf(one as PersonKey);
    const developer = linkOf(emailOf(1))?.developer;
    const left: Link = { ...newLink(key), presence: 'apigee', developer };
    await people.transact({ links: [], userIds: [] }, () => ({ result: 0, links: [left] }));
    const before = [linkOf(emailOf(1)), world.developers.all()];
    expect(await world.devsync('forget', key, '--yes', '--reason', 'asked')).toMatchObject({ code: 0, err: '' });
    expect(linkOf(key)).toBeUndefined();
    expect([linkOf(emailOf(1)), world.developers.all()]).toEqual(before);
    const foreign = { ...left, developer: developer && { ...developer, developerId: 'another' } };
    await people.transact({ links: [], userIds: [] }, () => ({ result: 0, links: [foreign] }));
    expect((await world.devsync('forget', key, '--yes', '--reason', 'asked')).err).toContain('in Apigee');
    expect(linkOf(key)).toBeDefined();
  });

  test('that it was done is recorded before it is done, by whom and why, without the email', async () => {
    const world = await deletedWorld();
    const begun: unknown[] = [];
    const { audit } = world.services;
    const begin = audit.begin.bind(audit);
    audit.begin = async (record) => {
      begun.push([record.action, record.person, world.database.linkOf(world.database.allLinks()[0]?.key ?? '#none')]);
      return begin(record);
    };
    await world.devsync('forget', gone, '--yes', '--reason', 'asked in writing');
    expect(begun).toMatchObject([['forget-person', undefined, expect.anything()]]);
    const [record, ...earlier] = await audit.recent({ before: undefined, limit: 9 });
    expect(record).toMatchObject({ action: 'forget-person', reason: 'asked in writing', end: { words: 'forgotten' } });
    expect(record?.personHash).toMatch(/^[0-9a-f]{16}$/u);
    expect(earlier.map(({ action, person }) => [action, person])).toEqual([
      ['release-person', undefined],
      ['sync-person', undefined],
    ]);
  });

  test('the reports of runs still add up, and the next run writes nothing (rules 12, 26)', async () => {
    const world = await deletedWorld();
    const runs = world.services.runs(newMeter());
    const before = await runs.recent(9);
    await world.devsync('forget', gone, '--yes');
    expect((await runs.recent(9)).map(({ totals }) => totals)).toEqual(before.map(({ totals }) => totals));
    expect(await world.run()).toMatchObject({
      state: 'done',
      totals: { counts: { seen: 2, unchanged: 2 }, traffic: { writes: 0 } },
    });
    expect(world.developers.all()).toHaveLength(2);
  });

  test.each([
    ['on the portal', (world: CommandWorld) => world.database.putPortalDocument('again', { email: gone })],
    [
      'in Apigee',
      (world: CommandWorld) =>
        world.developers.seed({
          email: gone,
          firstName: 'A',
          lastName: 'B',
          userName: gone,
          createdAt: 1,
          lastModifiedAt: 1,
        }),
    ],
  ])('somebody who is %s is not forgotten: nothing is removed, exit 1', async (where, appear) => {
    const world = await deletedWorld();
    appear(world);
    const links = world.database.allLinks();
    const { code, out, err } = await world.devsync('forget', gone, '--yes');
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).toContain(`is ${where}: nothing was forgotten. Delete the`);
    expect(world.database.allLinks()).toEqual(links);
  });

  test('where Apigee cannot be asked, nothing is removed', async () => {
    let isAway = false;
    const wrap = (developers: Developers): Developers => ({
      ...developers,
      get: async (email, turn) => {
        if (!isAway) return developers.get(email, turn);
        const error = {
          kind: 'unavailable',
          operation: 'get',
          status: 503,
          code: undefined,
          ambiguous: false,
        } as const;
        return { ok: false, error: { ...error, message: 'not this time' } };
      },
    });
    const world = await deletedWorld({ env: limits, wrap });
    isAway = true;
    const { code, err } = await world.devsync('forget', gone, '--yes');
    expect(code).toBe(1);
    expect(err).toContain('Nothing was forgotten: Apigee could not be asked');
    expect(await kept(world)).toContain(gone);
  });

  test('it asks for the email, and says so where nobody is there', async () => {
    const world = await deletedWorld();
    const { err, code } = await world.devsync('forget', gone);
    expect(code).toBe(1);
    expect(err).toContain('give --yes if it is meant');
    expect(await kept(world)).toContain(gone);
  });

  test('somebody of whom nothing is kept: exit 3; and a reason that names the person is refused', async () => {
    const { devsync } = commandWorld();
    expect(await devsync('forget', 'nobody@example.com', '--yes')).toMatchObject({
      code: 3,
      out: 'Nothing is kept of this person.\n',
    });
    const named = await devsync('forget', gone, '--yes', '--reason', `${gone} asked`);
    expect(named).toMatchObject({ code: 1, err: '--reason is kept: leave the email out of it\n' });
  });

  test('what is still kept is said, with when it goes: exit 2', async () => {
    const world = await deletedWorld();
    const runs = world.services.runs(newMeter());
    const [last] = await runs.recent(1);
    if (last === undefined) throw new Error('no run');
    await runs.update(last.runId, (run) => ({ run: { ...run, state: 'held' }, result: undefined }));
    const { code, out } = await world.devsync('forget', gone, '--yes');
    expect(code).toBe(2);
    expect(out).toContain('their reports go after 30 days');
  });
});
