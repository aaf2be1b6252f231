import { describe, expect, test } from 'vitest';
import { newMeter } from '../../shared/state/meter.ts';
import { handlePortalEdit } from '../../shared/wiring/handlers.ts';
import { crowd, deleteUsers, documentOf, emailOf, idOf } from '../support/crowd.ts';
import { manualClock } from '../support/manual-clock.ts';
import { commandWorld, type CommandWorld } from './command-world.ts';

const hour = 60 * 60_000;

const linkOf = (world: CommandWorld, email: string) => world.database.allLinks().find(({ key }) => key === email);

describe('devsync holds release EMAIL', () => {
  test('has a developer created again whose deletion is held', async () => {
    const world = commandWorld({ env: { APIGEE_DELETE_POLICY: 'hold' } });
    await crowd(world, 3);
    world.developers.remove(emailOf(1));
    await world.run();
    expect(linkOf(world, emailOf(1))?.hold?.reason).toBe('developer-deleted');
    const { code, out } = await world.devsync('holds', 'release', emailOf(1));
    expect(code).toBe(0);
    expect(out).toContain('Held until now: developer deleted in Apigee');
    expect(out).toContain('created in Apigee');
    expect(world.developers.all()).toHaveLength(3);
    const link = linkOf(world, emailOf(1));
    expect([link?.presence, link?.hold, link?.tombstone]).toEqual(['both', undefined, undefined]);
    expect(await world.run()).toMatchObject({ state: 'done', totals: { counts: { held: 0 }, traffic: { writes: 0 } } });
  });

  test('looks at a collision again: still held says what to do, resolved goes on', async () => {
    const world = commandWorld();
    await crowd(world, 1);
    world.database.putPortalDocument('twin', documentOf(0));
    await world.run();
    const since = linkOf(world, emailOf(0))?.hold?.since;
    const still = await world.devsync('holds', 'release', emailOf(0));
    expect(still.code).toBe(2);
    expect(still.out).toContain('change the email of all but one');
    expect(linkOf(world, emailOf(0))?.hold).toMatchObject({ reason: 'portal-collision', since });
    world.database.deletePortalDocument('twin');
    const { code, out } = await world.devsync('holds', 'release', emailOf(0));
    expect({ code, held: out.includes('still') }).toEqual({ code: 0, held: false });
    expect(linkOf(world, emailOf(0))?.hold).toBeUndefined();
  });

  test('looks at a refused rename again', async () => {
    const world = commandWorld();
    await crowd(world, 1);
    world.database.putPortalDocument(idOf(0), { ...documentOf(0), email: 'new@example.com' });
    await world.run();
    expect((await world.devsync('holds', 'release', emailOf(0))).out).toContain('change the email back on the portal');
    world.database.putPortalDocument(idOf(0), documentOf(0));
    expect((await world.devsync('holds', 'release', emailOf(0))).code).toBe(0);
    expect(linkOf(world, emailOf(0))?.hold).toBeUndefined();
  });

  test('forgets the tombstone of somebody whose developer was deleted: active again, they count as new', async () => {
    const world = commandWorld({ env: { APIGEE_DELETE_POLICY: 'deactivate', DESTRUCTIVE_LIMIT_PERCENT: '100' } });
    await crowd(world, 3);
    world.developers.remove(emailOf(1));
    await world.run();
    expect(world.user(idOf(1))).toMatchObject({ status: 'inactive' });
    world.database.putPortalDocument(idOf(1), documentOf(1));
    await world.run();
    expect(world.developers.all()).toHaveLength(2);
    const { code, out } = await world.devsync('holds', 'release', emailOf(1));
    expect(code).toBe(0);
    expect(out).toContain('one side was deleted; the other counts as new from now on');
    expect(world.developers.all().find(({ email }) => email === emailOf(1))).toMatchObject({ status: 'active' });
    expect(await world.run()).toMatchObject({ totals: { traffic: { writes: 0 } } });
  });

  test('makes a new portal user for a developer whose portal user was deleted', async () => {
    const world = commandWorld({ env: { PORTAL_DELETE_POLICY: 'keep' } });
    await crowd(world, 2);
    deleteUsers(world, 0, 1);
    await world.run();
    expect(world.database.portalDocuments()).toHaveLength(1);
    expect((await world.devsync('holds', 'release', emailOf(0))).out).toContain('created on the portal');
    expect(world.database.portalDocuments()).toHaveLength(2);
  });

  test('says so where nobody is held, and who is not known at all: exit 1 and 3, and nothing is written', async () => {
    const world = commandWorld();
    await crowd(world, 1);
    const before = world.database.allLinks();
    const known = await world.devsync('holds', 'release', emailOf(0));
    expect(known).toMatchObject({ code: 1, err: expect.stringContaining('is not held: nothing was released') });
    for (const person of ['nobody@example.com', '#doc']) {
      const { code, err } = await world.devsync('holds', 'release', person);
      expect(code).toBe(3);
      expect(err).toContain('Nobody knows');
    }
    expect(world.database.allLinks()).toEqual(before);
  });

  test('leaves people outside PORTAL_FILTER, and those somebody is writing, as they are', async () => {
    const clock = manualClock();
    const env = { DESTRUCTIVE_LIMIT: '0' };
    const world = commandWorld({ clock, env });
    await crowd(world, 1);
    deleteUsers(world, 0, 1);
    const type = 'google.cloud.firestore.document.v1.written';
    await handlePortalEdit(world.services, { type, document: `portalUsers/${idOf(0)}` });
    const [held] = world.database.allLinks();
    if (held === undefined) throw new Error('nobody is held');
    const lease = { holder: 'other', expiresAt: clock.now() + 24 * hour };
    await world.services
      .people(newMeter())
      .transact({ links: [held.key], userIds: [] }, () => ({ result: 0, links: [{ ...held, lease }] }));
    const wait = async () => clock.advance(1000);
    const io = { services: { ...world.services, clock: { now: clock.now, wait } } };
    const busy = await commandWorld({ clock }, io).devsync('holds', 'release', emailOf(0), '--yes');
    expect(busy).toMatchObject({ code: 1, out: expect.stringContaining('somebody else is writing this person') });

    const config = { ...world.services.config, portal: { ...world.services.config.portal, filter: /@other\.com$/u } };
    const filteredWorld = commandWorld({ clock }, { services: { ...world.services, config } });
    const filtered = await filteredWorld.devsync('holds', 'release', emailOf(0), '--yes');
    expect(filtered.out).toContain('PORTAL_FILTER does not select this email');
    expect(world.database.allLinks()).toEqual([{ ...held, lease }]);
    expect(world.calls.status).toBe(0);
  });
});
