import { expect, test } from 'vitest';
import { duration } from '../../../../shared/operator/words/quantities.ts';

test.each([
  [0, '0 ms'],
  [999, '999 ms'],
  [59_400, '59 s'],
  [59_600, '1 min 0 s'],
  [3_600_000, '1 h 0 min'],
  [47 * 3_600_000, '47 h 0 min'],
  [72 * 3_600_000, '3 days'],
])('%i ms is %s', (ms, text) => {
  expect(duration(ms)).toBe(text);
});
