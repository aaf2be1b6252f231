import { expect, test } from 'vitest';
import { newCoalescer } from '../../../shared/wiring/coalesce.ts';

/** Work that ends when told to, and says how often it began. */
function manualWork() {
  const begun: { end(value: string): void; fail(error: Error): void }[] = [];
  const work = (): Promise<string> => {
    const { promise, resolve, reject } = Promise.withResolvers<string>();
    begun.push({ end: resolve, fail: reject });
    return promise;
  };
  return { begun, work };
}

test('twenty calls for one key are the one under way and one more (rule 20)', async () => {
  const coalescer = newCoalescer<string>();
  const { begun, work } = manualWork();
  const calls = Array.from({ length: 20 }, () => coalescer.run('ann', work));
  expect(begun).toHaveLength(1);
  begun[0]?.end('first');
  expect(await calls[0]).toBe('first');
  expect(begun).toHaveLength(2);
  begun[1]?.end('second');
  expect(new Set(await Promise.all(calls.slice(1)))).toEqual(new Set(['second']));
  expect(begun).toHaveLength(2);
});

test('a call that comes while the last one is under way is not answered by it', async () => {
  const coalescer = newCoalescer<string>();
  const { begun, work } = manualWork();
  const first = coalescer.run('ann', work);
  const second = coalescer.run('ann', work);
  begun[0]?.end('first');
  await first;
  const third = coalescer.run('ann', work);
  begun[1]?.end('second');
  expect(await second).toBe('second');
  begun[2]?.end('third');
  expect(await third).toBe('third');
});

test('a failure is told to those who share it, and the next call begins anew', async () => {
  const coalescer = newCoalescer<string>();
  const { begun, work } = manualWork();
  const first = coalescer.run('ann', work);
  const waiting = [coalescer.run('ann', work), coalescer.run('ann', work)];
  begun[0]?.fail(new Error('first'));
  await expect(first).rejects.toThrow('first');
  begun[1]?.fail(new Error('second'));
  for (const call of waiting) await expect(call).rejects.toThrow('second');
  const last = coalescer.run('ann', work);
  begun[2]?.end('last');
  expect(await last).toBe('last');
});

test('keys do not wait for each other', () => {
  const coalescer = newCoalescer<string>();
  const { begun, work } = manualWork();
  void coalescer.run('ann', work);
  void coalescer.run('bob', work);
  expect(begun).toHaveLength(2);
});
