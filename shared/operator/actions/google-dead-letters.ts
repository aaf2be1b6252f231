import { setTimeout as sleep } from 'node:timers/promises';
import type { protos } from '@google-cloud/pubsub';
import type { DeadLetters, OpenDeadLetters, SubscriptionRead } from './replay.ts';

/**
 * Pub/Sub cannot say that a subscription is empty: it counts as empty once this many answers in a row held no message, a
 * pause apart. Only answers count: a line that is slow or dead proves nothing.
 */
const emptyAnswers = 5;
const pauseMs = 1000;

/** How long, in seconds, a message that was handed over stays ours: the longest that Pub/Sub takes. */
const ackDeadline = 600;
const perAnswer = 100;

/** The part of Pub/Sub's subscriber that reads dead letters. */
export interface Subscriber {
  pull(request: {
    readonly subscription: string;
    readonly maxMessages: number;
    readonly returnImmediately: boolean;
  }): Promise<readonly [protos.google.pubsub.v1.IPullResponse, ...unknown[]]>;
  acknowledge(request: { readonly subscription: string; ackIds: string[] }): Promise<unknown>;
  modifyAckDeadline(request: {
    readonly subscription: string;
    ackIds: string[];
    readonly ackDeadlineSeconds: number;
  }): Promise<unknown>;
}

/** Pub/Sub itself, or its emulator where the environment names one. The client is loaded only when it is opened. */
export const openGoogleDeadLetters: OpenDeadLetters = async (project) => {
  const { PubSub, v1 } = await import('@google-cloud/pubsub');
  const pubsub = new PubSub({ projectId: project });
  let subscriber: InstanceType<typeof v1.SubscriberClient> | undefined;
  return {
    async each(name, limit, handle) {
      // Made only here: where there are no credentials, this is the topic that could not be read.
      subscriber ??= new v1.SubscriberClient({ ...(await pubsub.getClientConfig()) });
      return readAll(subscriber, subscriber.subscriptionPath(project, name), limit, handle);
    },
    async publish(topic, data, attributes) {
      const options = { batching: { maxMessages: 1, maxMilliseconds: 0 } };
      await pubsub.topic(topic, options).publishMessage({ data: Buffer.from(data), attributes: { ...attributes } });
    },
    async close() {
      await subscriber?.close();
      await pubsub.close();
    },
  };
};

/**
 * Hands over messages until `limit` were handed over or there are none. Each comes once; what is not taken is given back
 * at the end. Rejects with the first failure.
 */
export async function readAll(
  subscriber: Subscriber,
  subscription: string,
  limit: number,
  handle: Handler,
  wait: (ms: number) => Promise<unknown> = sleep,
): Promise<SubscriptionRead> {
  const ours = new Set<string>();
  const seen = new Set<string>();
  try {
    for (let empty = 0; seen.size < limit && empty < emptyAnswers;) {
      const maxMessages = Math.min(perAnswer, limit - seen.size);
      const [answer] = await subscriber.pull({ subscription, maxMessages, returnImmediately: true });
      const letters = (answer.receivedMessages ?? []).flatMap(letterOf);
      empty = letters.length === 0 ? empty + 1 : 0;
      if (letters.length === 0) {
        if (empty < emptyAnswers) await wait(pauseMs);
        continue;
      }
      const ackIds = letters.map(({ ackId }) => ackId);
      for (const ackId of ackIds) ours.add(ackId);
      await subscriber.modifyAckDeadline({ subscription, ackIds, ackDeadlineSeconds: ackDeadline });
      for (const { ackId, message } of letters) {
        if (seen.has(message.messageId)) continue;
        seen.add(message.messageId);
        if ((await handle({ ...message, subscription })) === 'left') continue;
        await subscriber.acknowledge({ subscription, ackIds: [ackId] });
        ours.delete(ackId);
      }
    }
    return 'read';
  } catch (error) {
    const end = unreadable(error);
    if (end === undefined) throw error;
    return end;
  } finally {
    await giveBack(subscriber, subscription, [...ours]);
  }
}

type Handler = Parameters<DeadLetters['each']>[2];
type Letter = { readonly ackId: string; readonly message: Omit<Parameters<Handler>[0], 'subscription'> };

function letterOf({ ackId, message }: protos.google.pubsub.v1.IReceivedMessage): readonly Letter[] {
  if (!ackId || !message?.messageId) return [];
  const { messageId, publishTime, attributes, data } = message;
  const sent = Number(publishTime?.seconds ?? 0) * 1000;
  const text = typeof data === 'string' ? data : Buffer.from(data ?? []).toString('utf8');
  return [{ ackId, message: { messageId, publishTime: sent, attributes: attributes ?? {}, data: text } }];
}

/** If this fails, the messages come back by themselves once their deadline is over. */
async function giveBack(subscriber: Subscriber, subscription: string, ackIds: readonly string[]): Promise<void> {
  for (let start = 0; start < ackIds.length; start += perAnswer) {
    const some = ackIds.slice(start, start + perAnswer);
    await subscriber.modifyAckDeadline({ subscription, ackIds: some, ackDeadlineSeconds: 0 }).catch(() => undefined);
  }
}

/** Why a subscription cannot be read, by the gRPC code on the client's error; undefined for any other failure. */
function unreadable(error: unknown): Exclude<SubscriptionRead, 'read'> | undefined {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 5) return 'missing';
  return code === 7 ? 'forbidden' : undefined;
}
