import { cancelOneRun, resumeWrites as resume, stopWrites as stop } from '../../../shared/operator/actions/stop.ts';
import { refusalWords } from '../../../shared/operator/words/refusals.ts';
import { stopWords } from '../../../shared/operator/words/runs.ts';
import { safeText } from '../../../shared/operator/words/safe-text.ts';
import { answer, notFound, refused, sentence, type Handler } from '../asked.ts';

export const stopWrites: Handler<'stopWrites'> = async ({ desk, acting, body }) => {
  const done = await stop(desk.services, acting(body.reason));
  if (done.kind === 'refused') return refused(refusalWords(done.reason));
  if (done.again) return answer({ words: [sentence(stopWords(done.stopped)), 'That was so before.'] });
  return answer({ words: ['Every write is stopped: what is under way ends within seconds, and edits wait.'] });
};

export const resumeWrites: Handler<'resumeWrites'> = async ({ desk, acting, body }) => {
  const done = await resume(desk.services, acting(body.reason));
  if (done.kind === 'refused') return refused(refusalWords(done.reason));
  if (done.stopped === undefined) return answer({ words: ['Nothing was stopped.'] });
  return answer({
    words: ['Everything goes on. What was edited meanwhile is caught up with by its events, and by the next run.'],
  });
};

export const cancelRun: Handler<'cancelRun'> = async ({ desk, acting, param, body }) => {
  const runId = param('runId');
  const done = await cancelOneRun(desk.services, acting(body.reason), runId);
  if (done.kind === 'refused') {
    const words = refusalWords(done.reason);
    return done.reason.kind === 'run-unknown' ? notFound(words) : refused(words);
  }
  const words = `The run ${safeText(runId)} is cancelled. What it has done stays done; the next run meets everybody again.`;
  return answer({ runId, words: [words] });
};
