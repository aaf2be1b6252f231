import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { newMeter } from '../../shared/state/meter.ts';
import { handleFanOut, handleReconcileBatch } from '../../shared/wiring/handlers.ts';
import { inProcess } from '../support/in-process.ts';
import { anything, expectDiscreet, logged, names, secret, text, withOwn } from './hostile.ts';

const json = (value: unknown): string => {
  try {
    return JSON.stringify(value, (_, it: unknown) => (typeof it === 'bigint' ? String(it) : it)) ?? '';
  } catch {
    return '[';
  }
};

/** Ids are Pub/Sub's and the schedule's: what they hold is not personal, and is logged. */
const ids = text.map((it) => it.replaceAll(secret, 'id'));

const times = fc.oneof(
  fc.constantFrom(
    '2026-11-22T15:23:42Z',
    '0000-01-01T00:00:00Z',
    '9999-12-31T23:59:59-23:59',
    '2026-02-29T00:00:00Z',
    '2026-12-31T23:59:60Z',
    '2026-01-01T24:00:00Z',
    '2026-01-01T00:00:00+24:00',
    '2026-01-01T00:00:00.123456789123456789Z',
  ),
  fc.date({ noInvalidDate: true }).map((date) => date.toISOString()),
  text,
);

const bodies = fc.oneof(
  anything.map(json),
  text,
  fc
    .record(
      {
        mode: fc.oneof(fc.constantFrom('full', 'incremental'), anything),
        dryRun: fc.oneof(fc.boolean(), anything),
        reason: fc.oneof(text, anything),
        runId: fc.oneof(fc.constant('run-1'), text),
        phase: fc.oneof(fc.constantFrom('portal', 'apigee', 'links', 'destructive'), anything),
        seq: fc.oneof(fc.nat(), fc.double(), anything),
      },
      { requiredKeys: [] },
    )
    .map(json),
);

const attributes = fc
  .tuple(
    fc.dictionary(fc.constantFrom('continue', 'runId'), fc.oneof(fc.constantFrom('run-1', 'run_2.x'), text)),
    fc.dictionary(fc.constant('schedule'), fc.oneof(fc.constant('full'), ids)),
    fc.array(fc.tuple(names, text), { maxLength: 3 }),
  )
  .map(([chosen, schedule, others]) => withOwn([...others, ...Object.entries(chosen), ...Object.entries(schedule)]));

const envelopes = fc
  .record(
    {
      messageId: fc.oneof(fc.stringMatching(/^\d{1,16}$/u), ids),
      publishTime: times,
      attributes: fc.oneof(attributes, anything),
      data: fc.oneof(
        bodies.map((body) => Buffer.from(body).toString('base64')),
        anything,
      ),
    },
    { requiredKeys: ['messageId'] },
  )
  .map((message) => ({ message, subscription: 'projects/p/subscriptions/s' }));

/** Whole envelopes around hostile content, so that what is inside is reached. */
const wholeEnvelopes = fc
  .record(
    {
      messageId: fc.oneof({ arbitrary: fc.stringMatching(/^\d{1,16}$/u), weight: 4 }, { arbitrary: ids, weight: 1 }),
      publishTime: fc.oneof(
        fc.date({ noInvalidDate: true, min: new Date(0), max: new Date(4e12) }).map((date) => date.toISOString()),
        times,
      ),
      attributes,
      data: bodies.map((body) => Buffer.from(body).toString('base64')),
    },
    { requiredKeys: ['messageId'] },
  )
  .map((message) => ({ message }));

const requests = fc.oneof(
  { arbitrary: wholeEnvelopes, weight: 4 },
  { arbitrary: envelopes, weight: 2 },
  { arbitrary: anything, weight: 1 },
);

describe.each([
  ['fan-out', handleFanOut],
  ['reconcile-batch', handleReconcileBatch],
] as const)('%s', (_, handle) => {
  test('takes whatever is posted: done with it or rejected with a reason, quickly, and nothing personal is logged', async () => {
    await fc.assert(
      fc.asyncProperty(requests, async (body) => {
        const world = inProcess();
        const started = performance.now();
        const answer = await handle(world.services, body);
        const runs = world.services.runs(newMeter());
        const rejections = await runs.rejections(10);
        expect(performance.now() - started).toBeLessThan(2000);
        expectDiscreet([...logged(world.logs), ...rejections.map(({ reason }) => reason)]);
        expect(world.logs.filter(({ event }) => event === 'unexpected_error')).toEqual([]);
        expect(answer).toBe('done');
        for (const { reason, id } of rejections) expect([reason.length > 10, id.length < 200]).toEqual([true, true]);
        await world.drain();
      }),
      { numRuns: 400 },
    );
  });

  test('says no more about a message with thousands of things wrong than about one', async () => {
    const wrong = withOwn(Array.from({ length: 50_000 }, (_, index) => [`secret.person-${String(index)}`, index]));
    const world = inProcess();
    expect(await handle(world.services, { message: { messageId: '1', attributes: wrong } })).toBe('done');
    const [rejection] = await world.services.runs(newMeter()).rejections(1);
    expectDiscreet([...logged(world.logs), rejection?.reason ?? '']);
  });
});
