import { describe, expect, test } from 'vitest';
import type { Stopped } from '../../../shared/state/control.ts';
import { newMeter } from '../../../shared/state/meter.ts';
import { handlePortalEdit } from '../../../shared/wiring/handlers.ts';
import type { InProcess, InProcessOptions } from '../../support/in-process.ts';
import { manualClock } from '../../support/manual-clock.ts';
import { deliverEntry, pullEnv, saveInApigee } from '../../support/pulling.ts';
import { ann, annDocument, developer, linked, unavailable } from './ann.ts';

const start = (options: InProcessOptions = {}): Promise<InProcess> =>
  linked({ ...options, env: { ...pullEnv, ...options.env } });
const writes = ({ calls }: InProcess) => calls.create + calls.update + calls.status + calls.delete;
const events = (world: InProcess): readonly string[] => world.logs.splice(0).map(({ event }) => event);
const versionOf = (world: InProcess) => world.database.links.get(linkIdOf(world))?.version;
const linkIdOf = ({ database }: InProcess): string => [...database.links.after(undefined)][0]?.id ?? '';

/** The echo of what a pull wrote to the portal. */
async function echo(world: InProcess, id = 'ann'): Promise<void> {
  const type = 'google.cloud.firestore.document.v1.written';
  await handlePortalEdit(world.services, { type, document: `portalUsers/${id}` });
}

describe('an edit in Apigee that its audit log tells of (rule 40)', () => {
  test('of a name is on the portal for one GET, and its echo from the portal costs nothing', async () => {
    const world = await start();
    const saved = saveInApigee(world, { email: ann, firstName: 'Anna' });
    events(world);
    expect(await deliverEntry(world, 'UpdateDeveloper', ann, saved)).toBe('done');
    expect(world.user('ann')).toMatchObject({ firstName: 'Anna', lastName: 'Lee' });
    expect(world.database.linkOf(ann)?.last).toMatchObject({ by: { kind: 'pull' }, outcome: 'updated-portal' });
    expect(events(world)).toEqual(['person_changed', 'pull_completed']);
    await echo(world);
    expect(world.calls).toMatchObject({ get: 1, list: 0 });
    expect(writes(world)).toBe(0);
  });

  test('of an attribute, set and removed, likewise', async () => {
    const world = await start();
    const attributes = new Map([
      ['city', 'Ulm'],
      ['MINT_PLAN', 'basic'],
    ]);
    saveInApigee(world, { email: ann, attributes });
    expect(await deliverEntry(world, 'UpdateDeveloperAttributes', `${ann}/attributes`)).toBe('done');
    expect(world.user('ann')).toMatchObject({ attributes: { city: 'Ulm' } });
    expect(world.user('ann')?.['attributes']).not.toHaveProperty('tier');
    expect(world.calls.get).toBe(1);
    expect(developer(world)?.attributes.get('MINT_PLAN')).toBe('basic');
  });

  test('of a status is remembered for one GET, though Apigee does not say when it was set, and never undone (rule 14)', async () => {
    const world = await start();
    saveInApigee(world, { email: ann, status: 'inactive', lastModifiedAt: developer(world)?.lastModifiedAt ?? 0 });
    expect(await deliverEntry(world, 'SetDeveloperStatus', ann)).toBe('done');
    expect(world.calls.get).toBe(1);
    expect(world.database.linkOf(ann)?.base?.developer.status).toBe('inactive');
    expect(world.user('ann')).toMatchObject({ status: 'active' });
    world.database.putPortalDocument('ann', { ...annDocument, firstName: 'Anna' });
    await echo(world);
    expect(developer(world)).toMatchObject({ firstName: 'Anna', status: 'inactive' });
  });

  test('that makes a developer makes a portal user, once', async () => {
    const world = await start();
    const bob = { email: 'bob@example.com', firstName: 'Bob', lastName: 'Ray', userName: 'bob' };
    const saved = saveInApigee(world, bob);
    const create = { ...saved, resourceName: 'organizations/acme' };
    const answers = await Promise.all([1, 2, 3].map(() => deliverEntry(world, 'CreateDeveloper', '', create)));
    expect(answers).toEqual(['done', 'done', 'done']);
    const users = world.database.portalDocuments().filter(({ data }) => data['email'] === bob.email);
    expect(users).toHaveLength(1);
    expect(users[0]?.data).toMatchObject({ firstName: 'Bob', passwordResetRequired: true });
    await world.run();
    expect(world.calls).toMatchObject({ create: 0, update: 0 });
  });

  test('by an id is found for one GET', async () => {
    const world = await start();
    saveInApigee(world, { email: ann, lastName: 'Lane' });
    const { developerId = '' } = developer(world) ?? {};
    expect(await deliverEntry(world, 'UpdateDeveloperAttribute', `${developerId}/attributes/tier`)).toBe('done');
    expect(world.user('ann')).toMatchObject({ lastName: 'Lane' });
    expect(world.calls.get).toBe(1);
  });

  test('that comes twice, late and in the wrong order ends as Apigee is now (rule 20)', async () => {
    const world = await start();
    const first = saveInApigee(world, { email: ann, firstName: 'One', lastModifiedAt: Date.now() - 10 });
    const second = saveInApigee(world, { email: ann, firstName: 'Two' });
    for (const saved of [second, first, second, first]) await deliverEntry(world, 'UpdateDeveloper', ann, saved);
    expect(world.user('ann')).toMatchObject({ firstName: 'Two' });
    // Whatever the link shows already is not read again.
    expect(world.calls.get).toBe(1);
  });

  test('that is about nobody whom PORTAL_FILTER selects costs nothing', async () => {
    const world = await start({ env: { PORTAL_FILTER: '@example\\.com$' } });
    saveInApigee(world, { email: 'eve@elsewhere.com' });
    expect(await deliverEntry(world, 'UpdateDeveloper', 'eve@elsewhere.com')).toBe('done');
    expect(world.calls.get).toBe(0);
    expect(world.database.allLinks()).toHaveLength(1);
  });

  test('waits while every write is stopped, and is not given up (rule 33)', async () => {
    const clock = manualClock();
    const world = await start({ clock });
    const runs = world.services.runs(newMeter());
    const stop = (stopped: Stopped | undefined) =>
      runs.updateControl((control) => ({ control: { ...control, stopped }, result: undefined }));
    await stop({ at: 1, by: 'somebody', reason: undefined });
    clock.advance(2000);
    const saved = saveInApigee(world, { email: ann, firstName: 'Anna' });
    events(world);
    expect(await deliverEntry(world, 'UpdateDeveloper', ann, saved)).toBe('again');
    expect(events(world)).toEqual(['pull_postponed']);
    expect(world.calls.get).toBe(0);
    await stop(undefined);
    clock.advance(2000);
    expect(await deliverEntry(world, 'UpdateDeveloper', ann, saved)).toBe('done');
    expect(world.user('ann')).toMatchObject({ firstName: 'Anna' });
  });

  test('comes again where Apigee does not answer, by email and by id (rule 25)', async () => {
    let away = true;
    const world = await start({
      wrap: (developers) => ({
        ...developers,
        get: async (id) =>
          away ? { ...unavailable, error: { ...unavailable.error, operation: 'get' } } : developers.get(id),
      }),
    });
    saveInApigee(world, { email: ann, firstName: 'Anna' });
    const { developerId = '' } = developer(world) ?? {};
    expect(await deliverEntry(world, 'UpdateDeveloper', ann)).toBe('again');
    expect(await deliverEntry(world, 'UpdateDeveloper', developerId)).toBe('again');
    away = false;
    expect(await deliverEntry(world, 'UpdateDeveloper', developerId)).toBe('done');
    expect(world.user('ann')).toMatchObject({ firstName: 'Anna' });
  });

  test('meets an edit on the portal: both survive (rule 11)', async () => {
    const world = await start();
    const saved = saveInApigee(world, { email: ann, firstName: 'Anna' });
    world.database.putPortalDocument('ann', { ...annDocument, lastName: 'Lane' });
    expect(await deliverEntry(world, 'UpdateDeveloper', ann, saved)).toBe('done');
    expect(world.user('ann')).toMatchObject({ firstName: 'Anna', lastName: 'Lane' });
    expect(developer(world)).toMatchObject({ firstName: 'Anna', lastName: 'Lane' });
    expect(developer(world)?.attributes.get('MINT_PLAN')).toBe('basic');
  });
});

