import { newMeter } from '../../shared/state/meter.ts';
import { describe, expect, test } from 'vitest';
import { operations } from '../../shared/apigee/developers.ts';
import { expectSettled, populate, useStack, userDocument } from './use-stack.ts';

const stackFor = useStack({ trigger: 'when-asked' });

describe('a run on the emulators', () => {
  test.for([0, 1, 1001])(
    'counts %i developers once each, and settles (rules 12, 26)',
    { timeout: 180_000 },
    async (count, context) => {
      const stack = stackFor(context);
      await populate(stack, count);
      const run = await stack.run();
      expect(run).toMatchObject({ state: 'done', totals: { counts: { seen: count, unchanged: count } } });
      expect((await expectSettled(stack)).totals?.counts).toMatchObject({ seen: count, unchanged: count });
    },
  );

  test('runs in functions that are reached from this machine only', async (context) => {
    const urls = Object.values(stackFor(context).functions);
    expect(urls).toHaveLength(3);
    for (const url of urls) {
      expect((await fetch(url, { method: 'POST' })).status).toBeGreaterThan(199);
      await expect(fetch(url.replace('127.0.0.1', '127.0.0.2'), { method: 'POST' })).rejects.toThrow('fetch failed');
    }
  });

  test('reports exactly the calls that Apigee received', async (context) => {
    const stack = stackFor(context);
    await populate(stack, 40);
    stack.apigee.admin.seed([{ email: 'only-apigee@example.com' }]);
    await stack.portal.put('only-portal', userDocument(900, { email: 'Only-Portal@example.com', status: 'inactive' }));
    stack.apigee.admin.resetCounters();
    const run = await stack.run();
    const { requests } = stack.apigee.admin.counters();
    expect(run.totals?.calls).toEqual(
      Object.fromEntries(operations.map((operation) => [operation, requests[operation]])),
    );
    expect(run.totals?.counts).toMatchObject({ seen: 42, created: { apigee: 1, portal: 1 }, unchanged: 40 });
    expect(stack.apigee.admin.developer('only-portal@example.com')).toMatchObject({ status: 'inactive' });
    await expectSettled(stack);
  });

  test(
    'survives truncated JSON, HTML, empty answers and a closed connection (rule 25)',
    { timeout: 180_000 },
    async (context) => {
      const stack = stackFor(context);
      await populate(stack, 30);
      await stack.portal.put('user-1', userDocument(1, { lastName: 'Edited', updatedAt: Date.now() }));
      for (const answer of ['truncated', 'html', 'reset'] as const) {
        stack.apigee.admin.addFault({ match: { operation: 'list' }, answer });
      }
      for (const answer of ['empty', 503, 429] as const) {
        stack.apigee.admin.addFault({ match: { operation: 'update' }, answer });
      }
      const run = await stack.run();
      expect(run.state).toBe('done');
      expect(stack.apigee.admin.developer('person-1@example.com')).toMatchObject({ lastName: 'Edited' });
      expect(stack.apigee.admin.developers()).toHaveLength(30);
      await expectSettled(stack);
    },
  );

  test('ends as failed where Apigee refuses access, and touches nobody (rule 25)', async (context) => {
    const stack = stackFor(context);
    await populate(stack, 5);
    stack.apigee.admin.addFault({ answer: 403, times: 'always' });
    const run = await stack.run();
    expect(run.state).toBe('failed');
    expect(run.problem).toMatch(/403/);
    expect((await stack.portal.all()).size).toBe(5);
    stack.apigee.admin.clearFaults();
    expect((await stack.run()).state).toBe('done');
  });

  test('is one run however often it is requested and its messages are delivered (rules 20, 26)', async (context) => {
    const stack = stackFor(context);
    await populate(stack, 60);
    stack.apigee.admin.seed([{ email: 'new@example.com' }]);
    const { publisher } = stack.services;
    const request = { mode: 'full', dryRun: false, reason: undefined } as const;
    await Promise.all([1, 2, 3].map(() => publisher.requestSync(request, 'same-run')));
    await Promise.all([1, 2, 3].map(() => publisher.publishBatch({ runId: 'same-run', phase: 'portal', seq: 0 })));
    await Promise.all([1, 2, 3].map(() => publisher.continueRun('same-run')));
    const [run, next] = await Promise.all([stack.run(), stack.run()]);
    expect((await stack.runs.get('same-run'))?.totals?.counts).toMatchObject({
      seen: 61,
      created: { portal: 1 },
      unchanged: 60,
    });
    for (const other of [run, next])
      expect(other.totals).toMatchObject({ counts: { unchanged: 61 }, traffic: { writes: 0 } });
    expect((await stack.portal.all()).size).toBe(61);
  });

  test('takes bad messages off and records why (rule 25)', async (context) => {
    const stack = stackFor(context);
    const url = stack.functions['fan-out'] ?? '';
    const post = (body: string) =>
      fetch(url, { method: 'POST', body, headers: { 'content-type': 'application/json' } });
    const data = Buffer.from('{"dry_run":true}').toString('base64');
    const answers = [
      await post(JSON.stringify({ message: { messageId: 'misspelled', data }, subscription: 's' })),
      await post('{"hello":1}'),
    ];
    expect(answers.map(({ status }) => status)).toEqual([204, 204]);
    const reasons = (await stack.runs.rejections(10)).map(({ reason }) => reason);
    expect(reasons).toHaveLength(2);
    expect(reasons.join('\n')).toMatch(/write dryRun/);
    expect(await stack.runs.recent(10)).toEqual([]);
  });

  test('decides everything and writes nothing in a dry run', async (context) => {
    const stack = stackFor(context);
    await populate(stack, 30);
    stack.apigee.admin.seed([{ email: 'new@example.com' }]);
    await stack.portal.put('user-1', userDocument(1, { lastName: 'Edited', updatedAt: Date.now() }));
    const dry = await stack.run({ dryRun: true });
    expect(dry.totals?.counts).toMatchObject({
      seen: 31,
      created: { portal: 1 },
      updated: { apigee: 1 },
      unchanged: 29,
    });
    expect(stack.apigee.admin.counters().writes.total).toBe(0);
    expect((await stack.portal.all()).size).toBe(30);
    expect((await stack.run()).totals?.counts).toEqual(dry.totals?.counts);
  });

  test('fails malformed people alone, and says which field (rules 7, 18)', async (context) => {
    const stack = stackFor(context);
    await populate(stack, 5);
    const big = Object.fromEntries(Array.from({ length: 900 }, (_, index) => [`a${String(index)}`, 'x'.repeat(1000)]));
    await stack.portal.putAll([
      ['no-email', { firstName: 'A', lastName: 'B' }],
      ['odd-types', userDocument(10, { status: 7 })],
      ['number', userDocument(11, { attributes: { tier: 5 } })],
      ['huge', userDocument(12, { attributes: big })],
      [
        'many',
        userDocument(13, {
          attributes: Object.fromEntries(Array.from({ length: 19 }, (_, index) => [`a${String(index)}`, 'x'])),
        }),
      ],
      ['nameless', { email: 'person-14@example.com' }],
      ['blank', userDocument(15, { lastName: '  ' })],
    ]);
    const run = await stack.run();
    expect(run.totals?.counts).toMatchObject({ seen: 12, created: { apigee: 1 }, unchanged: 5, failed: 6 });
    const troubled = await stack.services.people(newMeter()).troubledLinks({ after: undefined, limit: 50 });
    const messages = troubled.map(({ link }) => link.failure?.message ?? '').join('\n');
    for (const word of ['email', 'status', 'firstName', 'attributes', 'lastName', '18'])
      expect(messages).toContain(word);
    expect(stack.apigee.admin.counters().requests).toMatchObject({ create: 1, update: 0 });
    await expectSettled(stack);
  });
});
