import { holdSubscription, originalAttributes } from '../../messages/dead-letters.ts';
import type { TopicRole } from '../../messages/publisher-over.ts';
import type { Parsed, PushedMessage } from '../../messages/push-envelope.ts';
import { readBatchMessage, readRequestMessage } from '../../messages/sync-messages.ts';
import { newMeter } from '../../state/meter.ts';
import type { Runs } from '../../state/runs.ts';
import type { Services } from '../../wiring/services.ts';
import type { RefusalReason } from '../words/refusals.ts';

/** The messages that no handler could take, and the topics they were for. */
export interface DeadLetters {
  /**
   * Hands over what a subscription keeps, until `limit` messages were handed over or there are none. A message that
   * `handle` answers `taken` for is taken off; otherwise, or if `handle` throws, it stays. Rejects where the
   * subscription could not be looked at.
   */
  each(
    subscription: string,
    limit: number,
    handle: (message: PushedMessage) => Promise<'taken' | 'left'>,
  ): Promise<SubscriptionRead>;
  /** Resolves once Pub/Sub keeps the message. */
  publish(topic: string, data: string, attributes: Readonly<Record<string, string>>): Promise<void>;
  close(): Promise<void>;
}

/** `missing`: there is no such subscription. `forbidden`: the account may not read it. */
export type SubscriptionRead = 'read' | 'missing' | 'forbidden';

export type OpenDeadLetters = (project: string) => Promise<DeadLetters>;

export const replayTopics = ['requests', 'batches', 'all'] as const;

export interface ReplayOptions {
  readonly topic: (typeof replayTopics)[number];
  /** At most so many messages of each topic. */
  readonly limit: number;
  /** Only counts the messages, and leaves them where they are. */
  readonly dryRun: boolean;
}

/** What became of the dead letters of one topic; with `dryRun`, what would become of them. */
export interface ReplayedTopic {
  readonly topic: string;
  readonly replayed: number;
  readonly rejected: number;
  readonly end: ReplayEnd;
}

/** Where the reading of a topic ended. Only `emptied` says that there are no further dead letters. */
export type ReplayEnd =
  | { readonly kind: 'emptied' }
  /** As many as the limit says were handed over. */
  | { readonly kind: 'limit' }
  | { readonly kind: 'refused'; readonly reason: RefusalReason }
  | { readonly kind: 'failed'; readonly error: unknown };

/**
 * Publishes dead letters again on their topic, and takes each off only after that. A message that the handler would
 * reject again is recorded as rejected instead (rule 25). A message that is published twice does no harm: handlers look
 * at the current state (rule 20). One topic that cannot be read says nothing about the other one. Calls `onTopic` at the
 * end of each.
 */
export async function replayDeadLetters(
  services: Services,
  deadLetters: DeadLetters,
  options: ReplayOptions,
  onTopic: (topic: ReplayedTopic) => void,
): Promise<readonly ReplayedTopic[]> {
  const { requestsTopic, batchesTopic } = services.config;
  const topics = [
    ['requests', requestsTopic],
    ['batches', batchesTopic],
  ] as const;
  const ended: ReplayedTopic[] = [];
  for (const [role, topic] of topics) {
    if (options.topic !== 'all' && options.topic !== role) continue;
    const replayed = await replayTopic(services, deadLetters, { role, topic }, options);
    onTopic(replayed);
    ended.push(replayed);
  }
  return ended;
}

const readers: Readonly<Record<TopicRole, (message: PushedMessage) => Parsed<unknown>>> = {
  requests: readRequestMessage,
  batches: readBatchMessage,
};

async function replayTopic(
  services: Services,
  deadLetters: DeadLetters,
  { role, topic }: { readonly role: TopicRole; readonly topic: string },
  { limit, dryRun }: ReplayOptions,
): Promise<ReplayedTopic> {
  const runs = services.runs(newMeter());
  const subscription = holdSubscription(topic);
  const count = { replayed: 0, rejected: 0 };
  try {
    const read = await deadLetters.each(subscription, limit, async (message) => {
      const original = { ...message, attributes: originalAttributes(message.attributes) };
      const parsed = readers[role](original);
      if (!dryRun && parsed.ok) await deadLetters.publish(topic, original.data, original.attributes);
      if (!dryRun && !parsed.ok) await reject(runs, original.messageId, parsed.problem, services.clock.now());
      count[parsed.ok ? 'replayed' : 'rejected'] += 1;
      return dryRun ? 'left' : 'taken';
    });
    return { topic, ...count, end: endOf(read, count.replayed + count.rejected >= limit) };
  } catch (error) {
    return { topic, ...count, end: { kind: 'failed', error } };
  }

  function endOf(read: SubscriptionRead, isLimit: boolean): ReplayEnd {
    if (read === 'read') return { kind: isLimit ? 'limit' : 'emptied' };
    const { project } = services.config;
    return { kind: 'refused', reason: { kind: `subscription-${read}`, subscription, project } };
  }
}

function reject(runs: Runs, messageId: string, problem: string, at: number): Promise<void> {
  const id = messageId.replaceAll(/[^\w.-]/g, '_').slice(0, 100);
  return runs.reject({ id, source: 'replay', reason: problem.slice(0, 500), at });
}