describe('what we wrote ourselves (rules 23, 40)', () => {
  test('costs one link read where the link shows the time, and nothing is written', async () => {
    const world = await start();
    world.database.putPortalDocument('ann', { ...annDocument, firstName: 'Anna' });
    await echo(world);
    const { developerId, lastModifiedAt } = developer(world) ?? {};
    const saved = { response: { email: ann, developerId, lastModifiedAt: String(lastModifiedAt) } };
    const before = { ...world.calls };
    const version = versionOf(world);
    events(world);
    expect(await deliverEntry(world, 'UpdateDeveloper', ann, saved)).toBe('done');
    expect(world.calls).toEqual(before);
    expect(versionOf(world)).toBe(version);
    expect(events(world)).toEqual(['pull_skipped']);
  });

  test('of a status, of which no time tells, costs one GET, and nothing is written', async () => {
    const world = await start();
    world.database.putPortalDocument('ann', { ...annDocument, status: 'inactive' });
    await echo(world);
    const before = { ...world.calls };
    const version = versionOf(world);
    expect(await deliverEntry(world, 'SetDeveloperStatus', ann)).toBe('done');
    expect(world.calls).toEqual({ ...before, get: before.get + 1 });
    expect(versionOf(world)).toBe(version);
  });

  test('is not taken for known where somebody else replaced the developer, or something is owed', async () => {
    const world = await start();
    const { lastModifiedAt = 0 } = developer(world) ?? {};
    world.developers.remove(ann);
    const other = '11111111-2222-4333-8444-555555555555';
    const saved = saveInApigee(world, { email: ann, developerId: other, firstName: 'Anna', lastModifiedAt });
    expect(await deliverEntry(world, 'CreateDeveloper', ann, saved)).toBe('done');
    expect(world.database.linkOf(ann)?.developer?.developerId).toBe(other);
  });
});
