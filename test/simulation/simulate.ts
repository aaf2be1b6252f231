import { fork, type ChildProcess } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { Command, InvalidArgumentError, Option } from 'commander';
import { historyOf, operatedKinds, type OperatedKind } from '../support/simulation/plan.ts';
import { shrink } from '../support/simulation/shrink.ts';
import { simulatePlan } from '../support/simulation/simulate-plan.ts';
import { replayOf, type FailedSeed, type SeedRange } from '../support/simulation/simulate-seeds.ts';

interface Options {
  readonly seeds: number;
  readonly from: number;
  readonly seed?: number;
  readonly shrink?: true;
  readonly trace?: true;
  readonly operators: OperatedKind;
}

/** Seeds that a process plays at a time. */
const portion = 200;

const { seed, ...options } = new Command()
  .name('npm run simulate --')
  .description('Plays random histories of people, faults and crashes against the whole product, and checks the end.')
  .option('--seeds <number>', 'how many seeds to play', wholeNumber, 2000)
  .option('--from <seed>', 'the first seed', wholeNumber, 1)
  .option('--seed <seed>', 'play one seed only', wholeNumber)
  .addOption(
    new Option('--operators <histories>', 'in which histories operators plan, apply, undo, approve, order and forget')
      .choices(operatedKinds)
      .default('some'),
  )
  .option('--shrink', 'with --seed: look for a smaller history that fails as well')
  .option('--trace', 'with --seed: print everything that happens')
  .parse()
  .opts<Options>();
process.exitCode = seed === undefined ? await playMany(options) : await playOne(seed, options);

async function playOne(seed: number, { shrink: smaller, trace, operators }: Options): Promise<number> {
  const whole = historyOf(seed, operators);
  const fails = (await simulatePlan(whole)).length > 0;
  const plan = fails && smaller ? await shrink(whole) : whole;
  const traced: string[] = [];
  const problems = await simulatePlan(plan, traced);
  if (trace) console.log(traced.join('\n'));
  else if (plan !== whole) console.log(JSON.stringify(plan, undefined, 2));
  for (const problem of problems) console.log(`seed ${String(seed)}: ${problem}`);
  if (problems.length === 0) console.log(`seed ${String(seed)}: all well`);
  return problems.length === 0 ? 0 : 1;
}

async function playMany({ seeds, from, operators }: Options): Promise<number> {
  const started = performance.now();
  const failed: FailedSeed[] = [];
  let next = from;
  let played = 0;
  const end = from + seeds;
  const work = async (): Promise<void> => {
    const worker = fork(new URL('../support/simulation/simulating-process.ts', import.meta.url));
    while (next < end) {
      const count = Math.min(portion, end - next);
      const answer = answerOf(worker, { from: next, count, operated: operators });
      next += count;
      for (const found of await answer) {
        failed.push(found);
        console.log(`seed ${String(found.seed)}: ${found.problem}\n  ${replayOf(found.seed, operators)}`);
      }
      played += count;
      if (played % 10_000 < count) console.log(`${String(played)} of ${String(seeds)} seeds played`);
    }
    worker.disconnect();
  };
  await Promise.all(Array.from({ length: availableParallelism() }, work));
  const each = ((performance.now() - started) / seeds).toFixed(1);
  console.log(`${String(seeds)} seeds from ${String(from)}, ${String(failed.length)} failed, ${each} ms each`);
  return failed.length === 0 ? 0 : 1;
}

function answerOf(worker: ChildProcess, range: SeedRange): Promise<readonly FailedSeed[]> {
  return new Promise((resolve, reject) => {
    const end = (): void => reject(new Error('a process that plays seeds ended'));
    worker.once('exit', end);
    worker.once('message', (failed: readonly FailedSeed[]) => {
      worker.off('exit', end);
      resolve(failed);
    });
    worker.send(range);
  });
}

function wholeNumber(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError('a whole number');
  return Number(text);
}
