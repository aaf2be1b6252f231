import { SingleBar } from 'cli-progress';
import { batchPhases } from '../../shared/state/runs.ts';
import type { Progress } from '../../shared/operator/views/progress.ts';
import { safeText } from '../../shared/operator/words/safe-text.ts';
import { number, phaseWords } from '../../shared/operator/words/words.ts';

export interface ProgressView {
  show(progress: Progress): void;
  /** Leaves the terminal as it was. */
  end(): void;
}

/** A bar where there is a terminal. Nothing of it goes to stdout, which is for the report. */
export function progressBar(stream: NodeJS.WritableStream): ProgressView {
  const bar = new SingleBar({
    stream,
    format: '[{bar}] {text}',
    barsize: 24,
    barCompleteChar: '#',
    barIncompleteChar: '.',
    clearOnComplete: true,
    // Its own handler would swallow the first Ctrl-C.
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
      const payload = { text: progressText(progress) };
      if (!started) bar.start(total, done, payload);
      started = true;
      bar.setTotal(total);
      bar.update(done, payload);
    },
    end: () => bar.stop(),
  };
}

/** One line for every change, for logs and pipes. */
export function progressLines(write: (text: string) => void): ProgressView {
  let last = '';
  return {
    show(progress) {
      const line = progress.kind === 'over' ? '' : progressText(progress);
      if (line !== '' && line !== last) write(`${line}\n`);
      last = line;
    },
    end: () => undefined,
  };
}

function progressText(progress: Progress): string {
  switch (progress.kind) {
    case 'requested':
      return 'requested: waiting for the run to begin';
    case 'queued':
      return progress.behind === undefined
        ? 'queued: about to begin'
        : `queued behind the run ${safeText(progress.behind)}, which has to end first`;
    case 'running': {
      const { phase, batchesDone, batchesKnown, walked, developers, dryRun } = progress;
      const batches = `${number(batchesDone)} of ${number(batchesKnown)}${walked ? '' : ' or more'} batches`;
      const people = developers === 0 ? '' : `, ${number(developers)} developers`;
      const step = `${String(batchPhases.indexOf(phase) + 1)} of ${String(batchPhases.length)}`;
      return `${dryRun ? 'dry run, ' : ''}step ${step}, ${phaseWords(phase)}: ${batches}${people}`;
    }
    case 'over':
      return progress.state;
  }
}
