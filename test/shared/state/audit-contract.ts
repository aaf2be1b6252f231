import { describe, expect, test, type TestContext } from 'vitest';
import type { Audit, AuditRecord } from '../../../shared/state/audit.ts';
import { email } from './samples.ts';

const ann = email('ann@example.com');
const opal = { id: 'opal-1', name: 'opal@example.org', role: 'operator' } as const;

function recordOf(actionId: string, changes: Partial<AuditRecord> = {}): AuditRecord {
  const nothing = { reason: undefined, person: undefined, runId: undefined, people: undefined, end: undefined };
  return { actionId, at: 1000, operator: opal, action: 'sync-person', fields: [], ...nothing, ...changes };
}

/** What every implementation of `Audit` has to do. `open` gives an adapter on the test's own, empty store. */
export function auditContract(open: (context: TestContext) => Audit): void {
  describe('audit', () => {
    test('a record comes back as it was made, with its end once that is known', async (context) => {
      const audit = open(context);
      const full = recordOf('a', { reason: 'why', person: ann, runId: 'r', fields: ['status'], people: 3 });
      await audit.begin(full);
      await audit.begin(recordOf('b'));
      expect(await audit.get(['a', 'b', 'none'])).toEqual(
        new Map([
          ['a', full],
          ['b', recordOf('b')],
        ]),
      );
      expect(await audit.get([])).toEqual(new Map());
      const end = { state: 'done', words: 'done', at: 2000 } as const;
      await audit.complete('a', end);
      expect(await audit.get(['a'])).toEqual(new Map([['a', { ...full, end }]]));
    });

    test('a record is made once, and only what began can end', async (context) => {
      const audit = open(context);
      await audit.begin(recordOf('a'));
      await expect(audit.begin(recordOf('a', { reason: 'another' }))).rejects.toBeInstanceOf(Error);
      await expect(audit.complete('none', { state: 'done', words: '', at: 1 })).rejects.toBeInstanceOf(Error);
      expect((await audit.get(['a'])).get('a')?.reason).toBeUndefined();
    });

    test('the newest come first, by pages', async (context) => {
      const audit = open(context);
      for (const at of [3000, 1000, 2000]) await audit.begin(recordOf(`at-${String(at)}`, { at }));
      const idsOf = async (before: number | undefined, limit: number) =>
        (await audit.recent({ before, limit })).map(({ actionId }) => actionId);
      expect(await idsOf(undefined, 2)).toEqual(['at-3000', 'at-2000']);
      expect(await idsOf(2000, 5)).toEqual(['at-1000']);
    });

    test('of a person who was forgotten only the hash is left: the record stays (rule 37)', async (context) => {
      const audit = open(context);
      const end = { state: 'refused', words: 'ann@example.com is not held', at: 2 } as const;
      await audit.begin(recordOf('a', { person: ann, reason: 'Ann@example.com asked', at: 1 }));
      await audit.complete('a', end);
      await audit.begin(recordOf('b', { person: ann, reason: 'cleaning up', at: 2 }));
      await audit.begin(recordOf('c', { person: email('bob@example.com'), at: 3 }));
      const isMentioned = (text: string) => text.toLowerCase().includes(ann);
      expect(await audit.forget(ann, 'hash', isMentioned)).toBe(2);
      expect(await audit.forget(ann, 'hash', isMentioned)).toBe(0);
      expect(await audit.ofPerson(ann)).toEqual([]);
      const all = await audit.recent({ before: undefined, limit: 9 });
      expect(JSON.stringify(all)).not.toMatch(/ann@/iu);
      expect(all).toMatchObject([
        { actionId: 'c', person: 'bob@example.com' },
        { actionId: 'b', personHash: 'hash', reason: 'cleaning up' },
        { actionId: 'a', personHash: 'hash', end: { state: 'refused', at: 2 } },
      ]);
    });

    test('what concerned one person is found, newest first', async (context) => {
      const audit = open(context);
      await audit.begin(recordOf('a', { person: ann, at: 1 }));
      await audit.begin(recordOf('b', { person: email('bob@example.com'), at: 2 }));
      await audit.begin(recordOf('c', { person: ann, at: 3 }));
      expect((await audit.ofPerson(ann)).map(({ actionId }) => actionId)).toEqual(['c', 'a']);
    });

    test('of a person with more than 200 records the newest 200 are found', async (context) => {
      const audit = open(context);
      const times = Array.from({ length: 230 }, (_, index) => 9_000 + index * 10);
      const idAt = (at: number): string => `id-${String(at).padStart(6, '0')}`;
      await Promise.all(times.map(async (at) => audit.begin(recordOf(idAt(at), { person: ann, at }))));
      const found = await audit.ofPerson(ann);
      expect(found.map(({ at }) => at)).toEqual(times.slice(-200).toReversed());
    });
  });
}
