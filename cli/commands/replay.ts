import { openGoogleDeadLetters } from '../../shared/operator/actions/google-dead-letters.ts';
import { replayDeadLetters, type ReplayedTopic, type ReplayOptions } from '../../shared/operator/actions/replay.ts';
import { safeText } from '../../shared/operator/words/safe-text.ts';
import { counted } from '../../shared/operator/words/quantities.ts';
import type { Services } from '../../shared/wiring/services.ts';
import type { CliIo, ExitCode } from '../process/cli-io.ts';
import { refusalOf } from '../render/refusal.ts';

/** Publishes dead letters again, or only counts them, and prints a line for each topic. */
export async function replay(services: Services, io: CliIo, options: ReplayOptions): Promise<ExitCode> {
  if (io.services !== undefined && io.openDeadLetters === undefined) {
    io.out('Everything is in memory: there are no dead letters, a message is delivered until it is taken.\n');
    return 0;
  }
  const deadLetters = await (io.openDeadLetters ?? openGoogleDeadLetters)(services.config.project);
  try {
    const replayed = await replayDeadLetters(services, deadLetters, options, (topic) =>
      io.out(`${topicLine(topic, options.dryRun)}\n`),
    );
    if (replayed.kind === 'refused') throw refusalOf(replayed.reason);
    return 0;
  } finally {
    await deadLetters.close();
  }
}

function topicLine({ topic, replayed, rejected }: ReplayedTopic, dryRun: boolean): string {
  const total = replayed + rejected;
  if (total === 0) return `${safeText(topic)}: no dead letters`;
  const would = dryRun ? 'would be ' : '';
  const all = counted(total, 'dead letter', 'dead letters');
  return `${safeText(topic)}: ${all}: ${String(replayed)} ${would}published again, ${String(rejected)} ${would}rejected`;
}
