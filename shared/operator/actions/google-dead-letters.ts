import type { Message, Subscription } from '@google-cloud/pubsub';
import type { DeadLetters, OpenDeadLetters, SubscriptionRead } from './replay.ts';

/** Pub/Sub cannot say that a subscription is empty: it counts as empty once nothing came for this long, ms. */
const emptyAfter = 4000;

/** Pub/Sub itself, or its emulator where the environment names one. The client is loaded only when it is opened. */
export const openGoogleDeadLetters: OpenDeadLetters = async (project) => {
  const { PubSub } = await import('@google-cloud/pubsub');
  const pubsub = new PubSub({ projectId: project });
  return {
    async each(name, limit, handle) {
      // A message that is neither acknowledged nor given back stays with this client until the subscription is closed,
      // so it comes only once.
      const subscription = pubsub.subscription(name, {
        flowControl: { maxMessages: limit, allowExcessMessages: false },
        batching: { maxMilliseconds: 10 },
        closeOptions: { behavior: 'NACK' },
      });
      try {
        await listen(subscription, limit, async (message) => {
          if ((await handle(pushed(message, name))) === 'taken') message.ack();
        });
        return 'read';
      } catch (error) {
        const end = unreadable(error);
        if (end === undefined) throw error;
        return end;
      } finally {
        await subscription.close();
      }
    },
    async publish(topic, data, attributes) {
      const options = { batching: { maxMessages: 1, maxMilliseconds: 0 } };
      await pubsub.topic(topic, options).publishMessage({ data: Buffer.from(data), attributes: { ...attributes } });
    },
    close: () => pubsub.close(),
  };
};

/**
 * Resolves when `limit` messages were handled or none came for a while. Rejects with the first failure, once no handler
 * is at work any more.
 */
function listen(subscription: Subscription, limit: number, handle: (message: Message) => Promise<void>): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const seen = new Set<string>();
  let underWay = 0;
  let failure: { readonly error: unknown } | undefined;
  let silence: NodeJS.Timeout | undefined;
  let ended = false;
  const end = (): void => {
    ended = true;
    if (failure === undefined) resolve();
    else reject(failure.error);
  };
  const look = (): void => {
    clearTimeout(silence);
    if (underWay > 0) return;
    if (failure !== undefined || seen.size >= limit) end();
    else silence = setTimeout(end, emptyAfter);
  };
  subscription.on('error', (error: unknown) => {
    failure ??= { error };
    look();
  });
  subscription.on('message', (message: Message) => {
    if (ended || failure !== undefined || seen.has(message.id) || seen.size >= limit) return;
    seen.add(message.id);
    underWay += 1;
    handle(message)
      .catch((error: unknown) => {
        failure ??= { error };
      })
      .finally(() => {
        underWay -= 1;
        look();
      });
  });
  look();
  return promise;
}

function pushed({ id, publishTime, attributes, data }: Message, subscription: string): Parameters<Handler>[0] {
  return { messageId: id, publishTime: publishTime.getTime(), attributes, data: data.toString('utf8'), subscription };
}

type Handler = Parameters<DeadLetters['each']>[2];

/** Why a subscription cannot be read, by the gRPC code on the client's error; undefined for any other failure. */
function unreadable(error: unknown): Exclude<SubscriptionRead, 'read'> | undefined {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 5) return 'missing';
  return code === 7 ? 'forbidden' : undefined;
}
