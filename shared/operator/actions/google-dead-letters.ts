import type { Message, Subscription } from '@google-cloud/pubsub';
import { Refusal } from '../../../cli/process/cli-io.ts';
import type { DeadLetters, OpenDeadLetters } from './dead-letters.ts';

/** Pub/Sub has no way to say that a subscription is empty: nothing for this long is taken for it, ms. */
const quietFor = 4000;

/** Pub/Sub itself, or its emulator where the environment names one. */
export const openGoogleDeadLetters: OpenDeadLetters = async (project) => {
  const { PubSub } = await import('@google-cloud/pubsub');
  const pubsub = new PubSub({ projectId: project });
  return {
    async each(name, limit, handle) {
      // What is neither acknowledged nor given back stays in hand until the subscription is closed, and comes only once.
      const subscription = pubsub.subscription(name, {
        flowControl: { maxMessages: limit, allowExcessMessages: false },
        batching: { maxMilliseconds: 10 },
        closeOptions: { behavior: 'NACK' },
      });
      try {
        await listen(subscription, limit, async (message) => {
          if ((await handle(pushed(message, name))) === 'taken') message.ack();
        });
      } catch (error) {
        throw understood(error, name, project);
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

/** Resolves when `limit` messages were handled, or none came for a while; rejects with the first failure, after the rest. */
function listen(subscription: Subscription, limit: number, handle: (message: Message) => Promise<void>): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const seen = new Set<string>();
  let underWay = 0;
  let failure: { readonly error: unknown } | undefined;
  let quiet: NodeJS.Timeout | undefined;
  let ended = false;
  const end = (): void => {
    ended = true;
    if (failure === undefined) resolve();
    else reject(failure.error);
  };
  const look = (): void => {
    clearTimeout(quiet);
    if (underWay > 0) return;
    if (failure !== undefined || seen.size >= limit) end();
    else quiet = setTimeout(end, quietFor);
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

function understood(error: unknown, subscription: string, project: string): unknown {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 5)
    return new Refusal(
      `There is no subscription ${subscription} in ${project}: check GOOGLE_CLOUD_PROJECT, SYNC_REQUESTS_TOPIC and SYNC_BATCHES_TOPIC`,
    );
  if (code === 7)
    return new Refusal(`Your account may not read ${subscription}: it needs roles/pubsub.subscriber in ${project}`);
  return error;
}
