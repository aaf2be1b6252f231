import { describe, expect, test } from 'vitest';
import type { PersonKey } from '../../../shared/core/model/email.ts';
import { cancelRun } from '../../../shared/run/lifecycle/cancel-run.ts';
import { newMeter } from '../../../shared/state/meter.ts';
import { batchAllowance } from '../../../shared/wiring/allowances.ts';
import { openSession } from '../../../shared/wiring/services.ts';
import { emailOf, idOf } from '../../support/crowd.ts';
import { inProcess } from '../../support/in-process.ts';
import { hour, listed, listError } from '../../support/listed-world.ts';

const full = { mode: 'full' } as const;
const incremental = { mode: 'incremental' } as const;

const keyOf = (index: number): PersonKey => emailOf(index) as PersonKey;

describe('where Apigee lists in ways of its own', () => {
  test('everybody at once, whatever is asked for: runs end, and it is listed as seldom as in a walk', async () => {
    const everybody = { startKey: undefined, count: 1_000_000 };
    for (const count of [3, 30, 1000, 2100]) {
      const { world, clock, lists } = await listed(count, {
        env: { APIGEE_TYPE: 'edge' },
        wrap: (developers) => ({
          ...developers,
          listEmails: () => developers.listEmails(everybody),
          listDevelopers: () => developers.listDevelopers(everybody),
        }),
      });
      for (const request of [full, incremental]) {
        expect(await world.run(request)).toMatchObject({ state: 'done', totals: { counts: { seen: count } } });
        expect(lists().length).toBeLessThan(10);
        clock.advance(hour);
      }
    }
  });

  test('always from the beginning, a page at a time: nothing is proven (rules 16, 25)', async () => {
    const world = inProcess({
      wrap: (developers) => ({
        ...developers,
        listEmails: (page) => developers.listEmails({ ...page, startKey: undefined }),
        listDevelopers: (page) => developers.listDevelopers({ ...page, startKey: undefined }),
      }),
    });
    for (let index = 0; index < 1500; index += 1) world.developers.seed({ email: emailOf(index) });
    const run = await world.run(full);
    expect(run.state).not.toBe('done');
    expect(run.walks.apigee.complete).toBe(false);
  });

  test('and PORTAL_FILTER selects few of whom it lists: it is cut all the same', async () => {
    const { world, clock, lists } = await listed(2500, { env: { PORTAL_FILTER: '^person-1@' } });
    for (let nth = 0; nth < 2; nth += 1) {
      lists();
      expect((await world.run(full)).totals?.counts).toMatchObject({ seen: 1 });
      expect(lists().filter(({ expanded }) => !expanded)).toHaveLength(0);
      clock.advance(hour);
    }
  });

  test('without showing developers in pages: it is walked each time', async () => {
    const { world, lists } = await listed(30, {
      wrap: (developers) => ({
        ...developers,
        listDevelopers: async (page) =>
          page.startKey === undefined && page.count === 1 ? developers.listDevelopers(page) : listError('refused'),
      }),
    });
    expect(await world.run(full)).toMatchObject({ state: 'done', totals: { counts: { unchanged: 30 } } });
    expect(lists()[0]).toMatchObject({ expanded: false });
    expect(world.logs.filter(({ event }) => event === 'listing_walked_anew')).toHaveLength(0);
  });
});

describe('on Edge, where an email has several spellings', () => {
  test.each(['walked', 'in ranges'])(
    'who was deleted right behind the listing and created in another spelling is created no second time, %s (rule 29)',
    async (how) => {
      let act: (() => void) | undefined;
      const { world, clock } = await listed(30, {
        env: { APIGEE_TYPE: 'edge' },
        wrap: (developers) => ({
          ...developers,
          async listDevelopers(page) {
            const answer = await developers.listDevelopers(page);
            act?.();
            act = undefined;
            return answer;
          },
        }),
      });
      if (how === 'walked') world.database.runs.listing = undefined;
      world.database.putPortalDocument(idOf(3), { ...world.user(idOf(3)), lastName: 'Late' });
      act = () => {
        world.developers.remove(emailOf(3));
        world.developers.seed({ email: 'Person-3@example.com', lastName: 'Edited' });
      };
      await world.run(full);
      clock.advance(hour);
      await world.run(full);
      const spellings = world.developers.all().filter(({ email }) => email.toLowerCase() === emailOf(3));
      expect(spellings.map(({ email }) => email)).toEqual(['Person-3@example.com']);
    },
  );

  test('a second spelling beside somebody who is in step is held', async () => {
    const { world, clock } = await listed(30, { env: { APIGEE_TYPE: 'edge' } });
    world.developers.seed({ email: 'person-3@example.COM', lastModifiedAt: clock.now() });
    for (let nth = 0; nth < 3; nth += 1) {
      expect((await world.run(full)).totals?.counts).toMatchObject({ seen: 30, held: 1 });
      clock.advance(hour);
    }
  });
});

