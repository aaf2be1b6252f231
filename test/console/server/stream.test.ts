import { describe, expect, test } from 'vitest';
import { ndjson, textStream } from '../../../console/server/stream.ts';
import { newMeter } from '../../../shared/state/meter.ts';
import type { Runs } from '../../../shared/state/runs.ts';
import { emailOf } from '../../support/crowd.ts';
import { inProcess } from '../../support/in-process.ts';
import { newBatch, newResult, newRun } from '../../shared/state/samples.ts';
import { talk } from './talk.ts';

describe('a stream', () => {
  test('that fails tells the log, and whoever reads only that it ended early (rule 27)', async () => {
    const secret = new Error('developer ann@example.com');
    async function* broken(): AsyncGenerator<string> {
      yield 'one';
      await Promise.reject(secret);
    }
    const failures: unknown[] = [];
    const reader = textStream(broken(), (error) => failures.push(error)).getReader();
    expect(new TextDecoder().decode((await reader.read()).value)).toBe('one');
    await expect(reader.read()).rejects.toThrow('the answer ended early');
    expect(failures).toEqual([secret]);
  });

  test('that nobody reads any more ends its source, and is no failure', async () => {
    let isEnded = false;
    async function* endless(): AsyncGenerator<number> {
      try {
        for (let value = 0; ; value += 1) yield value;
      } finally {
        isEnded = true;
      }
    }
    const failures: unknown[] = [];
    const reader = ndjson(endless(), (error) => failures.push(error)).getReader();
    await reader.read();
    await reader.cancel();
    expect(isEnded).toBe(true);
    expect(failures).toEqual([]);
  });
});

describe.each(['csv', 'ndjson', 'json'] as const)('an export as %s', (format) => {
  test('ends with the connection, and is recorded as not whole (rule 39)', async () => {
    const leaving = new AbortController();
    const world = inProcess();
    for (let person = 0; person < 9000; person += 1) world.developers.seed({ email: emailOf(person) });
    const { apps: all } = world;
    let pages = 0;
    const apps = {
      ...world.services.apps,
      listed: (page: Parameters<typeof all.listed>[0]) => {
        pages += 1;
        if (pages === 2) leaving.abort();
        return all.listed(page);
      },
    };
    const { call } = talk({ ...world, services: { ...world.services, apps } });
    const body = { format, filter: { query: 'nobody has this' } };
    await call('exportDevelopers', { as: 'operator', body, signal: leaving.signal }).catch(() => undefined);
    expect(pages).toBe(2);
    const [record] = await world.services.audit.recent({ before: undefined, limit: 1 });
    expect(record).toMatchObject({
      action: 'export-developers',
      end: { state: 'failed', words: 'ended before its end' },
    });
  });

  test('of a run ends with the connection as well, also where nobody is like the filter', async () => {
    const leaving = new AbortController();
    const world = inProcess();
    const store = world.services.runs(newMeter());
    await store.create(newRun('r1', { state: 'done' }));
    for (let seq = 0; seq < 9; seq += 1) {
      await store.createBatch(newBatch('r1', 'portal', seq));
      await store.completeBatch({ runId: 'r1', phase: 'portal', seq }, newResult([]));
    }
    let read = 0;
    const runs = (): Runs => ({
      ...store,
      async *batches(runId, from) {
        for await (const batch of store.batches(runId, from)) {
          read += 1;
          if (read === 2) leaving.abort();
          yield batch;
        }
      },
    });
    const { call } = talk({ ...world, services: { ...world.services, runs } });
    const body = { format, filter: { person: 'nobody has this' } };
    const { signal } = leaving;
    await call('exportRun', { as: 'operator', params: { runId: 'r1' }, body, signal }).catch(() => undefined);
    expect(read).toBe(2);
    const [record] = await world.services.audit.recent({ before: undefined, limit: 1 });
    expect(record).toMatchObject({ action: 'export-run', runId: 'r1', fields: [format, 'person'] });
    expect(record?.end).toMatchObject({ state: 'failed', words: 'ended before its end' });
  });
});
