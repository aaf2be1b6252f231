import type { PubSub } from '@google-cloud/pubsub';
import { publisherOver, type TopicRole } from './publisher-over.ts';
import type { Publisher } from './publisher.ts';

export type Topics = Readonly<Record<TopicRole, string>>;

/** Publishes on Pub/Sub; every publish is answered before it counts as made. */
export function createPubsubPublisher(pubsub: PubSub, topics: Topics): Publisher {
  // One message at a time is published and waited for: batching would only make each wait for its timer.
  const options = { batching: { maxMessages: 1, maxMilliseconds: 0 } };
  const open = { requests: pubsub.topic(topics.requests, options), batches: pubsub.topic(topics.batches, options) };
  return publisherOver((topic, json, attributes) =>
    open[topic].publishMessage({ data: Buffer.from(JSON.stringify(json)), attributes }),
  );
}
