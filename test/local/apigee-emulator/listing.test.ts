import { describe, expect, test } from 'vitest';
import { ann, both, emailsOf, people, talkTo } from './talk.ts';

describe('the shape of a listing', () => {
  test.each([
    { mode: 'x', expand: false, empty: {}, one: { developer: [{ email: 'ann@example.com' }] } },
    { mode: 'edge', expand: false, empty: [], one: ['ann@example.com'] },
    { mode: 'x', expand: true, empty: {}, one: { developer: [expect.objectContaining({ email: ann.email })] } },
    { mode: 'edge', expand: true, empty: { developer: [] }, one: { developer: [expect.objectContaining(ann)] } },
  ] as const)('is the one of $mode when expand is $expand', async ({ mode, expand, empty, one }) => {
    const { emulator, call } = await talkTo(mode);
    expect((await call('GET', `/developers?expand=${expand}`)).json).toEqual(empty);
    emulator.admin.seed([ann]);
    expect((await call('GET', `/developers?expand=${expand}`)).json).toEqual(one);
  });

  test('a trailing slash is dropped, so an empty id lists everyone', async () => {
    const { emulator, call } = await talkTo('x');
    emulator.admin.seed([ann]);
    expect(emailsOf((await call('GET', '/developers/')).json)).toEqual([ann.email]);
    expect(emulator.admin.counters().requests.list).toBe(1);
  });
});

