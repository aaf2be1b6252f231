import { PassThrough } from 'node:stream';
import { describe, expect, test } from 'vitest';
import { progressBar, progressLines } from '../../../cli/render/progress-bar.ts';
import type { Progress } from '../../../shared/operator/views/progress.ts';

const running: Progress = {
  kind: 'running',
  phase: 'apigee',
  mode: 'full',
  batchesDone: 3,
  batchesKnown: 12,
  walked: false,
  developers: 12_000,
  dryRun: true,
};

describe('progress', () => {
  test('without a terminal every change is one line', () => {
    let text = '';
    const view = progressLines((line) => {
      text += line;
    });
    for (const progress of [{ kind: 'requested' }, { kind: 'requested' }, running, running] as const)
      view.show(progress);
    view.show({ kind: 'over', state: 'done' });
    view.end();
    expect(text).toBe(
      'requested: waiting for the run to begin\n' +
        'dry run, step 2 of 4, reconciling developers: 3 of 12 or more batches, 12,000 developers\n',
    );
  });

  test('on a terminal there is a bar, which is gone at the end', async () => {
    const terminal = Object.assign(new PassThrough(), { isTTY: true, columns: 200 });
    const view = progressBar(terminal);
    view.show({ kind: 'requested' });
    view.show(running);
    view.end();
    terminal.end();
    const text = Buffer.concat(await terminal.toArray()).toString('utf8');
    expect(text).toContain('[######..................] dry run, step 2 of 4');
    expect(text.lastIndexOf('\u001b[')).toBeGreaterThan(text.lastIndexOf('######'));
  });

  test('a bar that never began can be ended', () => {
    const view = progressBar(Object.assign(new PassThrough(), { isTTY: true, columns: 80 }));
    expect(() => view.end()).not.toThrow();
  });
});
