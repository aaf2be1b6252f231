import fc from 'fast-check';
import { isDocumentId } from '../../shared/state/id-order.ts';
import { isStorable } from '../../shared/state/in-memory/document-size.ts';
import { nested, secret, text, withOwn } from './hostile.ts';

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

/** The first and the last moment that Firestore knows. */
const earliest = new Date('0001-01-01T00:00:00.000Z');
const latest = new Date('9999-12-31T23:59:59.999Z');

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
      fc.date({ min: earliest, max: latest, noInvalidDate: true }),
      fc
        .integer({ min: earliest.getTime() / 1000, max: Math.floor(latest.getTime() / 1000) })
        .map((seconds) => new Timestamp(seconds)),
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

/** As Firestore could hold it: another one would be refused, and tried again, for ever. */
export const document = fc
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
  .map((it): Readonly<Record<string, unknown>> => it)
  .filter(isStorable);

/** One that can be synchronised as far as its own fields go. */
export const usable = fc.record({
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

export const collection = fc.uniqueArray(fc.tuple(ids, fc.oneof(document, usable)), {
  minLength: 1,
  maxLength: 30,
  selector: ([id]) => id,
});

/** Apigee keeps no longer values. */
const short = (arbitrary: fc.Arbitrary<string>): fc.Arbitrary<string> => arbitrary.filter((it) => it.length <= 1000);

export const developers = fc.array(
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

export const mappings = fc.constantFrom(
  {},
  { PORTAL_MAPPING: '{"attributes":{"team":"attributes.team","k1":{"path":"attributes.k1","direction":"to-apigee"}}}' },
  { PORTAL_MAPPING: '{"email":"email","firstName":"attributes.first","attributes":"somethingElse.deep"}' },
  {
    PORTAL_MAPPING:
      '{"firstName":{"path":"firstName","split":"first"},"lastName":{"path":"firstName","split":"last","default":"–"},"status":{"path":"status","values":{"active":true,"inactive":[false,"inactive"]},"default":"active"},"attributes":{"team":{"path":"attributes.team","type":"json"},"k1":{"path":"attributes.k1","type":"number","default":"3","onCreate":4},"when":{"path":"updatedAt","type":"time"}},"updatedAt":null}',
    PORTAL_SELECT: 'not somethingElse exists or attributes exists',
    PORTAL_UNSELECT_POLICY: 'deactivate',
  },
  { PORTAL_MAPPING: '{"attributesAs":"list","firstName":{"path":"firstName","trim":true}}' },
  {
    PORTAL_MAPPING: '{"emailVerified":"somethingElse","status":null,"updatedAt":null}',
    CONFLICT_POLICY: 'newest-record',
  },
);
