import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isDocumentId } from '../../shared/state/id-order.ts';
import { newMeter } from '../../shared/state/meter.ts';
import { policyOf } from '../../shared/config/policy-of.ts';
import { verifyPeople } from '../../shared/verify/verify-people.ts';
import type { Finding } from '../../shared/verify/finding.ts';
import { inProcess } from '../support/in-process.ts';
import { expectDiscreet, logged, nested, secret, text, withOwn } from './hostile.ts';

/** As the client hands them over. */
class Timestamp {
  readonly seconds: number;
  constructor(seconds: number) {
    this.seconds = seconds;
  }
  toMillis(): number {
    return this.seconds * 1000;
  }
}
class GeoPoint {
  readonly latitude = 1;
}

/** Firestore does not take a lone surrogate. */
const stored = text.map((it) => it.toWellFormed());

/** What attributes are called is said where something is wrong with one (rule 18). */
const attributeNames = stored.map((it) => it.replaceAll(secret, 'name'));

const value = fc.oneof(
  { arbitrary: stored, weight: 6 },
  {
    arbitrary: fc.oneof(
      fc.boolean(),
      fc.double(),
      fc.constant(null),
      fc.date(),
      fc.double().map((seconds) => new Timestamp(seconds)),
      fc.constant(new GeoPoint()),
      fc.uint8Array({ maxLength: 20 }).map((bytes) => Buffer.from(bytes)),
      fc.array(stored, { maxLength: 3 }),
      fc.integer({ min: 1, max: 20 }).map(nested),
      fc.bigInt(),
    ),
    weight: 2,
  },
);

const attributes = fc.oneof(
  fc.array(fc.tuple(attributeNames, value), { maxLength: 4 }).map(withOwn),
  fc.array(fc.tuple(fc.string({ maxLength: 4 }), fc.string({ maxLength: 4 })), { maxLength: 22 }).map(withOwn),
  fc
    .integer({ min: 100, max: 3000 })
    .map((size) => withOwn(Array.from({ length: size }, (_, index) => [`k${String(index)}`, 'v']))),
  value,
);

const emails = fc.oneof(
  { arbitrary: fc.integer({ min: 0, max: 25 }).map((index) => `person-${String(index)}@example.com`), weight: 5 },
  { arbitrary: fc.integer({ min: 0, max: 25 }).map((index) => ` PERSON-${String(index)}@Example.com`), weight: 1 },
  { arbitrary: value, weight: 1 },
);

const document = fc
  .record(
    {
      email: emails,
      firstName: fc.oneof(fc.constant('First'), value),
      lastName: fc.oneof(fc.constant('Last'), value),
      userName: value,
      status: fc.oneof(fc.constantFrom('active', 'inactive'), value),
      attributes,
      updatedAt: value,
      somethingElse: value,
    },
    { requiredKeys: ['email'] },
  )
  .map((it): Readonly<Record<string, unknown>> => it);

/** One that can be synchronised as far as its own fields go. */
const usable = fc.record({
  email: fc.integer({ min: 0, max: 25 }).map((index) => `person-${String(index)}@example.com`),
  firstName: fc.constantFrom('First', '名', secret),
  lastName: fc.constant('Last'),
  attributes: fc
    .array(
      fc.tuple(
        attributeNames.filter((it) => it.length < 100),
        attributeNames.filter((it) => it.length < 100),
      ),
      { maxLength: 5 },
    )
    .map(withOwn),
});

const ids = fc.oneof(fc.stringMatching(/^[\w-]{1,20}$/u), stored).filter(isDocumentId);

const collection = fc.uniqueArray(fc.tuple(ids, fc.oneof(document, usable)), {
  minLength: 1,
  maxLength: 30,
  selector: ([id]) => id,
});

/** Apigee keeps no longer values. */
const short = (arbitrary: fc.Arbitrary<string>): fc.Arbitrary<string> => arbitrary.filter((it) => it.length <= 1000);

const developers = fc.array(
  fc.record(
    {
      email: fc.integer({ min: 0, max: 30 }).map((index) => `person-${String(index)}@example.com`),
      firstName: short(stored),
      lastName: short(stored),
      status: fc.constantFrom('active', 'inactive', 'login_lock'),
      attributes: fc
        .array(fc.tuple(short(attributeNames), short(stored)), { maxLength: 5 })
        .map((entries) => new Map(entries)),
      lastModifiedAt: fc.integer({ min: 0, max: 4e12 }),
    },
    { requiredKeys: ['email'] },
  ),
  { maxLength: 10 },
);

const mappings = fc.constantFrom(
  {},
  { PORTAL_MAPPING: '{"attributes":{"team":"attributes.team","k1":{"path":"attributes.k1","direction":"to-apigee"}}}' },
  { PORTAL_MAPPING: '{"email":"email","firstName":"attributes.first","attributes":"somethingElse.deep"}' },
  {
    PORTAL_MAPPING: '{"emailVerified":"somethingElse","status":null,"updatedAt":null}',
    CONFLICT_POLICY: 'newest-record',
  },
);

test(
  'a run over any documents is done, adds up and settles; whoever differs is explained, and nothing personal is logged (rules 12, 18, 26, 27)',
  { timeout: 120_000 },
  async () => {
    await fc.assert(
      fc.asyncProperty(collection, developers, mappings, fc.boolean(), async (documents, seeds, env, pushed) => {
        const world = inProcess({ env });
        world.developers.seed(...seeds);
        for (const [id, data] of documents) world.database.putPortalDocument(id, data);
        if (pushed) {
          for (const [id] of documents) {
            const results = await world.push(id);
            for (const { reason, outcome } of results) expect([outcome, reason !== '']).toEqual([outcome, true]);
          }
        }
        const first = await world.run();
        const counts = first.totals?.counts;
        expect([first.state, first.problem]).toEqual(['done', undefined]);
        const last = await world.run();
        expect([last.state, last.totals?.traffic.writes]).toEqual(['done', 0]);
        expect(last.totals?.counts.seen).toBe(counts?.seen);
        for (const { message } of world.logs) expectDiscreet([message]);
        expectDiscreet(logged(world.logs.map(({ fields: _, ...entry }) => entry)));
        expect(world.logs.map(({ event }) => event)).not.toContain('unexpected_error');
        for (const { failure, hold } of world.database.allLinks())
          expectDiscreet([failure?.message ?? '', hold?.detail ?? '']);

        const unexplained: Finding[] = [];
        const { services } = world;
        const verification = await verifyPeople(
          {
            people: services.people(newMeter()),
            developers: world.developers,
            policy: policyOf(services.config),
            now: Date.now,
          },
          (finding) => {
            if (finding.because.kind === 'unexplained') unexplained.push(finding);
          },
        );
        expect([verification.kind, unexplained]).toEqual(['complete', []]);
      }),
      { numRuns: 25 },
    );
  },
);