describe.each(both)('paging on %s', (mode) => {
  test('never answers more than 1000, with or without count', async () => {
    const { emulator, call } = await talkTo(mode);
    emulator.admin.seed(people(1200));
    for (const query of ['', '?count=1000', '?count=5000', '?count=0', '?expand=true']) {
      expect(emailsOf((await call('GET', `/developers${query}`)).json)).toHaveLength(1000);
    }
  });

  test('includes the start key, so a page of one never advances', async () => {
    const { emulator, call } = await talkTo(mode);
    emulator.admin.seed(people(5));
    const page = async (query: string): Promise<string[]> => emailsOf((await call('GET', `/developers?${query}`)).json);
    expect(await page('count=2&startKey=p1%40example.com')).toEqual(['p1@example.com', 'p2@example.com']);
    expect(await page('count=1&startKey=p1%40example.com')).toEqual(['p1@example.com']);
    expect(await page('startKey=p3%40example.com&expand=true')).toEqual(['p3@example.com', 'p4@example.com']);
  });

  test.each(['abc', '-1', '1.5'])('refuses count=%s', async (count) => {
    const { call } = await talkTo(mode);
    expect((await call('GET', `/developers?count=${count}`)).status).toBe(400);
  });

  test('answers 404 to a start key that is gone, and goes on where it was if told to', async () => {
    const { emulator, call } = await talkTo(mode);
    emulator.admin.seed(people(4));
    emulator.admin.remove('p1@example.com');
    const gone = await call('GET', '/developers?startKey=p1%40example.com&count=10');
    expect(gone.status).toBe(404);
    expect(gone.text).toContain('keymanagement.service.developer_doesnot_exist');
    emulator.admin.configure({ vanishedStartKey: 'continue' });
    for (const order of ['insertion', 'email'] as const) {
      emulator.admin.configure({ order });
      const next = await call('GET', '/developers?startKey=p1%40example.com&count=10');
      expect(emailsOf(next.json)).toEqual(['p2@example.com', 'p3@example.com']);
    }
    emulator.admin.configure({ order: 'reverse' });
    const reversed = await call('GET', '/developers?startKey=p1%40example.com&count=10');
    expect(emailsOf(reversed.json)).toEqual(['p0@example.com']);
  });

  test.each(['insertion', 'email', 'reverse', { shuffled: 7 }] as const)(
    'meets everyone once in the order %j, also when developers come and go between two pages',
    async (order) => {
      const { emulator, call } = await talkTo(mode);
      emulator.admin.configure({ order });
      emulator.admin.seed(people(50));
      const seen: string[] = [];
      for (let startKey = ''; ;) {
        const query = startKey === '' ? 'count=10' : `count=10&startKey=${encodeURIComponent(startKey)}`;
        const page = emailsOf((await call('GET', `/developers?${query}`)).json);
        seen.push(...page.filter((email) => email !== startKey));
        if (page.length < 10) break;
        startKey = page.at(-1) ?? '';
        const first = seen.shift() ?? '';
        emulator.admin.remove(first);
        emulator.admin.seed([{ email: first }]);
        seen.push(first);
      }
      expect(new Set(seen)).toEqual(new Set(people(50).map(({ email }) => email)));
    },
  );

  test('expand with count is allowed, refused or ignored as set', async () => {
    const { emulator, call } = await talkTo(mode);
    emulator.admin.seed([ann]);
    emulator.admin.configure({ expandWithPaging: 'refuse' });
    expect((await call('GET', '/developers?expand=true&count=10')).status).toBe(400);
    expect((await call('GET', '/developers?expand=true')).text).toContain('Lee');
    emulator.admin.configure({ expandWithPaging: 'ignore' });
    const ignored = await call('GET', '/developers?expand=true&count=10');
    expect(emailsOf(ignored.json)).toEqual([ann.email]);
    expect(ignored.text).not.toContain('Lee');
  });

  test('a short page comes where and as often as set', async () => {
    const { emulator, call } = await talkTo(mode);
    emulator.admin.seed(people(30));
    emulator.admin.configure({ shortPage: { afterItems: 9, length: 0 } });
    const count = async (query: string): Promise<number> =>
      emailsOf((await call('GET', `/developers?${query}`)).json).length;
    expect(await count('count=10')).toBe(10);
    expect(await count('count=10&startKey=p9%40example.com')).toBe(0);
    expect(await count('count=10&startKey=p9%40example.com')).toBe(10);
    emulator.admin.configure({ shortPage: { afterItems: 0, length: 3, times: 'always' } });
    expect([await count('count=10'), await count('count=10')]).toEqual([3, 3]);
  });

  test('?app= answers whole developers unasked, and an empty listing for an unknown app', async () => {
    const { emulator, call } = await talkTo(mode);
    emulator.admin.seed([{ ...ann, apps: ['weather'] }, ...people(3)]);
    const found = await call('GET', '/developers?app=weather');
    expect(found.json).toMatchObject({ developer: [{ ...ann, apps: ['weather'] }] });
    const none = await call('GET', '/developers?app=other');
    expect(none.status).toBe(200);
    expect(emailsOf(none.json)).toEqual([]);
  });
});

test('ids= takes emails and developerIds', async () => {
  const { emulator, call } = await talkTo('x');
  emulator.admin.seed(people(4));
  const id = emulator.admin.developer('p3@example.com')?.developerId ?? '';
  const listing = await call('GET', `/developers?ids=p1%40example.com,${id}`);
  expect(emailsOf(listing.json)).toEqual(['p1@example.com', 'p3@example.com']);
});

test('the shuffled order is stable and depends on the seed', async () => {
  const { emulator } = await talkTo('x');
  const { admin } = emulator;
  admin.seed(people(20));
  const order = (seed: number): string[] => {
    admin.configure({ order: { shuffled: seed } });
    return admin.developers().map(({ email }) => email);
  };
  expect(order(1)).toEqual(order(1));
  expect(order(1)).not.toEqual(order(2));
});

test('100,000 developers are seeded and read at any page without a wait', async () => {
  const { emulator, call } = await talkTo('x');
  const began = performance.now();
  expect(emulator.admin.seed(people(100_000))).toBe(100_000);
  const page = await call('GET', '/developers?expand=true&count=1000&startKey=p99500%40example.com');
  expect(emailsOf(page.json)).toHaveLength(500);
  expect(performance.now() - began).toBeLessThan(10_000);
});
