import { parseArgs } from 'node:util';
import { figures } from './figures/all.ts';
import { isMet, type Figure } from './figure.ts';
import { writeDocument } from './report/document.ts';
import { readResults, withFound, writeResults } from './report/results.ts';
import { terminalTable } from './report/tables.ts';

const usage = `npm run bench -- [NAME …] [--people N]

Measures every figure, or those named: ${figures.map(({ name }) => name).join(', ')}.
Writes bench/results.json, docs/performance.md and docs/bench/.`;

interface Asked {
  readonly chosen: readonly Figure[];
  /** Undefined: as many as each figure has by default. */
  readonly people: number | undefined;
}

/** Throws where the arguments make no sense; the message says what does. */
function read(args: readonly string[]): Asked {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { people: { type: 'string' } },
  });
  const unknown = positionals.filter((name) => figures.every((figure) => figure.name !== name));
  if (unknown.length > 0) throw new Error(`There is no figure ${unknown.join(', ')}.`);
  const people = values.people === undefined ? undefined : Number(values.people);
  if (people !== undefined && !(Number.isInteger(people) && people >= 1000 && people <= 10_000_000))
    throw new Error('--people takes a number from 1000 to 10000000.');
  const chosen = positionals.length === 0 ? figures : figures.filter(({ name }) => positionals.includes(name));
  return { chosen, people };
}

async function measure({ chosen, people }: Asked): Promise<void> {
  let missed = 0;
  for (const figure of chosen) {
    console.log(`\n${figure.title} (${figure.name})`);
    for (const size of people === undefined ? figure.sizes : [people]) {
      const rows = await figure.measure(size);
      missed += rows.filter((row) => isMet(row) === false).length;
      console.log(terminalTable(size, rows));
      const results = withFound(readResults(), figure.name, size, rows);
      writeResults(results);
      writeDocument(results, figures);
    }
  }
  console.log(missed === 0 ? '\nEvery goal is met.' : `\n${String(missed)} goals are missed.`);
}

async function main(): Promise<void> {
  let asked: Asked;
  try {
    asked = read(process.argv.slice(2));
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : String(error)}\n\n${usage}`);
    process.exitCode = 1;
    return;
  }
  await measure(asked);
}

await main();
