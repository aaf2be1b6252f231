import { describe, expect, test } from 'vitest';
import { newMeter } from '../../../shared/state/meter.ts';
import { handlePortalEdit } from '../../../shared/wiring/handlers.ts';
import { inProcess, type InProcess } from '../../support/in-process.ts';
import { manualClock, type ManualClock } from '../../support/manual-clock.ts';
import { ann, annDocument, developer } from './ann.ts';

const minute = 60_000;
const event = { type: 'google.cloud.firestore.document.v1.written', document: 'portalUsers/ann' };

interface Timed {
  readonly world: InProcess;
  readonly clock: ManualClock;
  /** A program writes these fields of the portal user, and no other. */
  readonly portal: (fields: Readonly<Record<string, unknown>>) => void;
  /** An administrator gives the developer another first name. */
  readonly apigee: (firstName: string) => void;
  readonly firstNames: () => Promise<readonly [portal: unknown, apigee: unknown]>;
}

/** Ann on both sides, in step since a minute; nobody has touched `updatedAt` for a day. */
async function timed(env: Readonly<Record<string, string>> = {}): Promise<Timed> {
  const clock = manualClock();
  const world = inProcess({ clock, env });
  const yesterday = new Date(clock.now() - 24 * 60 * minute);
  world.database.putPortalDocument('ann', { ...annDocument, updatedAt: yesterday });
  world.developers.seed({ email: ann, firstName: 'Ann', lastName: 'Lee', lastModifiedAt: yesterday.getTime() });
  await world.run();
  clock.advance(minute);
  return {
    world,
    clock,
    portal: (fields) => world.database.putPortalDocument('ann', { ...world.user('ann'), ...fields }),
    apigee: (firstName) => {
      const found = developer(world);
      if (found !== undefined) world.developers.seed({ ...found, firstName, lastModifiedAt: clock.now() });
    },
    async firstNames() {
      clock.advance(minute);
      await handlePortalEdit(world.services, event);
      return [world.user('ann')?.['firstName'], developer(world)?.firstName];
    },
  };
}

describe('a program that edits a portal user and forgets `updatedAt` (rule 4)', () => {
  test.each([{}, { CONFLICT_POLICY: 'newest-record' }])('does not lose a later edit in a conflict: %j', async (env) => {
    const { clock, portal, apigee, firstNames } = await timed(env);
    apigee('Earlier');
    clock.advance(minute);
    portal({ firstName: 'Later' });
    expect(await firstNames()).toEqual(['Later', 'Later']);
  });

  test('loses an earlier one', async () => {
    const { clock, portal, apigee, firstNames } = await timed();
    portal({ firstName: 'Earlier' });
    clock.advance(minute);
    apigee('Later');
    expect(await firstNames()).toEqual(['Later', 'Later']);
  });

  test('wins nothing where it touches what is not mapped', async () => {
    const { world, clock, portal, apigee, firstNames } = await timed();
    apigee('Edited');
    clock.advance(minute);
    portal({ lastSeen: 'now' });
    await firstNames();
    clock.advance(minute);
    portal({ lastSeen: 'now again', updatedAt: new Date(clock.now()) });
    await world.run();
    expect(await firstNames()).toEqual(['Edited', 'Edited']);
  });

  test('counts by `updatedAt` where another program has moved that, whatever is touched later', async () => {
    const { clock, portal, apigee, firstNames } = await timed();
    portal({ firstName: 'Earlier', updatedAt: new Date(clock.now()) });
    clock.advance(minute);
    apigee('Later');
    clock.advance(minute);
    portal({ lastSeen: 'now' });
    expect(await firstNames()).toEqual(['Later', 'Later']);
  });

  test('on a portal user that was created from Apigee is heard as well', async () => {
    const clock = manualClock();
    const world = inProcess({ clock });
    world.developers.seed({ email: ann, firstName: 'Ann', lastName: 'Lee', lastModifiedAt: clock.now() - minute });
    await world.run();
    const [created] = world.database.portalDocuments();
    clock.advance(minute);
    world.developers.seed({ email: ann, firstName: 'Earlier', lastName: 'Lee', lastModifiedAt: clock.now() });
    clock.advance(minute);
    const id = created?.id ?? '';
    world.database.putPortalDocument(id, { ...created?.data, firstName: 'Later' });
    await handlePortalEdit(world.services, { ...event, document: `portalUsers/${id}` });
    expect([world.user(id)?.['firstName'], developer(world)?.firstName]).toEqual(['Later', 'Later']);
  });

  test('is judged by `updatedAt` as before where the link does not know it yet', async () => {
    const { world, clock, portal, apigee, firstNames } = await timed();
    const link = world.database.linkOf(ann);
    if (link?.base === undefined) throw new Error('there is no base');
    const earlier = { ...link, base: { ...link.base, portalUpdatedAt: undefined } };
    await world.services.people(newMeter()).transact({ links: [ann], userIds: [] }, () => ({
      result: undefined,
      links: [earlier],
    }));
    apigee('Earlier');
    clock.advance(minute);
    portal({ firstName: 'Later' });
    expect(await firstNames()).toEqual(['Earlier', 'Earlier']);
  });
});

test('a portal that only moves `updatedAt`, at every login, causes no write (rule 12)', async () => {
  const { world, clock, portal, firstNames } = await timed();
  portal({ updatedAt: new Date(clock.now()) });
  const before = structuredClone([...world.database.links.after(undefined)]);
  await firstNames();
  expect([...world.database.links.after(undefined)]).toEqual(before);
  expect(world.calls).toMatchObject({ get: 0, update: 0 });
});
