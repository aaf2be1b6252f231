import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { coldStartsOf } from '../../bench/figures/cold-start.ts';
import { linkInstalled, startUntilListening, writeEmptyFunction } from '../../bench/until-listening.ts';
import { build } from '../../scripts/build/build.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const functions = ['fan-out', 'pull-apigee-edit', 'push-portal-edit', 'reconcile-batch'];
/** What a function may read before it listens beyond what an empty one does. Counts, because times depend on the machine. */
const mostFiles = 8;
const mostBytes = 600 * 1024;

let folder: string;
let deployed: string;
let empty: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cold-start-'));
  deployed = (await build(root, join(folder, 'dist'))).folder;
  await linkInstalled(root, deployed);
  empty = join(folder, 'empty');
  await writeEmptyFunction(empty);
  await linkInstalled(root, empty);
});

afterAll(() => rm(folder, { recursive: true, force: true }));

describe('until it listens', () => {
  test.for(functions)(
    '%s reads hardly more than an empty function: its settings, and no client of anything',
    async (name) => {
      const known = new Set((await startUntilListening(empty, 'empty', true)).files.map(({ path }) => path));
      const { files } = await startUntilListening(deployed, name, true);
      const more = files.filter(({ path }) => !known.has(path));

      expect(known.size).toBeGreaterThan(100);
      const own = more.map(({ path }) => path).filter((path) => path.startsWith(deployed));
      expect(own.map((path) => path.slice(deployed.length + 1))).toEqual(
        expect.arrayContaining(['index.js', `functions/${name}.js`, 'packages/zod.js']),
      );
      const installed = more.map(({ path }) => path).filter((path) => !path.startsWith(deployed));
      expect(installed.map((path) => /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1])).toEqual(['re2js']);
      expect(more.length).toBeLessThanOrEqual(mostFiles);
      expect(more.reduce((sum, { bytes }) => sum + bytes, 0)).toBeLessThanOrEqual(mostBytes);
    },
  );

  test('one that ends before says why', async () => {
    await expect(startUntilListening(deployed, 'fan-in')).rejects.toThrow(
      /^fan-in ended before it listened:\n[^]*FUNCTION_TARGET is 'fan-in'/,
    );
  });
});

test('the figure has each function, compared with an empty one', async () => {
  const figures = await coldStartsOf({ folder: deployed, functions }, empty, 1);
  expect(figures.map(({ name }) => name)).toEqual(functions);
  for (const { pairs, cpuRatio, wallRatio, cpuMs, wallMs, emptyCpuMs, emptyWallMs } of figures) {
    expect(pairs).toBe(1);
    expect(cpuRatio).toBeCloseTo(cpuMs / emptyCpuMs);
    expect(wallRatio).toBeCloseTo(wallMs / emptyWallMs);
    expect(emptyCpuMs).toBeGreaterThan(20);
  }
});
