import { expect, test } from 'vitest';
import { backoff } from '../../../../shared/core/link-changes/interrupted.ts';

const minute = 60_000;

test('each failure in a row is waited for twice as long, up to six hours, and none is the last (rule 7)', () => {
  expect([1, 2, 3, 4, 9, 10].map((attempts) => backoff(attempts) / minute)).toEqual([1, 2, 4, 8, 256, 360]);
  for (const attempts of [11, 100, 10_000, Number.MAX_SAFE_INTEGER]) expect(backoff(attempts)).toBe(360 * minute);
});
