import type { ApigeeEmulator } from '../../local/apigee-emulator/server.ts';
import { generatePeople } from '../../local/people.ts';
import type { Stack } from '../../local/stack.ts';
import { countWords } from '../../shared/operator/words/runs.ts';
import type { Run } from '../../shared/state/runs.ts';
import { plainLayout, renderTable } from '../render/layout.ts';
import { watchRun, type Screen } from './show-run.ts';

/** Synchronises `count` generated people twice and prints what each run cost. Answers both runs. */
export async function measure(
  stack: Stack,
  apigee: ApigeeEmulator,
  count: number,
  screen: Screen,
): Promise<readonly Run[]> {
  const { developers, users } = generatePeople(count, Date.now());
  apigee.admin.seed(developers);
  await stack.portal.putAll(users);
  const runs: Run[] = [];
  for (const reason of ['everyone for the first time', 'again, with nothing changed']) {
    const run = await watchRun(stack, { mode: 'full', reason }, screen);
    runs.push(run);
    screen.print(`\n${describe(run, reason)}\n${await memory(stack)}\n`);
  }
  return runs;
}

function describe(run: Run, title: string): string {
  const { state, totals, startedAt = 0, finishedAt = 0, problem } = run;
  const rows: string[][] = [];
  if (totals !== undefined) {
    const { counts, calls, traffic } = totals;
    const made = Object.entries(calls).map(([operation, number]) => `${operation} ${String(number)}`);
    rows.push(
      ['people', countWords(counts).replaceAll('; ', '\n')],
      ['Apigee calls', made.join(', ')],
      ['Firestore', `${String(traffic.reads)} reads, ${String(traffic.writes)} writes`],
      ['bookkeeping', `${String(traffic.bookkeeping)} reads and writes`],
    );
  }
  rows.push(['wall time', `${((finishedAt - startedAt) / 1000).toFixed(1)} s`]);
  return renderTable([title, problem === undefined ? state : `${state}: ${problem}`], rows, plainLayout);
}

async function memory(stack: Stack): Promise<string> {
  const megabytes = (bytes: number | undefined): string =>
    bytes === undefined ? 'unknown' : `${(bytes / 1024 / 1024).toFixed(0)} MiB`;
  if (stack.processes.length === 0) return `Resident memory: ${megabytes(process.memoryUsage.rss())}, in one process`;
  const each = stack.processes.map(async (one) => `${one.name} ${megabytes(await one.residentMemory())}`);
  return `Resident memory: ${(await Promise.all(each)).join(', ')}`;
}
