import { describe, expect, test } from 'vitest';
import { forgottenInBatch } from '../../../shared/state/forget-in-batch.ts';
import type { Batch, BatchId } from '../../../shared/state/batch.ts';
import type { OpenRuns } from './runs-contract.ts';
import { email, listed, newBatch, newResult, noise } from './samples.ts';

const id: BatchId<'apigee'> = { runId: 'run', phase: 'apigee', seq: 12 };
const people = ['ann@example.com', 'bob@example.com'];

export function batchContract(open: OpenRuns): void {
  describe('batches', () => {
    test('a batch comes back as it was written, and is created once', async (context) => {
      const runs = open(context);
      const batch = newBatch('run', 'apigee', 12, {
        part: { kind: 'page', first: 'Ann@Example.com', last: 'b' },
        listed: { size: 3, marks: ['Ann@Example.com'], end: undefined },
        people,
      });
      expect(await runs.getBatch(id)).toBeUndefined();
      expect(await runs.createBatch(batch)).toBe(true);
      expect(await runs.createBatch(newBatch('run', 'apigee', 12))).toBe(false);
      expect(await runs.createBatch(newBatch('run', 'links', 12))).toBe(true);
      expect(await runs.getBatch(id)).toEqual(batch);
      expect(await runs.getBatch({ ...id, phase: 'links' })).toEqual(newBatch('run', 'links', 12));
    });

    test.for([
      newBatch('run', 'portal', 12, { part: { kind: 'page', after: undefined } }),
      newBatch('run', 'portal', 12, { part: { kind: 'page', after: 'user 1' } }),
      newBatch('run', 'apigee', 12, {
        part: {
          kind: 'range',
          from: 'ann@example.com',
          to: undefined,
          known: [{ ...id, runId: 'before' }],
          apart: true,
          knows: true,
        },
      }),
      newBatch('run', 'apigee', 12, {
        part: { kind: 'range', from: undefined, to: 'b', known: [], apart: false, knows: false },
      }),
      newBatch('run', 'links', 12, { kind: 'missing', people: [email('ann@example.com'), '#odd'], next: '{"at":1}' }),
      newBatch('run', 'destructive', 12, { people: [email('ann@example.com')] }),
    ] satisfies readonly Batch[])('what a batch is about comes back as it was written: %j', async (batch, context) => {
      const runs = open(context);
      await runs.createBatch(batch);
      expect(await runs.getBatch(batch)).toEqual(batch);
    });

    test('a result comes back as it was written: rows of people in and out of the batch, or another list', async (context) => {
      const runs = open(context);
      const row = { situation: 'conflict', outcome: 'held', reason: 'Two.', fields: ['attributes.a.b'] } as const;
      const rows = [
        { key: 'bob@example.com', ...row },
        { key: '#elsewhere', ...row },
      ];
      const same = newResult(people, { rows, outcomes: ['unchanged', 'held'], planned: [email('bob@example.com')] });
      const other = newResult([...people, '#doc'], { rows });
      await runs.createBatch(newBatch('run', 'apigee', 12, { people }));
      await runs.createBatch(newBatch('run', 'portal', 0));
      expect(await runs.completeBatch(id, same)).toBe(true);
      expect(await runs.completeBatch({ runId: 'run', phase: 'portal', seq: 0 }, other)).toBe(true);
      expect((await runs.getBatch(id))?.result).toEqual(same);
      expect((await runs.getBatch({ runId: 'run', phase: 'portal', seq: 0 }))?.result).toEqual(other);
    });

    test('what a range has found becomes its own, and who was in step comes back', async (context) => {
      const runs = open(context);
      const part = {
        kind: 'range',
        from: people[0],
        to: 'zoe@example.com',
        known: [],
        apart: false,
        knows: false,
      } as const;
      await runs.createBatch(newBatch('run', 'apigee', 12, { part }));
      const end = { kind: 'closed', next: 'zoe@example.com' } as const;
      const found = { people, listed: { size: 3, marks: ['ann@example.com'], end } };
      const inStep = { settings: 'abc', developers: ['one', 'two'] };
      const result = newResult(['ann@example.com'], { inStep });
      expect(await runs.completeBatch(id, { ...result, found })).toBe(true);
      expect(await runs.getBatch(id)).toEqual({ ...newBatch('run', 'apigee', 12, { part, ...found }), result });
      const forgetting = {
        isMeant: (text: string) => text === 'ann@example.com' || text === 'zoe@example.com',
        isMentioned: () => false,
        standIn: '#forgotten:1',
      } as const;
      await runs.rewriteBatch(id, (batch) => forgottenInBatch(batch, forgetting));
      expect(JSON.stringify(await runs.getBatch(id))).not.toMatch(/ann@|zoe@/);
    });

    test('people who are apart come back, and are no batch', async (context) => {
      const runs = open(context);
      expect(await runs.apart('run')).toEqual([]);
      await runs.createBatch(newBatch('run', 'apigee', 0));
      await runs.setApart('run', ['one', 'two']);
      expect(await runs.apart('run')).toEqual(['one', 'two']);
      expect(await runs.apart('another')).toEqual([]);
      expect(await listed(runs.batches('run'))).toHaveLength(1);
      expect(await runs.unfinished('run', 'apigee')).toHaveLength(1);
    });

    test('a batch is written anew where the step makes another of it, and is still done (rule 37)', async (context) => {
      const runs = open(context);
      await runs.createBatch(
        newBatch('run', 'apigee', 12, { people, part: { kind: 'page', first: people[0], last: people[1] } }),
      );
      const row = { situation: 'conflict', outcome: 'held', reason: 'Two.', fields: [] } as const;
      await runs.completeBatch(id, newResult(people, { rows: [{ key: 'ann@example.com', ...row }] }));
      const forgetting = {
        isMeant: (text: string) => text === 'ann@example.com',
        isMentioned: () => false,
        standIn: '#forgotten:1',
      } as const;
      expect(await runs.rewriteBatch(id, (batch) => forgottenInBatch(batch, forgetting))).toBe(true);
      expect(await runs.rewriteBatch(id, (batch) => forgottenInBatch(batch, forgetting))).toBe(false);
      const left = ['#forgotten:1', 'bob@example.com'];
      expect(await runs.getBatch(id)).toEqual({
        ...newBatch('run', 'apigee', 12, {
          people: left,
          part: { kind: 'page', first: '#forgotten:1', last: people[1] },
        }),
        result: newResult(left, { rows: [{ key: '#forgotten:1', ...row }] }),
      });
      expect(await runs.countDone('run', 'apigee')).toBe(1);
      expect(await runs.rewriteBatch({ ...id, seq: 99 }, (batch) => batch)).toBe(false);
    });

    test('rule 26: a batch is completed once, by the first of many', async (context) => {
      const runs = open(context);
      await runs.createBatch(newBatch('run', 'apigee', 12, { people }));
      const results = [1, 2, 3, 4].map((finishedAt) => newResult(people, { finishedAt }));
      const completed = await Promise.all(results.map(async (result) => runs.completeBatch(id, result)));
      expect(completed.filter(Boolean)).toHaveLength(1);
      expect((await runs.getBatch(id))?.result).toEqual(results[completed.indexOf(true)]);
      expect(await runs.countDone('run', 'apigee')).toBe(1);
      await expect(runs.completeBatch({ ...id, seq: 13 }, newResult([]))).rejects.toThrow('apigee-000013');
    });

    test('progress is counted by run and phase', async (context) => {
      const runs = open(context);
      expect(await runs.lastProgress('run')).toBeUndefined();
      for (const seq of [2, 0, 1, 10]) await runs.createBatch(newBatch('run', 'apigee', seq));
      await runs.createBatch(newBatch('run', 'portal', 0));
      await runs.createBatch(newBatch('other', 'apigee', 0));
      const complete = async (phase: Batch['phase'], seq: number, finishedAt: number): Promise<boolean> =>
        runs.completeBatch({ runId: 'run', phase, seq }, newResult([], { finishedAt }));
      await complete('apigee', 1, 300);
      await complete('portal', 0, 200);
      expect(await runs.countDone('run', 'apigee')).toBe(1);
      expect(await runs.countDone('run', 'portal')).toBe(1);
      expect(await runs.countDone('run', 'links')).toBe(0);
      expect(await runs.countDone('other', 'apigee')).toBe(0);
      expect(await runs.lastProgress('run')).toBe(300);
      expect(await runs.unfinished('run', 'apigee')).toEqual(
        [0, 2, 10].map((seq) => ({ runId: 'run', phase: 'apigee', seq })),
      );
      expect(await runs.unfinished('run', 'portal')).toEqual([]);
    });

    test('all batches of a run come by phase and number, however many there are', async (context) => {
      const runs = open(context);
      expect(await listed(runs.batches('run'))).toEqual([]);
      const wanted: Batch[] = [
        newBatch('run', 'portal', 0),
        ...Array.from({ length: 100 }, (_, seq) => newBatch('run', 'apigee', seq, { people: [`p${seq}@example.com`] })),
        newBatch('run', 'links', 0),
        newBatch('run', 'destructive', 3),
      ];
      await Promise.all(wanted.toReversed().map(async (batch) => runs.createBatch(batch)));
      await runs.createBatch(newBatch('other', 'apigee', 0));
      expect(await listed(runs.batches('run'))).toEqual(wanted);
      expect(await listed(runs.batches('run', { phase: 'apigee', seq: 40 }))).toEqual(wanted.slice(41));
      expect(await listed(runs.batches('run', { phase: 'links', seq: 1 }))).toEqual(wanted.slice(-1));
    });

    test('the largest batch fits: a thousand people with the longest emails, all of them reported', async (context) => {
      const runs = open(context);
      const emails = Array.from({ length: 1000 }, (_, place) => `${noise(240, place)}@${'d'.repeat(9)}.com`);
      const rows = emails.map((key, place) => ({
        key,
        situation: 'both-changed' as const,
        outcome: 'failed' as const,
        reason: noise(300, place + 1000),
        fields: ['firstName', `attributes.${noise(20, place)}`],
      }));
      expect(emails[0]).toHaveLength(254);
      const result = newResult(emails, {
        rows,
        outcomes: emails.map(() => 'failed' as const),
        planned: emails.map(email),
      });
      await runs.createBatch(newBatch('run', 'apigee', 12, { people: emails }));
      expect(await runs.completeBatch(id, result)).toBe(true);
      expect(await runs.getBatch(id)).toEqual(newBatch('run', 'apigee', 12, { people: emails, result }));
    });
  });
}
