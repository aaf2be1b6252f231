import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { RawEvent } from '../../shared/messages/firestore-event.ts';
import { newMeter } from '../../shared/state/meter.ts';
import { handlePortalEdit } from '../../shared/wiring/handlers.ts';
import { inProcess } from '../support/in-process.ts';
import { anything, expectDiscreet, logged, secret, text } from './hostile.ts';

const type = 'google.cloud.firestore.document.v1.written';

/** A length-delimited protobuf field. */
function field(number: number, content: Buffer): Buffer {
  const length: number[] = [];
  for (let rest = content.length; ; rest >>>= 7) {
    length.push(rest > 127 ? (rest & 127) | 128 : rest);
    if (rest <= 127) break;
  }
  return Buffer.concat([Buffer.from([(number << 3) | 2, ...length]), content]);
}

const paths = fc
  .array(fc.oneof(fc.constantFrom('portalUsers', 'ann', '..', '__x__', ''), text), { maxLength: 5 })
  // What collections are called is nobody's secret; ids of documents may be.
  .map((segments) => segments.map((it, level) => (level % 2 === 0 ? it.replaceAll(secret, 'name') : it)).join('/'));

const valid = fc
  .tuple(fc.constantFrom(1, 2, 3), fc.constantFrom(1, 2), paths, fc.boolean())
  .map(([side, member, path, whole]) =>
    field(side, field(member, Buffer.from(`${whole ? 'projects/p/databases/(default)/documents/' : ''}${path}`))),
  );

const broken = fc
  .tuple(valid, fc.nat(), fc.nat(), fc.integer({ min: 0, max: 255 }))
  .map(([bytes, cut, place, value]) => {
    const copy = Buffer.from(bytes.subarray(0, (cut % bytes.length) + 1));
    copy[place % copy.length] = value;
    return copy;
  });

const data = fc.oneof(
  valid,
  broken,
  fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)),
  // Groups within groups: a decoder that follows them runs out of stack.
  fc.constantFrom(0x0b, 0x1b, 0x23).map((start) => Buffer.alloc(200_000, start)),
  anything,
);

const events = fc.record(
  {
    type: fc.oneof(
      { arbitrary: fc.constantFrom(7, null, {}, []), weight: 1 },
      { arbitrary: fc.constant(type), weight: 9 },
      { arbitrary: text.map((it) => it.replaceAll(secret, 'type')), weight: 1 },
    ),
    data,
    document: fc.oneof(paths, anything),
    traceparent: text,
  },
  { requiredKeys: ['type'] },
);

test('push-portal-edit takes whatever comes: done with it or rejected with a reason, and nothing personal is logged', async () => {
  await fc.assert(
    fc.asyncProperty(events, async (event: RawEvent) => {
      const world = inProcess();
      world.database.putPortalDocument('ann', { email: secret, firstName: secret, lastName: secret });
      const started = performance.now();
      const answer = await handlePortalEdit(world.services, event);
      expect(performance.now() - started).toBeLessThan(2000);
      const rejections = await world.services.runs(newMeter()).rejections(10);
      expectDiscreet([
        ...logged(world.logs.map(({ trace: _, ...entry }) => entry)),
        ...rejections.map(({ reason }) => reason),
      ]);
      expect(world.logs.map((entry) => entry.event)).not.toContain('unexpected_error');
      expect(answer).toBe('done');
      expect(world.logs.length).toBeGreaterThan(0);
    }),
    { numRuns: 400 },
  );
});

test.each([
  `tenants/${secret}/portalUsers/ann`,
  // No path that Firestore has, and an email where it has collections.
  `portalUsers///portalUsers/${secret}/ann`,
])('push-portal-edit says no more of a collection than what it is called: %s (rule 27)', async (document) => {
  const world = inProcess();
  expect(await handlePortalEdit(world.services, { type, document })).toBe('done');
  const [rejection] = await world.services.runs(newMeter()).rejections(1);
  expectDiscreet([...logged(world.logs), rejection?.reason ?? '']);
  expect(rejection?.reason).toContain('check the trigger');
});
