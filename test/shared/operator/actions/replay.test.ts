import { expect, test } from 'vitest';
import {
  replayDeadLetters,
  type DeadLetters,
  type ReplayedTopic,
  type SubscriptionRead,
} from '../../../../shared/operator/actions/replay.ts';
import { inProcess } from '../../../support/in-process.ts';

/** Pub/Sub without a message, whose subscriptions end as said. */
function emptyPubsub(ends: Readonly<Record<string, SubscriptionRead>>): DeadLetters {
  return {
    each: async (subscription) => ends[subscription] ?? 'read',
    publish: async () => undefined,
    close: async () => undefined,
  };
}

test.each([
  ['missing', 'subscription-missing'],
  ['forbidden', 'subscription-forbidden'],
] as const)('a subscription that is %s refuses the replay, after the topic has been told of', async (end, kind) => {
  const subscription = 'developer-sync-batches-dead-hold';
  const topics: ReplayedTopic[] = [];
  const replayed = await replayDeadLetters(
    inProcess().services,
    emptyPubsub({ [subscription]: end }),
    { topic: 'all', limit: 10, dryRun: false },
    (topic) => topics.push(topic),
  );
  expect(replayed).toEqual({ kind: 'refused', reason: { kind, subscription, project: 'demo' } });
  expect(topics).toEqual([
    { topic: 'developer-sync-requests', replayed: 0, rejected: 0 },
    { topic: 'developer-sync-batches', replayed: 0, rejected: 0 },
  ]);
});
