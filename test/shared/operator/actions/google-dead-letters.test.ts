import { describe, expect, test } from 'vitest';
import { readAll, type Subscriber } from '../../../../shared/operator/actions/google-dead-letters.ts';

const subscription = 'projects/p/subscriptions/s';

/** A subscription that answers what `answers` says, one after the other, and then nothing; an Error is a failed call. */
function subscriberWith(answers: readonly (readonly string[] | Error)[]) {
  const left = [...answers];
  const acknowledged: string[] = [];
  const givenBack: string[] = [];
  let pulls = 0;
  const subscriber: Subscriber = {
    async pull() {
      pulls += 1;
      const answer = left.shift() ?? [];
      if (answer instanceof Error) throw answer;
      const receivedMessages = answer.map((id) => ({
        ackId: `ack-${id}`,
        message: { messageId: id, data: Buffer.from(`data of ${id}`), publishTime: { seconds: 7 } },
      }));
      return [{ receivedMessages }];
    },
    acknowledge: async ({ ackIds }) => void acknowledged.push(...ackIds),
    async modifyAckDeadline({ ackIds, ackDeadlineSeconds }) {
      if (ackDeadlineSeconds === 0) givenBack.push(...ackIds);
    },
  };
  return { subscriber, acknowledged, givenBack, pulls: () => pulls };
}

const noWait = async (): Promise<void> => undefined;

describe('the dead letters of a subscription', () => {
  test('are handed over, also where an answer in between holds none', async () => {
    const { subscriber, acknowledged, givenBack } = subscriberWith([['1', '2'], [], [], ['3']]);
    const seen: string[] = [];
    const read = await readAll(
      subscriber,
      subscription,
      10,
      async ({ messageId, data, publishTime }) => {
        seen.push(`${messageId} ${data} ${String(publishTime)}`);
        return messageId === '2' ? 'left' : 'taken';
      },
      noWait,
    );
    expect(read).toBe('read');
    expect(seen).toEqual(['1 data of 1 7000', '2 data of 2 7000', '3 data of 3 7000']);
    expect(acknowledged).toEqual(['ack-1', 'ack-3']);
    expect(givenBack).toEqual(['ack-2']);
  });

  test('are not said to be none before Pub/Sub has answered so several times', async () => {
    const { subscriber, pulls } = subscriberWith([]);
    let answered = false;
    const slow: Subscriber = {
      ...subscriber,
      async pull(request) {
        await Promise.resolve();
        answered = true;
        return subscriber.pull(request);
      },
    };
    expect(await readAll(slow, subscription, 10, async () => 'taken', noWait)).toBe('read');
    expect(answered).toBe(true);
    expect(pulls()).toBeGreaterThan(1);
  });

  test.each([
    ['unauthenticated', 16],
    ['out of time, as on a slow line', 4],
    ['unavailable', 14],
  ])('that cannot be looked at (%s) are not taken for none', async (_, code) => {
    const failure = Object.assign(new Error('no answer'), { code });
    await expect(
      readAll(subscriberWith([failure]).subscriber, subscription, 10, async () => 'taken', noWait),
    ).rejects.toBe(failure);
    const late = subscriberWith([['1'], [], failure]);
    await expect(readAll(late.subscriber, subscription, 10, async () => 'taken', noWait)).rejects.toBe(failure);
    expect(late.acknowledged).toEqual(['ack-1']);
  });

  test.each([
    ['missing', 5],
    ['forbidden', 7],
  ])('of a subscription that is %s are answered as that', async (end, code) => {
    const { subscriber } = subscriberWith([Object.assign(new Error('no'), { code })]);
    expect(await readAll(subscriber, subscription, 10, async () => 'taken', noWait)).toBe(end);
  });

  test('that could not be handled go back, with those behind them', async () => {
    const { subscriber, acknowledged, givenBack } = subscriberWith([['1', '2', '3']]);
    const failing = readAll(
      subscriber,
      subscription,
      10,
      async ({ messageId }) => {
        if (messageId === '2') throw new Error('the topic is away');
        return 'taken';
      },
      noWait,
    );
    await expect(failing).rejects.toThrow('the topic is away');
    expect(acknowledged).toEqual(['ack-1']);
    expect(givenBack).toEqual(['ack-2', 'ack-3']);
  });
});
