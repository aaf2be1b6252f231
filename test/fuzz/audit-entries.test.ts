import fc from 'fast-check';
import { expect, test } from 'vitest';
import { editMethods } from '../../shared/messages/audit-entry.ts';
import { editIn, readEdgeAudits } from '../../shared/messages/edge-audit.ts';
import { newMeter } from '../../shared/state/meter.ts';
import { handlePullEdit } from '../../shared/wiring/pull-handler.ts';
import { auditEntry, pushed } from '../support/audit-entries.ts';
import { inProcess } from '../support/in-process.ts';
import { pullEnv } from '../support/pulling.ts';
import { anything, expectDiscreet, logged, names, secret, text, withOwn } from './hostile.ts';

const json = fc.oneof(fc.jsonValue(), text, fc.constantFrom(secret, null, 7, [], {}));
const members = fc.array(fc.tuple(names, json), { maxLength: 6 }).map(withOwn);

/** What an entry may have where a resource, a request, an answer or a state is. */
const payload = fc
  .record(
    {
      methodName: fc.oneof({ arbitrary: fc.constantFrom(...editMethods), weight: 9 }, { arbitrary: json, weight: 1 }),
      resourceName: fc.oneof(
        json,
        text.map((it) => `organizations/acme/developers/${it}`),
      ),
      request: fc.oneof(members, json),
      response: fc.oneof(members, json),
      status: fc.oneof(fc.constant({}), json),
    },
    { requiredKeys: ['methodName'] },
  )
  .map((differs) => JSON.stringify(auditEntry(differs)));

const body = fc.oneof(
  { arbitrary: payload.map((entry) => pushed(entry)), weight: 5 },
  { arbitrary: fc.json().map((it) => pushed(it)), weight: 2 },
  { arbitrary: text.map((it) => pushed(it)), weight: 1 },
  { arbitrary: anything, weight: 1 },
);

test('pull-apigee-edit takes whatever comes: done with it, and nothing personal is logged (rules 27, 40)', async () => {
  const world = inProcess({ env: pullEnv });
  await fc.assert(
    fc.asyncProperty(body, async (it) => {
      world.logs.splice(0);
      expect(await handlePullEdit(world.services, it)).toBe('done');
      const rejections = await world.services.runs(newMeter()).rejections(10);
      expectDiscreet([...logged(world.logs), ...rejections.map(({ reason }) => reason)]);
      expect(world.logs.map(({ event }) => event)).not.toContain('unexpected_error');
      expect(world.logs.length).toBeGreaterThan(0);
    }),
    { numRuns: 500 },
  );
});

test('an answer of the audits API is read or not, and is never an error', () => {
  const record = fc.record({ operation: json, requestUri: json, request: json, timeStamp: json, user: json });
  fc.assert(
    fc.property(
      fc.oneof(
        fc.array(record).map((it) => JSON.stringify(it)),
        fc.json(),
        text,
      ),
      (answer) => {
        for (const audit of readEdgeAudits(answer) ?? []) editIn(audit, 'acme', secret);
      },
    ),
  );
});
