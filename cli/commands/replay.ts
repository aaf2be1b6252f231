import { openGoogleDeadLetters } from '../../shared/operator/actions/google-dead-letters.ts';
import {
  replayDeadLetters,
  type ReplayedTopic,
  type ReplayEnd,
  type ReplayOptions,
} from '../../shared/operator/actions/replay.ts';
import { safeText } from '../../shared/operator/words/safe-text.ts';
import { counted } from '../../shared/operator/words/quantities.ts';
import type { Services } from '../../shared/wiring/services.ts';
import { adviceFor, sayProblem } from '../process/advice.ts';
import type { CliIo, ExitCode } from '../process/cli-io.ts';
import { refusalOf } from '../render/refusal.ts';

/**
 * Publishes dead letters again, or only counts them, and prints a line for each topic; and once, each reason why a topic
 * could not be looked at.
 */
export async function replay(services: Services, io: CliIo, options: ReplayOptions): Promise<ExitCode> {
  if (io.services !== undefined && io.openDeadLetters === undefined) {
    io.out('Everything is in memory: there are no dead letters, a message is delivered until it is taken.\n');
    return 0;
  }
  const deadLetters = await (io.openDeadLetters ?? openGoogleDeadLetters)(services.config.project);
  try {
    const topics = await replayDeadLetters(services, deadLetters, options, (topic) =>
      io.out(`${topicLine(topic, options.dryRun)}\n`),
    );
    const problems = new Map(topics.flatMap(({ end }) => problemOf(end)).map((error) => [adviceFor(error), error]));
    for (const error of problems.values()) sayProblem(error, io);
    return problems.size === 0 ? 0 : 1;
  } finally {
    await deadLetters.close();
  }
}

function problemOf(end: ReplayEnd): readonly unknown[] {
  switch (end.kind) {
    case 'emptied':
    case 'limit':
      return [];
    case 'refused':
      return [refusalOf(end.reason)];
    case 'failed':
      return [end.error];
  }
}

function topicLine({ topic, replayed, rejected, end }: ReplayedTopic, dryRun: boolean): string {
  const total = replayed + rejected;
  const isRead = end.kind === 'emptied' || end.kind === 'limit';
  if (total === 0) return `${safeText(topic)}: ${isRead ? 'no dead letters' : 'could not be looked at'}`;
  const would = dryRun ? 'would be ' : '';
  const all = counted(total, 'dead letter', 'dead letters');
  const words = `${all}: ${String(replayed)} ${would}published again, ${String(rejected)} ${would}rejected`;
  return `${safeText(topic)}: ${words}${furtherWords(end)}`;
}

function furtherWords({ kind }: ReplayEnd): string {
  switch (kind) {
    case 'emptied':
      return '';
    case 'limit':
      return '; there may be more, this is what --limit allows';
    case 'refused':
    case 'failed':
      return '; there may be more, the rest could not be looked at';
  }
}
