import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import Table from 'cli-table3';
import { Command } from 'commander';
import { defects } from './defects.ts';
import type { PlantedDefect } from './planted-defect.ts';
import { withTable } from './readme-table.ts';
import { checkTypes, runTests, type TestsEnded } from './run-tests.ts';
import { makeScratchCopy, type ScratchCopy } from './scratch-copy.ts';

const tree = join(import.meta.dirname, '..', '..');
const readme = join(tree, 'test', 'README.md');

const { only = '', write } = new Command()
  .name('npm run planted --')
  .description('Plants defects in a copy of the product, one at a time, and checks that the tests go red for each.')
  .option('--only <text>', 'only the defects with this text in their name or file')
  .option('--write', 'write the table of test/README.md, and run nothing')
  .parse()
  .opts<{ readonly only?: string; readonly write?: true }>();

const stop = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => stop.abort());
const chosen = defects.filter(isWanted);
if (chosen.length === 0) throw new Error('no defect has this text in its name or in the name of its file');
process.exitCode = write ? await writeTable() : await plantAll(chosen);

async function writeTable(): Promise<number> {
  await writeFile(readme, withTable(await readFile(readme, 'utf8'), defects));
  return 0;
}

async function plantAll(wanted: readonly PlantedDefect[]): Promise<number> {
  const copy = await makeScratchCopy(tree);
  try {
    const sound = await check(copy, new Set(wanted.flatMap(({ caughtBy }) => caughtBy)));
    if (sound.kind !== 'green') {
      console.error(`without any defect: ${sentence(sound)}`);
      return 1;
    }
    const table = new Table({ head: ['defect', 'rules', 'went red'], colWidths: [60, 10, 80], wordWrap: true });
    let uncaught = 0;
    for (const [index, defect] of wanted.entries()) {
      const ended = await plantOne(copy, defect);
      if (ended.kind !== 'red') uncaught += 1;
      table.push([defect.name, defect.rules.join(', '), sentence(ended)]);
      console.error(`${String(index + 1)} of ${String(wanted.length)}: ${defect.name}: ${ended.kind}`);
    }
    console.log(table.toString());
    console.log(`${String(wanted.length)} defects, ${String(uncaught)} of them uncaught`);
    return uncaught === 0 ? 0 : 1;
  } catch (error) {
    if (!stop.signal.aborted) throw error;
    return 130;
  } finally {
    await copy.remove();
  }
}

async function plantOne(copy: ScratchCopy, defect: PlantedDefect): Promise<TestsEnded> {
  const takeOut = await copy.plant(defect);
  try {
    const [first, ...others] = defect.caughtBy;
    const ended = await check(copy, [first]);
    for (const file of ended.kind === 'red' ? others : []) {
      const other = await runTests(copy.folder, [file], stop.signal);
      // Every file that is said to go red has to.
      if (other.kind !== 'red') return other;
    }
    return ended;
  } finally {
    await takeOut();
  }
}

async function check({ folder }: ScratchCopy, files: Iterable<string>): Promise<TestsEnded> {
  const [compiles, ended] = await Promise.all([checkTypes(folder, stop.signal), runTests(folder, files, stop.signal)]);
  return compiles ? ended : { kind: 'broken', why: 'it does not compile' };
}

function sentence(ended: TestsEnded): string {
  switch (ended.kind) {
    case 'green':
      return 'NOTHING WENT RED';
    case 'red':
      return ended.test;
    case 'broken':
      return `PROVES NOTHING: ${ended.why.slice(0, 500)}`;
  }
}

function isWanted({ name, file }: PlantedDefect): boolean {
  return `${name} ${file}`.toLowerCase().includes(only.toLowerCase());
}
