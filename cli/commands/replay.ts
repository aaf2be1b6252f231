import { openGoogleDeadLetters } from '../../shared/operator/actions/google-dead-letters.ts';
import {
  replayDeadLetters,
  type ReplayedTopic,
  type ReplayEnd,
  type ReplayOptions,
} from '../../shared/operator/actions/replay.ts';
import { audited, type Acting } from '../../shared/operator/actions/audited.ts';
import { safeText } from '../../shared/operator/words/safe-text.ts';
import { counted } from '../../shared/operator/words/quantities.ts';
import type { Services } from '../../shared/wiring/services.ts';
import { actingAs } from '../process/acting.ts';
import { adviceFor, sayProblem } from '../process/advice.ts';
import type { CliIo, ExitCode } from '../process/cli-io.ts';
import { refusalOf } from '../render/refusal.ts';

/**
 * Publishes dead letters again, or only counts them, and prints a line for each topic; and once, each reason why a topic
 * could not be looked at.
 */
export async function replay(
  services: Services,
  io: CliIo,
  { reason, json, ...options }: ReplayOptions & { readonly reason: string | undefined; readonly json: boolean },
): Promise<ExitCode> {
  if (io.services !== undefined && io.openDeadLetters === undefined) {
    const none = 'Everything is in memory: there are no dead letters, a message is delivered until it is taken.';
    io.out(json ? `${JSON.stringify({ topics: [] })}\n` : `${none}\n`);
    return 0;
  }
  const topics = await auditedReplay(services, actingAs(io, reason), options, async () => {
    const deadLetters = await (io.openDeadLetters ?? openGoogleDeadLetters)(services.config.project);
    try {
      return await replayDeadLetters(services, deadLetters, options, (topic) => {
        if (!json) io.out(`${topicLine(topic, options.dryRun)}\n`);
      });
    } finally {
      await deadLetters.close();
    }
  });
  if (json) io.out(`${JSON.stringify({ topics: topics.map(toTopicJson) })}\n`);
  const problems = new Map(topics.flatMap(({ end }) => problemOf(end)).map((error) => [adviceFor(error), error]));
  for (const error of problems.values()) sayProblem(error, io);
  return problems.size === 0 ? 0 : 1;
}

/** Recorded under the operator's name, also a dry run: it takes messages into its hands for a while (rule 39). */
function auditedReplay(
  services: Services,
  acting: Acting,
  { dryRun }: ReplayOptions,
  act: () => Promise<readonly ReplayedTopic[]>,
): Promise<readonly ReplayedTopic[]> {
  return audited(services, acting, { action: dryRun ? 'look-at-dead-letters' : 'replay-dead-letters' }, async () => {
    const topics = await act();
    const isRead = topics.every(({ end }) => end.kind === 'emptied' || end.kind === 'limit');
    const count = (what: 'replayed' | 'rejected'): string =>
      `${String(topics.reduce((sum, topic) => sum + topic[what], 0))} ${what}`;
    const words = `${count('replayed')}, ${count('rejected')}${isRead ? '' : '; not all could be read'}`;
    return { result: topics, end: { state: isRead ? 'done' : 'failed', words } };
  });
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

/** `complete`: false where there may be more dead letters. */
function toTopicJson({ topic, replayed, rejected, end }: ReplayedTopic): object {
  const [problem] = problemOf(end);
  const told = problem === undefined ? null : adviceFor(problem);
  return { topic, replayed, rejected, complete: end.kind === 'emptied', problem: told };
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
