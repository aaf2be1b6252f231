import { expect, test } from 'vitest';
import { newUnderWay } from '../../../shared/run/under-way.ts';

const batch = (seq: number, phase: 'portal' | 'apigee' = 'apigee', runId = 'r1') => ({ runId, phase, seq });

test('of the batches of a phase that one process works on, the one that ends last is the last', () => {
  const underWay = newUnderWay();
  const [first, second] = [underWay.begin(batch(0)), underWay.begin(batch(1))];
  expect(first()).toBe(false);
  const third = underWay.begin(batch(2));
  expect(second()).toBe(false);
  expect(third()).toBe(true);
});

test('another delivery of the same batch is nobody to wait for: it may never end', () => {
  const underWay = newUnderWay();
  const [first, again] = [underWay.begin(batch(0)), underWay.begin(batch(0))];
  expect(first()).toBe(true);
  const other = underWay.begin(batch(1));
  expect(again()).toBe(false);
  expect(other()).toBe(true);
});

test('a batch does not wait for those of another phase or run', () => {
  const underWay = newUnderWay();
  underWay.begin(batch(0, 'portal'));
  underWay.begin(batch(0, 'apigee', 'r2'));
  expect(underWay.begin(batch(0))()).toBe(true);
});

test('what is over stays over, however often it is said', () => {
  const underWay = newUnderWay();
  const first = underWay.begin(batch(0));
  expect(first()).toBe(true);
  const second = underWay.begin(batch(1));
  expect(first()).toBe(true);
  expect(second()).toBe(true);
});
