import type { PubSub, Topic } from '@google-cloud/pubsub';
import type { Publisher } from './publisher.ts';

export interface Topics {
  readonly requests: string;
  readonly batches: string;
}

/** Publishes on Pub/Sub; every publish is answered before it counts as made. */
export function createPubsubPublisher(pubsub: PubSub, topics: Topics): Publisher {
  // One message at a time is published and waited for: batching would only make each wait for its timer.
  const options = { batching: { maxMessages: 1, maxMilliseconds: 0 } };
  const requests = pubsub.topic(topics.requests, options);
  const batches = pubsub.topic(topics.batches, options);
  const publish = (topic: Topic, json: unknown, attributes: Record<string, string> = {}): Promise<string> =>
    topic.publishMessage({ data: Buffer.from(JSON.stringify(json)), attributes });
  return {
    requestSync: ({ mode, dryRun, reason }, runId) => publish(requests, { mode, dryRun, reason }, { runId }),
    async continueRun(runId) {
      await publish(requests, {}, { continue: runId });
    },
    async publishBatch({ runId, phase, seq }) {
      await publish(batches, { runId, phase, seq });
    },
  };
}
