import type { PubSub } from '@google-cloud/pubsub';
import { publisherOver, type TopicRole } from './publisher-over.ts';
import type { Publisher } from './publisher.ts';

export type Topics = Readonly<Record<TopicRole, string>>;

/** Publishes on Pub/Sub. A message counts as published only once Pub/Sub has confirmed it. */
export function createPubsubPublisher(pubsub: PubSub, topics: Topics): Publisher {
  // Every message is waited for before the next one is published: batching would only add the wait for its timer.
  const options = { batching: { maxMessages: 1, maxMilliseconds: 0 } };
  const open = { requests: pubsub.topic(topics.requests, options), batches: pubsub.topic(topics.batches, options) };
  return publisherOver((topic, json, attributes) =>
    open[topic].publishMessage({ data: Buffer.from(JSON.stringify(json)), attributes }),
  );
}
