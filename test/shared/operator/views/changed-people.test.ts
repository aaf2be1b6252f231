import { describe, expect, test } from 'vitest';
import type { Change } from '../../../../shared/core/model/change.ts';
import {
  changedPlaceOf,
  changedPlaceText,
  pageOfChanged,
  type ChangedFilter,
} from '../../../../shared/operator/views/changed-people.ts';
import type { Changes } from '../../../../shared/state/changes.ts';

const each = 2;

/** So many people, for each of whom a run made two changes, and how many of these were read. */
function manyChanges(people: number) {
  const all = Array.from({ length: people * each }, (_, index): Change => {
    const person = Math.floor(index / each);
    const isLater = index % each === 0;
    return {
      id: isLater ? 'a' : 'b',
      key: `p${String(person).padStart(6, '0')}@example.com` as Change['key'],
      by: { kind: 'run', runId: 'r' },
      at: isLater ? 2 : 1,
      situation: 'portal-changed',
      reason: 'changed',
      userId: undefined,
      developerId: undefined,
      mapping: 'm',
      destructive: false,
      acts: { portal: undefined, apigee: 'updated' },
      fields: [
        { side: 'apigee', field: 'lastName', before: isLater ? 'two' : 'one', after: isLater ? 'three' : 'two' },
      ],
    };
  });
  const read = { changes: 0 };
  const changes = {
    by: async (_, { after, limit }) => {
      const from = after === undefined ? 0 : all.findIndex(({ key, id }) => key === after.key && id === after.id) + 1;
      const page = all.slice(from, from + limit);
      read.changes += page.length;
      return page;
    },
  } as Pick<Changes, 'by'> as Changes;
  return { changes, read };
}

const bounds = { length: 100, looked: 2000 };

async function everyPage(changes: Changes, filter: ChangedFilter) {
  const pages = [];
  for (let from: Parameters<typeof pageOfChanged>[3]; ;) {
    const page = await pageOfChanged(changes, 'r', filter, from, bounds);
    pages.push(page.people);
    if (page.next === undefined) return pages;
    from = changedPlaceOf(changedPlaceText(page.next));
  }
}

describe('a page of the people whom a run changed', () => {
  test('shows each person once, with the values before the first change and behind the last', async () => {
    const { changes } = manyChanges(205);
    const pages = await everyPage(changes, {});
    expect(pages.map(({ length }) => length)).toEqual([100, 100, 5]);
    expect(new Set(pages.flat().map(({ change }) => change.key)).size).toBe(205);
    for (const { change } of pages.flat())
      expect(change.fields).toEqual([{ side: 'apigee', field: 'lastName', before: 'one', after: 'three' }]);
  });

  test('of 100,000 people, looks at few of them for one page, wherever it begins and whom it seeks', async () => {
    const { changes, read } = manyChanges(100_000);
    const { people, next } = await pageOfChanged(changes, 'r', {}, undefined, bounds);
    expect(people).toHaveLength(100);
    expect(read.changes).toBeLessThanOrEqual(2 * each * bounds.length);
    read.changes = 0;
    const sought = await pageOfChanged(changes, 'r', { person: 'p099999' }, next, bounds);
    expect(sought.people).toEqual([]);
    expect(sought.next).toBeDefined();
    expect(read.changes).toBeLessThanOrEqual(each * bounds.looked + 200);
  });

  test('goes on behind a page of nobody until who is sought is found', async () => {
    const { changes } = manyChanges(5000);
    const found = (await everyPage(changes, { person: 'P004999' })).flat();
    expect(found.map(({ change }) => change.key)).toEqual(['p004999@example.com']);
  });
});
