import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, type Built } from '../../scripts/build/build.ts';
import type { Figure, Row } from '../figure.ts';
import { linkInstalled, startUntilListening, writeEmptyFunction, type Start } from '../until-listening.ts';

/** What a cold start of one function costs until it listens, compared with a function that does nothing. */
export interface ColdStart {
  readonly name: string;
  /** How many pairs were started: the empty function, then this one. Each figure is the median over them. */
  readonly pairs: number;
  /** How many times the empty function's time this one takes, in each pair. */
  readonly cpuRatio: number;
  readonly wallRatio: number;
  /** Ms. */
  readonly cpuMs: number;
  readonly wallMs: number;
  readonly emptyCpuMs: number;
  readonly emptyWallMs: number;
}

const root = fileURLToPath(new URL('../..', import.meta.url));

/** A start does not depend on how many people there are. */
export const coldStarts: Figure = {
  name: 'cold-start',
  title: 'Starting a function, until it listens',
  sizes: [1],
  async measure() {
    return (await coldStart()).flatMap(({ name, cpuRatio, wallRatio }): readonly Row[] => [
      { what: `${name}: CPU time`, value: cpuRatio, unit: '× an empty function', goal: { most: 2 } },
      { what: `${name}: until it listens`, value: wallRatio, unit: '× an empty function', goal: { most: 2 } },
    ]);
  },
  plot: (found) => ({
    title: 'CPU time until a function listens',
    unit: '× an empty function',
    bars: Object.values(found)
      .flat()
      .filter(({ what }) => what.endsWith(': CPU time'))
      .map(({ what, value }) => ({ label: what.replace(': CPU time', ''), value, ours: true })),
  }),
};

/** Builds what is deployed, and starts each function of it as often as `pairs` says, in turn with an empty one. */
export async function coldStart(pairs = 9): Promise<readonly ColdStart[]> {
  const folder = await mkdtemp(join(tmpdir(), 'cold-start-'));
  try {
    const built = await build(root, join(folder, 'dist'));
    const empty = join(folder, 'empty');
    await writeEmptyFunction(empty);
    for (const place of [built.folder, empty]) await linkInstalled(root, place);
    return await coldStartsOf(built, empty, pairs);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The same for what is built already. `empty`: where the empty function lies. Both find their packages. */
export async function coldStartsOf(
  { folder, functions }: Pick<Built, 'folder' | 'functions'>,
  empty: string,
  pairs: number,
): Promise<readonly ColdStart[]> {
  const figures: ColdStart[] = [];
  for (const name of functions) figures.push(await compare(empty, folder, name, pairs));
  return figures;
}

async function compare(empty: string, folder: string, name: string, pairs: number): Promise<ColdStart> {
  const found: { readonly nothing: Start; readonly ours: Start }[] = [];
  for (let pair = 0; pair < pairs; pair += 1) {
    found.push({
      nothing: await startUntilListening(empty, 'empty'),
      ours: await startUntilListening(folder, name),
    });
  }
  return {
    name,
    pairs,
    cpuRatio: median(found.map(({ nothing, ours }) => ours.cpuMs / nothing.cpuMs)),
    wallRatio: median(found.map(({ nothing, ours }) => ours.wallMs / nothing.wallMs)),
    cpuMs: median(found.map(({ ours }) => ours.cpuMs)),
    wallMs: median(found.map(({ ours }) => ours.wallMs)),
    emptyCpuMs: median(found.map(({ nothing }) => nothing.cpuMs)),
    emptyWallMs: median(found.map(({ nothing }) => nothing.wallMs)),
  };
}

/** Of an even number the lower one of the middle. */
function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor((sorted.length - 1) / 2)] ?? Number.NaN;
}
