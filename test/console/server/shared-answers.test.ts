import { expect, test } from 'vitest';
import { answer } from '../../../console/server/asked.ts';
import { shareAnswers } from '../../../console/server/shared-answers.ts';

function counting(): { readonly ask: () => Promise<ReturnType<typeof answer<number>>>; readonly asked: () => number } {
  let asked = 0;
  return {
    asked: () => asked,
    ask: async () => {
      asked += 1;
      return answer(asked);
    },
  };
}

test('one look serves everybody who polls, for a moment, and other addresses have their own', async () => {
  let at = 0;
  const { ask, asked } = counting();
  const shared = shareAnswers({ run: 1000 }, () => at);
  await Promise.all([shared.of('run', '/a', ask), shared.of('run', '/a', ask)]);
  await shared.of('run', '/b', ask);
  expect(asked()).toBe(2);
  at = 1000;
  expect(await shared.of('run', '/a', ask)).toEqual(answer(3));
  await shared.of('session', '/a', ask);
  expect(asked()).toBe(4);
});

test('whatever is done ends the moment, also for answers that were begun before', async () => {
  const { ask, asked } = counting();
  const shared = shareAnswers({ run: 1000 }, () => 0);
  await shared.of('run', '/a', ask);
  await shared.anew(async () => {
    await shared.of('run', '/a', ask);
    return answer(undefined);
  });
  await shared.of('run', '/a', ask);
  expect(asked()).toBe(3);
});

test('a failure is not kept', async () => {
  const { ask } = counting();
  const shared = shareAnswers({ run: 1000 }, () => 0);
  await expect(shared.of('run', '/a', () => Promise.reject(new Error('no store')))).rejects.toThrow('no store');
  expect(await shared.of('run', '/a', ask)).toEqual(answer(1));
});
