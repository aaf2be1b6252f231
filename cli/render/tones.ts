import type { Outcome } from '../../shared/core/model/link.ts';
import { doneWords } from '../../shared/operator/words/results.ts';
import type { RunState } from '../../shared/state/runs.ts';
import type { Cell, Tone } from './layout.ts';

/** What became of a person: failed and held stand out. */
export function outcomeCell(outcome: Outcome, dryRun: boolean): Cell {
  const tone = outcome === 'failed' ? 'bad' : outcome === 'held' ? 'doubtful' : undefined;
  return { text: doneWords(outcome, dryRun), tone };
}

/** The tone of a run's state. */
export function toneOf(state: RunState): Tone | undefined {
  switch (state) {
    case 'failed':
      return 'bad';
    case 'held':
      return 'doubtful';
    case 'done':
      return 'good';
    case 'queued':
    case 'running':
      return undefined;
  }
}
