import { expect, test } from 'vitest';
import { decodePlace, encodePlace, placeBehind, showsMark } from '../../../shared/run/phases/apigee/listing-place.ts';
import { crowd, emailOf } from '../../support/crowd.ts';
import { inProcess, type InProcess } from '../../support/in-process.ts';

/** `length`: how many developers a page carries. `back`: the place at which the listing goes on behind its last developer. */
function circle(
  count: number,
  length: number,
  back: number,
): { readonly world: InProcess; readonly lists: () => number } {
  let lists = 0;
  const next = (place: number): number => (place + 1 < count ? place + 1 : back);
  const world = inProcess({
    wrap: (developers) => ({
      ...developers,
      async listEmails({ startKey }) {
        lists += 1;
        if (lists > 1000) throw new Error('the listing is walked without end');
        let place = startKey === undefined ? 0 : Number(/\d+/.exec(startKey)?.[0]);
        const value: string[] = [];
        for (; value.length < length; place = next(place)) value.push(emailOf(place));
        return { ok: true, value };
      },
    }),
  });
  for (let index = 0; index < count; index += 1) world.developers.seed({ email: emailOf(index) });
  return { world, lists: () => lists };
}

test.each([
  [4, 3, 0, 'two pages that point at each other'],
  [2, 2, 0, 'two developers who come behind each other'],
  [5, 2, 3, 'a circle shorter than what the walk remembers'],
  [40, 4, 0, 'back to the beginning'],
  [40, 4, 35, 'back to just before the end'],
  [41, 7, 11, 'pages that are never cut at the same place'],
  [120, 3, 77, 'a long way before the circle begins'],
])(
  'a listing of %i developers in pages of %i that goes back to number %i ends: %s (rule 25)',
  async (count, length, back) => {
    const { world, lists } = circle(count, length, back);
    world.database.putPortalDocument('gone-from-apigee', {
      email: 'nobody@example.com',
      firstName: 'No',
      lastName: 'Body',
    });
    const run = await world.run();
    expect(run).toMatchObject({
      state: 'failed',
      problem: 'list: the developer listing goes in circles: it shows the same pages again',
    });
    expect(lists()).toBeLessThanOrEqual(2 * Math.ceil(count / (length - 1)) + 3);
    // A listing like that proves nothing: nobody is created or deleted for not being in it.
    expect(world.calls).toMatchObject({ create: 0, delete: 0, status: 0 });
  },
);

test('a listing that knows no start key is not begun anew without end', async () => {
  const world = inProcess({
    wrap: (developers) => ({
      ...developers,
      listEmails: ({ startKey, count }) =>
        startKey === undefined
          ? developers.listEmails({ startKey, count })
          : developers.listEmails({ startKey: 'nobody@example.com', count }),
    }),
  });
  for (let index = 0; index < 7; index += 1) world.developers.seed({ email: emailOf(index) });
  const run = await world.run();
  expect(run.state).toBe('running');
  expect(world.calls.list).toBeLessThan(100);
  expect(world.logs.some(({ message }) => message.includes('the developer listing contradicts itself'))).toBe(true);
});

test('a developer who was deleted and created again during the walk is met twice, and ends nothing', async () => {
  let lists = 0;
  const world = inProcess({
    wrap: (developers) => ({
      ...developers,
      async listEmails({ startKey }) {
        lists += 1;
        if (lists === 3) {
          world.developers.remove(emailOf(2));
          world.developers.seed({ email: emailOf(2) });
        }
        return developers.listEmails({ startKey, count: 3 });
      },
    }),
  });
  for (let index = 0; index < 12; index += 1) world.developers.seed({ email: emailOf(index) });
  const run = await world.run();
  expect(run).toMatchObject({ state: 'done', totals: { counts: { seen: 12 } } });
});

test('of the last developers listed, one who was created again comes behind the others, and the listing ends', async () => {
  let lists = 0;
  const world = inProcess({
    wrap: (developers) => ({
      ...developers,
      async listEmails(page) {
        lists += 1;
        if (lists === 2) {
          world.developers.remove(emailOf(1));
          world.developers.seed({ email: emailOf(1) });
        }
        return developers.listEmails(page);
      },
    }),
  });
  for (let index = 0; index < 3; index += 1) world.developers.seed({ email: emailOf(index) });
  expect(await world.run()).toMatchObject({ state: 'done', totals: { counts: { seen: 3 } } });
});

test('the place of a walk over a million developers stays small, and a walk without a circle shows no mark', () => {
  let place = decodePlace('');
  for (let page = 0; page < 1100; page += 1) {
    const emails = Array.from({ length: 999 }, (_, index) => emailOf(page * 999 + index));
    expect(showsMark(place, emails)).toBe(false);
    place = placeBehind(place, emails, page === 0);
  }
  expect(encodePlace(place).length).toBeLessThan(1000);
});

test('a listing without circles costs one call for its developers, and one that shows its end', async () => {
  const world = inProcess();
  await crowd(world, 30);
  for (const operation of ['list', 'get'] as const) world.calls[operation] = 0;
  await world.run();
  expect(world.calls).toMatchObject({ list: 2, get: 0 });
});
