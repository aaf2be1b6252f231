import { SingleBar } from 'cli-progress';
import type { Progress } from '../../shared/operator/views/progress.ts';
import { progressWords } from '../../shared/operator/words/runs.ts';

export interface ProgressView {
  show(progress: Progress): void;
  /** Leaves the terminal as it was. */
  end(): void;
}

/** A bar on a terminal. `stream` is never stdout, which is for the report. */
export function progressBar(stream: NodeJS.WritableStream): ProgressView {
  const bar = new SingleBar({
    stream,
    format: '[{bar}] {text}',
    barsize: 24,
    barCompleteChar: '#',
    barIncompleteChar: '.',
    clearOnComplete: true,
    // The bar's own signal handler would swallow the first Ctrl-C.
    gracefulExit: false,
    emptyOnZero: true,
  });
  let started = false;
  return {
    show(progress) {
      if (progress.kind === 'over') return;
      const running = progress.kind === 'running' ? progress : undefined;
      const total = running?.batchesKnown ?? 0;
      const done = Math.min(total, running?.batchesDone ?? 0);
      const payload = { text: progressWords(progress) };
      if (!started) bar.start(total, done, payload);
      started = true;
      bar.setTotal(total);
      bar.update(done, payload);
    },
    end: () => bar.stop(),
  };
}

/** A line for every change, for logs and pipes. */
export function progressLines(write: (text: string) => void): ProgressView {
  let last = '';
  return {
    show(progress) {
      const line = progress.kind === 'over' ? '' : progressWords(progress);
      if (line !== '' && line !== last) write(`${line}\n`);
      last = line;
    },
    end: () => undefined,
  };
}
