import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { compareIds, inRange, isDocumentId, isEmptyRange } from '../../../shared/state/id-order.ts';

const id = fc.string({ unit: 'binary', maxLength: 6 });

test('ids are ordered by their UTF-8 bytes', () => {
  fc.assert(
    fc.property(id, id, (a, b) => {
      expect(Math.sign(compareIds(a, b))).toBe(Buffer.compare(Buffer.from(a), Buffer.from(b)));
    }),
  );
  expect(compareIds('\uffee', '\u{1f642}')).toBeLessThan(0);
});

test('a range is open at its beginning and closed at its end', () => {
  const range = { after: 'b', through: 'd' };
  expect(['a', 'b', 'ba', 'c', 'd', 'da'].filter((candidate) => inRange(candidate, range))).toEqual(['ba', 'c', 'd']);
  expect(inRange('a', { after: undefined, through: undefined })).toBe(true);
  expect(isEmptyRange({ after: 'b', through: 'b' })).toBe(true);
  expect(isEmptyRange({ after: 'b', through: 'c' })).toBe(false);
  expect(isEmptyRange({ after: 'b', through: undefined })).toBe(false);
});

test('only what Firestore takes for an id is one', () => {
  expect(['', '.', '..', 'a/b', '__x__', '____', '\ud800', 'é'.repeat(751)].filter(isDocumentId)).toEqual([]);
  const possible = ['a', '...', '__x', '__id7__', '9', 'é'.repeat(750), '\u{1f642}', ' '];
  expect(possible.filter(isDocumentId)).toEqual(possible);
});
