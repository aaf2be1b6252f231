import type { TopicRole } from '../../shared/messages/publisher-over.ts';
import { holdSubscription, originalAttributes } from '../../shared/messages/dead-letters.ts';
import type { Parsed, PushedMessage } from '../../shared/messages/push-envelope.ts';
import { readBatchMessage, readRequestMessage } from '../../shared/messages/sync-messages.ts';
import { newMeter } from '../../shared/state/meter.ts';
import type { Runs } from '../../shared/state/runs.ts';
import type { Services } from '../../shared/wiring/services.ts';
import { Refusal, type CliIo, type ExitCode } from '../process/cli-io.ts';
import type { DeadLetters } from '../../shared/operator/actions/dead-letters.ts';
import { openGoogleDeadLetters } from '../../shared/operator/actions/google-dead-letters.ts';
import { safeText } from '../../shared/operator/words/safe-text.ts';
import { counted } from '../../shared/operator/words/words.ts';

export const replayTopics = ['requests', 'batches', 'all'] as const;

export interface ReplayOptions {
  readonly topic: (typeof replayTopics)[number];
  /** Messages of each topic. */
  readonly limit: number;
  readonly dryRun: boolean;
}

const readers: Readonly<Record<TopicRole, (message: PushedMessage) => Parsed<unknown>>> = {
  requests: readRequestMessage,
  batches: readBatchMessage,
};

/**
 * Publishes dead letters again on their topic. Each is taken off only after that; one that would be rejected again is
 * recorded as that instead (rule 25). Twice does no harm: the handlers look at what is there (rule 20).
 */
export async function replay(services: Services, io: CliIo, options: ReplayOptions): Promise<ExitCode> {
  if (io.services !== undefined && io.openDeadLetters === undefined) {
    io.out('Everything is in memory: there are no dead letters, a message is delivered until it is taken.\n');
    return 0;
  }
  const { project, requestsTopic, batchesTopic } = services.config;
  const deadLetters = await (io.openDeadLetters ?? openGoogleDeadLetters)(project);
  const topics: readonly (readonly [TopicRole, string])[] = [
    ['requests', requestsTopic],
    ['batches', batchesTopic],
  ];
  try {
    for (const [role, topic] of topics) {
      if (options.topic === 'all' || options.topic === role)
        await replayTopic(services, io, deadLetters, role, topic, options);
    }
    return 0;
  } finally {
    await deadLetters.close();
  }
}

async function replayTopic(
  services: Services,
  io: CliIo,
  deadLetters: DeadLetters,
  role: TopicRole,
  topic: string,
  { limit, dryRun }: ReplayOptions,
): Promise<void> {
  const runs = services.runs(newMeter());
  const count = { replayed: 0, rejected: 0 };
  try {
    await deadLetters.each(holdSubscription(topic), limit, async (message) => {
      const original = { ...message, attributes: originalAttributes(message.attributes) };
      const parsed = readers[role](original);
      if (!dryRun && parsed.ok) await deadLetters.publish(topic, original.data, original.attributes);
      if (!dryRun && !parsed.ok) await reject(runs, original.messageId, parsed.problem, services.clock.now());
      count[parsed.ok ? 'replayed' : 'rejected'] += 1;
      return dryRun ? 'left' : 'taken';
    });
  } finally {
    const would = dryRun ? 'would be ' : '';
    const all = counted(count.replayed + count.rejected, 'dead letter', 'dead letters');
    const what = `${all}: ${String(count.replayed)} ${would}published again, ${String(count.rejected)} ${would}rejected`;
    io.out(`${safeText(topic)}: ${count.replayed + count.rejected === 0 ? 'no dead letters' : what}\n`);
  }
}

function reject(runs: Runs, messageId: string, problem: string, at: number): Promise<void> {
  const id = messageId.replaceAll(/[^\w.-]/g, '_').slice(0, 100);
  return runs.reject({ id, source: 'replay', reason: problem.slice(0, 500), at });
}

/** `text`: a number as it was typed. */
export function readLimit(text: string): number {
  const limit = Number(text);
  if (!Number.isInteger(limit) || limit < 1 || limit > 10_000) throw new Refusal('--limit is a number from 1 to 10000');
  return limit;
}
