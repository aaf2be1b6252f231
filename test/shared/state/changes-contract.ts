import { describe, expect, test, type TestContext } from 'vitest';
import { heldForms } from '../../../shared/core/model/held.ts';
import type { Change } from '../../../shared/core/model/change.ts';
import { newChangeId } from '../../../shared/state/change-document.ts';
import { allBy, peopleChangedBy, type Changes } from '../../../shared/state/changes.ts';
import type { People } from '../../../shared/state/people.ts';
import { email, hostileNames } from './samples.ts';

export interface ChangesUnderTest {
  readonly changes: Changes;
  readonly people: People;
}

const ann = email('ann@example.com');
const bob = email('bob@example.com');

export function change(changes: Partial<Change> = {}): Change {
  const at = changes.at ?? 1_700_000_000_000;
  return {
    id: newChangeId(at, 'a'),
    key: ann,
    by: { kind: 'run', runId: 'run-1' },
    at,
    situation: 'portal-changed',
    reason: 'only the portal user changed',
    userId: 'user 1',
    developerId: 'dev-1',
    mapping: 'm',
    destructive: false,
    acts: { portal: undefined, apigee: 'updated' },
    fields: [{ side: 'apigee', field: 'firstName', before: 'Ann', after: 'Anna' }],
    ...changes,
  };
}

/** What every store of changes does. */
export function changesContract(create: (context: TestContext) => ChangesUnderTest): void {
  const filled = async (context: TestContext, kept: readonly Change[]): Promise<Changes> => {
    const { changes, people } = create(context);
    for (const one of kept)
      await people.transact({ links: [], userIds: [] }, () => ({ result: undefined, changes: [one] }));
    return changes;
  };
  const all = async <T>(found: AsyncIterable<T>): Promise<T[]> => {
    const list: T[] = [];
    for await (const one of found) list.push(one);
    return list;
  };

  describe('changes', () => {
    test('are read as they were written, whatever the names and values', async (context) => {
      const fields = hostileNames.map((name, place) => ({
        side: place % 2 === 0 ? ('portal' as const) : ('apigee' as const),
        field: `attributes.${name}` as const,
        before: place % 3 === 0 ? undefined : `before ${name}`,
        after: place % 3 === 1 ? undefined : 'x'.repeat(2000),
        ...(place % 4 === 0 ? { held: heldForms[place % heldForms.length] } : {}),
      }));
      const one = change({
        fields,
        userId: undefined,
        destructive: true,
        acts: { portal: 'created', apigee: 'deleted' },
      });
      const changes = await filled(context, [one]);
      expect(await changes.ofPerson(ann, { before: undefined, limit: 10 })).toEqual([one]);
    });

    test('of a person come newest first, in pages', async (context) => {
      const kept = [3, 1, 2].map((at) => change({ at, id: newChangeId(at, 'x') }));
      const changes = await filled(context, [...kept, change({ key: bob })]);
      const first = await changes.ofPerson(ann, { before: undefined, limit: 2 });
      expect(first.map(({ at }) => at)).toEqual([3, 2]);
      const rest = await changes.ofPerson(ann, { before: first.at(-1)?.id, limit: 2 });
      expect(rest.map(({ at }) => at)).toEqual([1]);
      expect(await changes.ofPerson(email('carl@example.com'), { before: undefined, limit: 2 })).toEqual([]);
    });

    test('of a run come person by person, all of them and no others', async (context) => {
      const run = { kind: 'run', runId: 'run-2' } as const;
      const people = Array.from({ length: 205 }, (_, place) => email(`person${String(place)}@example.com`));
      const kept = people.map((key) => change({ key, by: run }));
      const again = change({
        key: people[7] ?? ann,
        by: run,
        at: 1_700_000_000_001,
        id: newChangeId(1_700_000_000_001, 'b'),
      });
      const changes = await filled(context, [again, ...kept, change({ key: bob, by: { kind: 'push' } })]);
      const found = await all(allBy(changes, 'run-2'));
      expect(found).toHaveLength(206);
      const byPerson = await all(peopleChangedBy(changes, 'run-2'));
      expect(byPerson).toHaveLength(205);
      expect(byPerson.find(([first]) => first.key === again.key)?.map(({ at }) => at)).toEqual([
        1_700_000_000_000, 1_700_000_000_001,
      ]);
      expect(await all(allBy(changes, 'nobody'))).toEqual([]);
    });

    test('of one person can be forgotten, and nobody else is', async (context) => {
      const changes = await filled(context, [change(), change({ key: bob })]);
      expect(await changes.forget(ann)).toBe(1);
      expect(await changes.ofPerson(ann, { before: undefined, limit: 10 })).toEqual([]);
      expect(await changes.ofPerson(bob, { before: undefined, limit: 10 })).toHaveLength(1);
    });

    test('are kept with what they are about, or not at all', async (context) => {
      const { changes, people } = create(context);
      const unwritable = people.transact({ links: [], userIds: [] }, () => ({
        result: undefined,
        portal: [{ kind: 'update', id: 'nobody', changes: [{ field: 'firstName', value: 'A' }] }],
        changes: [change()],
      }));
      await expect(unwritable).rejects.toThrow(/./);
      expect(await changes.ofPerson(ann, { before: undefined, limit: 10 })).toEqual([]);
    });
  });
}