describe('a run that does not come to its end', () => {
  test.each([
    ['full ones', [full, full]],
    ['an incremental one, and a full one', [incremental, full]],
  ] as const)('leaves nobody to be overlooked who looks as before again: behind it %s', async (_, between) => {
    let breaks = false;
    const { world, clock } = await listed(30, {
      movesOnStatus: false,
      around: async (effect, happen) => {
        if (breaks && effect === 'remember-listing') throw new Error('crash');
        return happen();
      },
    });
    world.database.putPortalDocument(idOf(3), { ...world.user(idOf(3)), status: 'inactive' });
    await world.push(idOf(3));
    const people = world.services.people(newMeter());
    await people.transact({ links: [keyOf(3)], userIds: [] }, (view) => ({
      result: undefined,
      links: [...view.links.values()].map(({ link }) => ({ ...link, due: clock.now() })),
    }));
    clock.advance(hour);
    breaks = true;
    const broken = await world.run(full);
    expect(broken).toMatchObject({ state: 'running', phase: 'apigee' });
    breaks = false;
    await cancelRun(openSession(world.services, batchAllowance), broken.runId, 'cancelled');
    // The run has noted, quietly, that nothing is due any more.
    expect(await people.keysWrittenSince(0, 100)).not.toContain(keyOf(3));
    await world.developers.setStatus(emailOf(3), 'active');
    for (const request of between) {
      clock.advance(hour);
      expect(await world.run(request)).toMatchObject({ state: 'done' });
    }
    expect((await people.links([keyOf(3)])).get(keyOf(3))?.link.base?.developer.status).toBe('active');
  });

  test('who looks as before again is looked at, however many incremental runs come between', async () => {
    const { world, clock } = await listed(30, { movesOnStatus: false });
    world.database.putPortalDocument(idOf(3), { ...world.user(idOf(3)), status: 'inactive' });
    await world.push(idOf(3));
    await world.developers.setStatus(emailOf(3), 'active');
    for (const request of [incremental, incremental, full]) {
      clock.advance(hour);
      expect(await world.run(request)).toMatchObject({ state: 'done' });
    }
    const found = await world.services.people(newMeter()).links([keyOf(3)]);
    expect(found.get(keyOf(3))?.link.base?.developer.status).toBe('active');
  });

  test('who looks as before again is looked at where too many links were written to tell whose', async () => {
    const count = 1100;
    const { world, clock } = await listed(count, { movesOnStatus: false });
    world.database.putPortalDocument(idOf(3), { ...world.user(idOf(3)), status: 'inactive' });
    await world.push(idOf(3));
    await world.developers.setStatus(emailOf(3), 'active');
    const people = world.services.people(newMeter());
    const keys = Array.from({ length: count }, (_, index) => keyOf(index));
    await people.transact({ links: keys, userIds: [] }, (view) => ({
      result: undefined,
      links: [...view.links.values()].map(({ link }) => link),
    }));
    clock.advance(hour);
    await world.run(full);
    expect((await people.links([keyOf(3)])).get(keyOf(3))?.link.base?.developer.status).toBe('active');
  });

  test('of which ranges proved nothing once goes on in ranges the next time', async () => {
    let beginning: string | undefined;
    const { world, clock, lists } = await listed(2500, {
      wrap: (developers) => ({
        ...developers,
        listDevelopers: async (page) =>
          page.startKey !== undefined && page.startKey === beginning
            ? listError('refused')
            : developers.listDevelopers(page),
      }),
    });
    beginning = world.database.runs.listing?.ranges[1]?.from;
    await world.run(incremental);
    beginning = undefined;
    clock.advance(hour);
    lists();
    expect((await world.run(incremental)).totals?.counts).toMatchObject({ seen: 2500 });
    expect(lists()).toHaveLength(4);
  });
});
