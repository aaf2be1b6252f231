import type { DeadLettersAnswer } from '../../api/answers/session.ts';
import { audited, type Acting } from '../../../shared/operator/actions/audited.ts';
import {
  replayDeadLetters as replay,
  type ReplayedTopic,
  type ReplayOptions,
} from '../../../shared/operator/actions/replay.ts';
import { counted } from '../../../shared/operator/words/quantities.ts';
import { refusalWords } from '../../../shared/operator/words/refusals.ts';
import type { AuditAction } from '../../../shared/state/audit.ts';
import { answer, refused, sentence, type Handler } from '../asked.ts';
import type { Desk } from '../desk.ts';

export const lookAtDeadLetters: Handler<'lookAtDeadLetters'> = ({ desk, acting, body }) =>
  read(desk, acting(undefined), 'look-at-dead-letters', { topic: 'all', limit: body.limit, dryRun: true });

export const replayDeadLetters: Handler<'replayDeadLetters'> = ({ desk, acting, body }) =>
  read(desk, acting(body.reason), 'replay-dead-letters', { topic: body.topic, limit: body.limit, dryRun: false });

async function read(desk: Desk, acting: Acting, action: AuditAction, options: ReplayOptions) {
  const { services, offers } = desk;
  const { openDeadLetters } = offers;
  if (openDeadLetters === undefined)
    return refused('there are no dead letters in memory: a message is delivered until it is taken');
  return audited(services, acting, { action }, async () => {
    const deadLetters = await openDeadLetters(services.config.project);
    try {
      const topics = await replay(services, deadLetters, options, () => undefined);
      const total = topics.reduce((sum, { replayed }) => sum + replayed, 0);
      const hasFailed = topics.some(({ end }) => end.kind === 'failed' || end.kind === 'refused');
      const words = `${counted(total, 'message', 'messages')}${options.dryRun ? ' found' : ' published again'}`;
      const end = { state: hasFailed ? ('failed' as const) : ('done' as const), words };
      return { result: answer({ topics: topics.map(topicAnswer) }), end };
    } finally {
      await deadLetters.close();
    }
  });
}

function topicAnswer({ topic, replayed, rejected, end }: ReplayedTopic): DeadLettersAnswer['topics'][number] {
  switch (end.kind) {
    case 'emptied':
      return { topic, replayed, rejected, more: false, problem: null };
    case 'limit':
      return { topic, replayed, rejected, more: true, problem: null };
    case 'refused':
      return { topic, replayed, rejected, more: true, problem: sentence(refusalWords(end.reason)) };
    case 'failed':
      return { topic, replayed, rejected, more: true, problem: 'The subscription could not be read: try again.' };
  }
}
