import { describe, expect, test } from 'vitest';
import { linkId } from '../../../shared/core/model/email.ts';
import { isSameAct, type Actor } from '../../../shared/core/model/link.ts';
import { decodeBatch, encodeBatch } from '../../../shared/state/batch-document.ts';
import { batchDocumentId, batchSeq } from '../../../shared/state/batch-id.ts';
import { compositeIndexes, expiringCollections, unindexedFields } from '../../../shared/state/firestore/indexing.ts';
import { stateCollections } from '../../../shared/state/firestore/names.ts';
import { decodeLink, encodeLink } from '../../../shared/state/link-document.ts';
import { decodeAllowance } from '../../../shared/state/allowance.ts';
import { decodeControl, decodeRejection, decodeRun } from '../../../shared/state/run-document.ts';
import { email, fullLink, linkOf, newBatch, newResult, noise } from './samples.ts';

const ann = email('ann@example.com');

describe('link documents', () => {
  test('what queries ask for is at the top, undefined fields are left out', () => {
    expect(encodeLink(linkOf(ann))).toEqual({
      key: ann,
      presence: 'none',
      hasDeveloper: false,
      rivals: [],
      attempts: [],
      history: [],
    });
    expect(encodeLink(fullLink(ann))).toMatchObject({ hasDeveloper: true, portalId: 'user 1', presence: 'both' });
    expect(encodeLink(linkOf(ann, { presence: 'apigee' }))).toMatchObject({ hasDeveloper: true });
  });

  test.each(['first', 'manual-by-my-script'])(
    'the run %s is known again by its stored outcomes, whatever its id',
    (runId) => {
      const by: Actor = { kind: 'run', runId };
      const last = { by, outcome: 'created-apigee', situation: 'portal-only', reason: 'x', fields: [], at: 1 } as const;
      const stored = decodeLink(linkId(ann), encodeLink(linkOf(ann, { last }))).last;
      expect(stored && isSameAct(stored.by, by)).toBe(true);
      expect(stored && isSameAct(stored.by, { kind: 'run', runId: 'another' })).toBe(false);
    },
  );

  test('a document of a later version, with fields not known yet, can still be read', () => {
    expect(decodeLink('id', { ...encodeLink(fullLink(ann)), later: { more: 1 } })).toEqual(fullLink(ann));
  });

  test.each([
    { hold: { reason: 'of-a-later-version', detail: 'x', since: 1 } },
    { failure: { kind: 'of-a-later-version', message: 'x', fingerprint: '', attempts: 1, since: 1 } },
    { last: { by: 'r', outcome: 'of-a-later-version', situation: 'x', reason: 'x', fields: [], at: 1 } },
  ])('what a later version made of a person, %j, is made anew after going back from it (rule 7)', (changes) => {
    expect(decodeLink(linkId(ann), { ...encodeLink(linkOf(ann)), ...changes })).toEqual(linkOf(ann));
  });

  test.each([
    ['no document', undefined, 'document'],
    ['a key that is no key', { key: 'Ann@Example.com' }, 'key'],
    ['a missing list', { rivals: undefined }, 'rivals'],
    ['a wrong list', { attempts: [{ attributes: { a: 'b' } }] }, 'attempts.0.attributes'],
    ['a wrong time', { due: 'soon' }, 'due'],
    ['an unknown side', { tombstone: { side: 'x', at: 1, deactivated: false } }, 'tombstone.side'],
  ])('%s is an error that names the document and the field', (_, changes, field) => {
    const data = changes && { ...encodeLink(linkOf(ann)), ...changes };
    expect(() => decodeLink(linkId(ann), data)).toThrow(`The link ${linkId(ann)} cannot be read (${field}: `);
  });
});

describe('run documents', () => {
  test('what cannot be read is an error that names the document', () => {
    expect(() => decodeRun('r1', { runId: 'r1' })).toThrow(/run r1 cannot be read \(mode/u);
    expect(() => decodeControl({ lastFull: 'x' })).toThrow(/control document cannot be read \(lastFull/u);
    expect(() => decodeRejection('x', {})).toThrow(/rejection x/u);
    expect(() => decodeAllowance('10', { spent: 'a' })).toThrow(/allowance 10 cannot be read \(spent/u);
    expect(() => decodeBatch('links-000001', { phase: 'links' })).toThrow(/batch links-000001/u);
  });

  test('the ids of one phase are in the order of their numbers', () => {
    const ids = [0, 9, 10, 999_999].map((seq) => batchDocumentId({ phase: 'apigee', seq }));
    expect(ids).toEqual(['apigee-000000', 'apigee-000009', 'apigee-000010', 'apigee-999999']);
    expect(ids.toSorted()).toEqual(ids);
    expect(ids.map(batchSeq)).toEqual([0, 9, 10, 999_999]);
  });

  test("the largest batch stays below a document's 1 MiB, even with emails far from ASCII", () => {
    const wide = (length: number, seed: number): string =>
      Array.from(noise(length * 2, seed), (letter, place) => letter.charCodeAt(0) * 200 + place)
        .slice(0, length)
        .map((code) => String.fromCodePoint(code))
        .join('');
    const people = Array.from({ length: 1000 }, (_, place) => `${wide(240, place)}@${noise(13, place)}`);
    const rows = people.map((key, place) => ({
      key,
      situation: 'both-changed' as const,
      outcome: 'failed' as const,
      reason: noise(300, place),
      fields: ['firstName', 'lastName', 'attributes.company'],
    }));
    const result = newResult(people, { rows, planned: [] });
    const { people: packed, result: packedResult } = encodeBatch(newBatch('r', 'apigee', 0, { people, result }));
    if (!(packed instanceof Uint8Array) || !(packedResult instanceof Uint8Array)) throw new Error('not packed');
    expect(packed.length + packedResult.length).toBeLessThan(1024 * 1024);
    const plain = encodeBatch(newBatch('r', 'portal', 0, { result }));
    if (!(plain['result'] instanceof Uint8Array)) throw new Error('not packed');
    expect(plain['result'].length).toBeLessThan(1024 * 1024);
  });
});

describe('what the database has to be set up with', () => {
  test('no composite index, and an exemption for every expiry', () => {
    expect(compositeIndexes).toEqual([]);
    for (const collection of expiringCollections) expect(unindexedFields[collection]).toContain('expireAt');
  });

  test('all collections carry the prefix, sub-collections too', () => {
    const names = Object.values<string>({ ...stateCollections('devSync') });
    expect(names.filter((name) => !name.startsWith('devSync'))).toEqual([]);
    expect(new Set(names).size).toBe(10);
  });
});
