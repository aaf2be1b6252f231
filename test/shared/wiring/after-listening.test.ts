import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { afterListening } from '../../../shared/wiring/after-listening.ts';

test('begins by itself, but not before the process had its turn to listen, and makes it once', async () => {
  let begun = 0;
  const made = afterListening(async () => {
    begun += 1;
    return { number: begun };
  });
  await Promise.resolve();
  expect(begun).toBe(0);
  await nextTurn();
  expect(begun).toBe(1);
  const first = await made();
  expect(await made()).toBe(first);
  expect(first).toEqual({ number: 1 });
});

test('a request that is there before does not wait for that', async () => {
  let begun = 0;
  const made = afterListening(async () => {
    begun += 1;
    return begun;
  });
  const asked = made();
  expect(begun).toBe(1);
  await nextTurn();
  expect(await asked).toBe(1);
  expect(begun).toBe(1);
});
