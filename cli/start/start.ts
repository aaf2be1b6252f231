import { join } from 'node:path';
import { Command, InvalidArgumentError, Option } from 'commander';
import type { RunDevsync } from '../../local/backend.ts';
import { prepareSample } from '../../local/sample/prepare-sample.ts';
import { startStack, type Stack } from '../../local/stack.ts';
import { builtConsolePage } from '../../scripts/build/console-page.ts';
import { layoutOf } from '../process/layout-of.ts';
import { runCli } from '../run-cli.ts';
import { adviceFor } from './advice.ts';
import { askApigee } from './ask-apigee.ts';
import { listenForSignals } from './ending.ts';
import { measure } from './measure.ts';
import { showRun, type Screen } from './show-run.ts';

interface StartOptions {
  readonly once?: true;
  readonly apigee?: string;
  readonly org?: string;
  readonly sample: boolean;
  readonly people?: number;
  readonly type: 'x' | 'hybrid' | 'edge';
}

/** Often, because somebody is watching; deployed it is once a minute. */
const pollEveryMs = 2000;

const consolePage = (): Promise<string> => builtConsolePage(join(import.meta.dirname, '..', '..'));

const print = (text: string): void => void process.stdout.write(text);

/** Starts the stack, makes the first run and stays until the process is asked to end. Answers the exit code. */
async function start(options: StartOptions): Promise<number> {
  const { apigee, org, once = false, type } = options;
  const ending = listenForSignals();
  print('Starting the local stack…\n');
  const notice = (text: string): void => print(`${text}\n`);
  const where = { ...(apigee === undefined ? {} : { apigee }), ...(org === undefined ? {} : { org }) };
  const kind = process.env['LOCAL_STACK'] === 'memory' ? 'memory' : 'found';
  // Nobody looks at the console of a stack that ends by itself.
  const page = once ? {} : { consolePage };
  const stackOptions = { ...where, ...page, kind, type, notice, devsync, trigger: 'when-asked' } as const;
  await using stack = await startStack(stackOptions);
  const interrupted = ending.waitForSignal().then(() => 'interrupted' as const);
  const broken = stack.broken.then((how) => {
    print(`\n${how}\n`);
    return 'broken' as const;
  });

  const deadLetter = new Promise<'dead-letter'>((resolve) => {
    stack.onDeadLetter((topic) => {
      print(`\nA message of ${topic} was given up after its last attempt: .local/logs tells why.\n`);
      resolve('dead-letter');
    });
  });

  const leaving = new AbortController();
  const terminal = process.stderr.isTTY ? process.stderr : undefined;
  const work = firstRun(stack, options, {
    print,
    layout: layoutOf(process.stdout, process.env),
    terminal,
    leaving: leaving.signal,
  });
  const outcome = await Promise.race([interrupted, broken, deadLetter, work]);
  if (outcome !== 'complete' && outcome !== 'incomplete') {
    if (outcome === 'interrupted') print('\nEnding everything…\n');
    leaving.abort();
    // The run may still print, or ask the stack: that has to be over before everything is closed.
    await work.catch(() => undefined);
    return outcome === 'interrupted' ? 130 : 1;
  }
  await stack.startTrigger();
  if (once) return outcome === 'complete' ? 0 : 1;
  stack.onPushed((userId) => print(`The portal edit of ${JSON.stringify(userId)} was pushed.\n`));
  stack.onPulled(({ who, ms }) =>
    print(`The edit of ${JSON.stringify(who)} in Apigee was pulled, after ${String(ms)} ms.\n`),
  );
  const polling = stack.config.pull === 'audit-poll' ? setInterval(() => void stack.poll(), pollEveryMs) : undefined;
  void stack.broken.then(() => clearInterval(polling));
  const hasSample = options.sample && options.people === undefined && stack.apigee !== undefined;
  print(`\n${adviceFor(stack, hasSample ? 'sample' : 'nobody')}`);
  const how = await Promise.race([interrupted, broken]);
  if (how === 'interrupted') print('\nEnding everything…\n');
  return how === 'broken' ? 1 : 0;
}

/** What is done before the stack is left to itself: a measurement, a run over the sample, a run, or nothing. */
async function firstRun(
  stack: Stack,
  { sample, people }: StartOptions,
  screen: Screen,
): Promise<'complete' | 'incomplete'> {
  const complete = (state: string) => (state === 'done' ? 'complete' : 'incomplete');
  if (people !== undefined && stack.apigee !== undefined) {
    const runs = await measure(stack, stack.apigee, people, screen);
    return complete(runs.find(({ state }) => state !== 'done')?.state ?? 'done');
  }
  if (!sample) return 'complete';
  // Sample data goes only into our own emulator: another Apigee is synchronised as it is.
  if (stack.apigee === undefined) await askApigee(stack);
  else await prepareSample(stack, stack.apigee, screen.leaving);
  await stack.startTrigger();
  return complete((await showRun(stack, { mode: 'full', reason: 'npm start' }, screen)).state);
}

/** Runs a `devsync` command in this process, for a stack in memory. */
const devsync: RunDevsync = ({ args, layout }, { out, err }, services, env) =>
  runCli(args, { env, cwd: process.cwd(), services, layout, out, err });

function readAddress(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol) || /\/v1\/?$/.test(url.pathname))
    throw new InvalidArgumentError('A base URL such as https://apigee.googleapis.com, without /v1.');
  return text.replace(/\/+$/, '');
}

function readCount(text: string): number {
  if (!/^[1-9]\d{0,6}$/.test(text)) throw new InvalidArgumentError('A whole number of people.');
  return Number(text);
}

const program = new Command('npm start --')
  .description('Starts the local stack: emulators, functions, sample data and one full run.')
  .option('--once', 'end when the run is over: 0 if it is complete and adds up, else 1')
  .addOption(
    new Option('--apigee <url>', 'use another Apigee, without /v1; no sample data is made').argParser(readAddress),
  )
  .option('--org <org>', 'its organisation')
  .option('--no-sample', 'leave data alone and make no run')
  .addOption(new Option('--people <count>', 'measure two runs over so many people').argParser(readCount))
  .addOption(new Option('--type <type>', 'flavour of Apigee').choices(['x', 'hybrid', 'edge']).default('x'))
  .action(async (options: StartOptions) => {
    const code = await start(options).catch((error: unknown) => {
      console.error(error instanceof Error ? error.message : error);
      return 1;
    });
    // Ends once everything printed is out, without waiting for what a broken run still waits for.
    process.stdout.write('', () => process.exit(code));
  });

await program.parseAsync();
