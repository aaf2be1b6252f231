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
] as const)('a subscription that is %s ends its own topic, and not the other one', async (end, kind) => {
  const subscription = 'developer-sync-requests-dead-hold';
  const topics: ReplayedTopic[] = [];
  const replayed = await replayDeadLetters(
    inProcess().services,
    emptyPubsub({ [subscription]: end }),
    { topic: 'all', limit: 10, dryRun: false },
    (topic) => topics.push(topic),
  );
  const reason = { kind, subscription, project: 'demo' };
  expect(replayed).toEqual([
    { topic: 'developer-sync-requests', replayed: 0, rejected: 0, end: { kind: 'refused', reason } },
    { topic: 'developer-sync-batches', replayed: 0, rejected: 0, end: { kind: 'emptied' } },
  ]);
  expect(topics).toEqual(replayed);
});

test('a topic that could not be looked at has not ended as one without dead letters (rule 25)', async () => {
  const error = new Error('no answer');
  const deadLetters = { ...emptyPubsub({}), each: () => Promise.reject(error) };
  const options = { topic: 'batches', limit: 10, dryRun: false } as const;
  expect(await replayDeadLetters(inProcess().services, deadLetters, options, () => undefined)).toEqual([
    { topic: 'developer-sync-batches', replayed: 0, rejected: 0, end: { kind: 'failed', error } },
  ]);
});
