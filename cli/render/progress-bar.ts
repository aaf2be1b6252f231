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
  const bar = newBar(stream, '[{bar}] {text}');
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

/** A bar on a terminal for `total` people, one after the other. */
export function peopleBar(stream: NodeJS.WritableStream, total: number): { show(done: number): void; end(): void } {
  const bar = newBar(stream, '[{bar}] {value} of {total} people');
  bar.start(total, 0);
  return { show: (done) => bar.update(done), end: () => bar.stop() };
}

function newBar(stream: NodeJS.WritableStream, format: string): SingleBar {
  return new SingleBar({
    stream,
    format,
    barsize: 24,
    barCompleteChar: '#',
    barIncompleteChar: '.',
    clearOnComplete: true,
    // The bar's own signal handler would swallow the first Ctrl-C.
    gracefulExit: false,
    emptyOnZero: true,
  });
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
