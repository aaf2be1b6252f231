import { describe, expect, test } from 'vitest';
import type { Answer, ListedDevelopers, ListPage } from '../../../shared/apigee/developers.ts';
import { createInMemoryDevelopers } from '../../../shared/apigee/in-memory.ts';
import { listRange } from '../../../shared/apigee/list-range.ts';

const everyone = Array.from({ length: 30 }, (_, index) => `p${String(index).padStart(2, '0')}@example.com`);
const p = (index: number): string => everyone[index] ?? '';

type List = (page: ListPage) => Promise<Answer<ListedDevelopers>>;

/** Lists `from` to `to` where other ranges begin at `others`, by pages of ten; and how many calls that took. */
async function range(
  bounds: { readonly from?: string; readonly to?: string; readonly others?: readonly string[] },
  around: (list: List) => List = (list) => list,
) {
  const developers = createInMemoryDevelopers({ type: 'edge', now: () => 1 });
  developers.seed(...everyone.map((email) => ({ email })));
  let asked = 0;
  const list = around((page) => developers.listDevelopers({ ...page, count: 10 }));
  const begins = async () => {
    asked += 1;
    const others = new Set([...(bounds.others ?? []), bounds.to]);
    return (email: string) => others.has(email);
  };
  const calls: ListPage[] = [];
  const counted = { ...developers, listDevelopers: (page: ListPage) => (calls.push(page), list(page)) };
  const listed = await listRange(counted, { from: bounds.from, to: bounds.to }, begins);
  return { listed, calls: calls.length, asked };
}

describe('a range of the listing', () => {
  test('is one call where the page shows where the next one begins', async () => {
    const { listed, calls, asked } = await range({ from: p(5), to: p(14) });
    expect(listed).toMatchObject({
      kind: 'listed',
      emails: everyone.slice(5, 14),
      end: { kind: 'closed', next: p(14) },
    });
    expect([calls, asked]).toEqual([1, 0]);
    expect(listed.kind === 'listed' && [...listed.developers.keys()]).toEqual(everyone.slice(5, 14));
  });

  test('that has grown is followed on until another one begins', async () => {
    const { listed, calls } = await range({ from: p(5), to: p(20) });
    expect(listed).toMatchObject({ emails: everyone.slice(5, 20), end: { kind: 'closed', next: p(20) } });
    expect(calls).toBe(2);
  });

  test('goes on to the range behind where the next one’s first developer is gone', async () => {
    const { listed, calls } = await range({ from: p(5), to: 'gone@example.com', others: [p(12)] });
    expect(listed).toMatchObject({ emails: everyone.slice(5, 12), end: { kind: 'closed', next: p(12) } });
    expect(calls).toBe(1);
  });

  test('the last one ends where nobody comes behind', async () => {
    const { listed, calls } = await range({ from: p(25) });
    expect(listed).toMatchObject({ emails: everyone.slice(25), end: { kind: 'closed', next: undefined } });
    expect(calls).toBe(2);
    expect((await range({ from: p(29) })).calls).toBe(1);
  });

  test('from the beginning', async () => {
    const { listed } = await range({ to: p(9) });
    expect(listed).toMatchObject({ emails: everyone.slice(0, 9), end: { kind: 'closed', next: p(9) } });
  });

  test('whose first developer is gone shows nobody, however Apigee answers', async () => {
    const vanished = { kind: 'listed', emails: [], end: { kind: 'vanished' } };
    expect((await range({ from: 'gone@example.com', to: p(3) })).listed).toMatchObject(vanished);
    const next =
      (list: List): List =>
      (page) =>
        list({ ...page, startKey: p(2) });
    expect((await range({ from: 'gone@example.com', to: p(3) }, next)).listed).toMatchObject(vanished);
  });

  test('that meets nobody with whom another one begins stays open', async () => {
    const turned =
      (list: List): List =>
      async (page) =>
        list({ ...page, startKey: p(3) });
    expect((await range({ from: p(3), to: 'gone@example.com' }, turned)).listed).toMatchObject({
      end: { kind: 'open' },
    });
    const nobody = (): List => async () => ({ ok: true, value: { emails: [], developers: [] } });
    expect((await range({ to: p(3) }, nobody)).listed).toMatchObject({ end: { kind: 'open' } });
  });

  test('of whom Apigee does not expand everybody names them all the same', async () => {
    const left =
      (list: List): List =>
      async (page) => {
        const answer = await list(page);
        if (!answer.ok) return answer;
        return { ok: true, value: { ...answer.value, developers: answer.value.developers.slice(2) } };
      };
    const { listed } = await range({ from: p(5), to: p(14) }, left);
    expect(listed).toMatchObject({ emails: everyone.slice(5, 14) });
    expect(listed.kind === 'listed' && listed.developers.size).toBe(7);
  });

  test.each([
    ['refused', { kind: 'listed', end: { kind: 'open' } }],
    ['unavailable', { kind: 'failed', error: { kind: 'unavailable' } }],
    ['denied', { kind: 'failed', error: { kind: 'denied' } }],
  ] as const)('that Apigee answers with %s', async (kind, expected) => {
    const error = { kind, operation: 'list', status: 400, code: undefined, message: 'no', ambiguous: false } as const;
    expect((await range({ from: p(5), to: p(14) }, () => async () => ({ ok: false, error }))).listed).toMatchObject(
      expected,
    );
  });

  test('stays open where Apigee does not begin at its first developer: a walk finds out why', async () => {
    const shifted =
      (list: List): List =>
      (page) =>
        list({ ...page, startKey: p(4) });
    expect((await range({ from: p(5), to: p(13) }, shifted)).listed).toMatchObject({ end: { kind: 'open' } });
  });
});
