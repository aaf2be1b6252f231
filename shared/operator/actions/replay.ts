import { holdSubscription, originalAttributes } from '../../messages/dead-letters.ts';
import type { TopicRole } from '../../messages/publisher-over.ts';
import type { Parsed, PushedMessage } from '../../messages/push-envelope.ts';
import { readBatchMessage, readRequestMessage } from '../../messages/sync-messages.ts';
import { newMeter } from '../../state/meter.ts';
import type { Runs } from '../../state/runs.ts';
import type { Services } from '../../wiring/services.ts';
import type { Refused } from '../words/refusals.ts';

/** The messages that no handler could take, and the topics they were for. */
export interface DeadLetters {
  /**
   * Hands over what a subscription keeps, until `limit` messages were handed over or none came for a while. A message
   * that `handle` answers `taken` for is taken off; otherwise, or if `handle` throws, it stays.
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
}

/**
 * Publishes dead letters again on their topic, and takes each off only after that. A message that the handler would
 * reject again is recorded as rejected instead (rule 25). A message that is published twice does no harm: handlers look
 * at the current state (rule 20). Calls `onTopic` at the end of each topic, also where that end is a failure, which is
 * then thrown.
 */
export async function replayDeadLetters(
  services: Services,
  deadLetters: DeadLetters,
  options: ReplayOptions,
  onTopic: (topic: ReplayedTopic) => void,
): Promise<{ readonly kind: 'replayed' } | Refused> {
  const { project, requestsTopic, batchesTopic } = services.config;
  const topics = [
    ['requests', requestsTopic],
    ['batches', batchesTopic],
  ] as const;
  for (const [role, topic] of topics) {
    if (options.topic !== 'all' && options.topic !== role) continue;
    const end = await replayTopic(services, deadLetters, { role, topic }, options, onTopic);
    const subscription = holdSubscription(topic);
    if (end !== 'read') return { kind: 'refused', reason: { kind: `subscription-${end}`, subscription, project } };
  }
  return { kind: 'replayed' };
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
  onTopic: (topic: ReplayedTopic) => void,
): Promise<SubscriptionRead> {
  const runs = services.runs(newMeter());
  const count = { replayed: 0, rejected: 0 };
  try {
    return await deadLetters.each(holdSubscription(topic), limit, async (message) => {
      const original = { ...message, attributes: originalAttributes(message.attributes) };
      const parsed = readers[role](original);
      if (!dryRun && parsed.ok) await deadLetters.publish(topic, original.data, original.attributes);
      if (!dryRun && !parsed.ok) await reject(runs, original.messageId, parsed.problem, services.clock.now());
      count[parsed.ok ? 'replayed' : 'rejected'] += 1;
      return dryRun ? 'left' : 'taken';
    });
  } finally {
    onTopic({ topic, ...count });
  }
}

function reject(runs: Runs, messageId: string, problem: string, at: number): Promise<void> {
  const id = messageId.replaceAll(/[^\w.-]/g, '_').slice(0, 100);
  return runs.reject({ id, source: 'replay', reason: problem.slice(0, 500), at });
}
