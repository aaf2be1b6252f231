import { Argument, Command as Program, CommanderError, Option } from 'commander';
import type { PersonKey } from '../shared/core/model/email.ts';
import { replayTopics, type ReplayOptions } from '../shared/operator/actions/replay.ts';
import { scheduleActions, type ScheduleAction, type ScheduleJobs } from '../shared/operator/actions/schedule.ts';
import { personKey } from '../shared/operator/views/person.ts';
import { safeLines } from '../shared/operator/words/safe-text.ts';
import type { CheckOptions } from './commands/check.ts';
import type { ForgetOptions } from './commands/forget.ts';
import type { HoldsOptions } from './commands/holds.ts';
import type { ScheduleOptions } from './commands/schedule.ts';
import type { SyncRunOptions } from './commands/sync-run.ts';
import { addHolds } from './parse-holds.ts';
import { readReason } from './parse-reason.ts';
import { addPlan, type PlanCommand } from './parse-plan.ts';
import { addRuns, type RunsCommand } from './parse-runs.ts';
import { addDevelopers, type DevelopersCommand } from './parse-developers.ts';
import { Refusal, type CliIo, type ExitCode } from './process/cli-io.ts';

/** The command that the arguments ask for. */
export interface Command {
  readonly kind: 'command';
  readonly local: boolean;
  readonly command:
    | ({ readonly name: 'sync' } & SyncRunOptions)
    | { readonly name: 'sync-one'; readonly person: PersonKey; readonly json: boolean }
    | { readonly name: 'status'; readonly json: boolean }
    | { readonly name: 'explain'; readonly person: PersonKey; readonly json: boolean }
    | ({ readonly name: 'holds' } & HoldsOptions)
    | ({ readonly name: 'replay'; readonly reason: string | undefined } & ReplayOptions)
    | RunsCommand
    | ({ readonly name: 'check' } & CheckOptions)
    | PlanCommand
    | ({ readonly name: 'forget' } & ForgetOptions)
    | { readonly name: 'developers'; readonly developers: DevelopersCommand }
    | { readonly name: 'console'; readonly port: number | undefined }
    | { readonly name: 'verify'; readonly limit: number; readonly json: boolean }
    | ({ readonly name: 'schedule'; readonly action: ScheduleAction } & ScheduleOptions);
}

/** There is no command to run: help was printed, or what is wrong with the arguments. */
export interface Answered {
  readonly kind: 'answered';
  readonly code: ExitCode;
}

interface JsonFlag {
  readonly json?: true;
}

interface ReasonFlag {
  readonly reason?: string;
}

interface SyncFlags extends JsonFlag {
  readonly full?: true;
  readonly dryRun?: true;
  readonly background?: true;
  readonly reason?: string;
}

interface ScheduleFlags extends ScheduleJobs, ReasonFlag {
  readonly location?: string;
}

interface ReplayFlags extends Pick<ReplayOptions, 'topic'>, ReasonFlag {
  readonly limit: string;
  readonly dryRun?: true;
}

/** Reads the command line. Throws Refusal for arguments that make no sense, alone or together. */
export function parseArgs(args: readonly string[], io: Pick<CliIo, 'out' | 'err'>): Command | Answered {
  let command: Command['command'] | undefined;
  const program = new Program('devsync')
    .description('Keeps Apigee developers and the users of a developer portal on Firestore the same, both ways.')
    .option('--local', 'use the local stack that npm start keeps up');
  // Set before the subcommands are added, which take over how the program ends and prints.
  program.exitOverride().configureOutput({
    writeOut: (text) => io.out(text),
    writeErr: (text) => io.err(safeLines(text)),
  });

  const json = (): Option => new Option('--json', 'print JSON');
  program
    .command('sync')
    .summary('request a run and wait for its report, or synchronise one person now')
    .description('Requests a run and waits for its report. With an EMAIL: synchronises that person, now.')
    .argument('[EMAIL]', 'one person, in any case; #ID for a portal document without an email')
    .option('--full', 'look at everyone, not only at what changed')
    .option('--dry-run', 'change nothing, and report what would be done')
    .option('--background', 'do not wait')
    .addOption(json())
    .option('--reason <TEXT>', 'kept with the run')
    .action((person: string | undefined, flags: SyncFlags) => {
      command = person === undefined ? runOf(flags) : personOf(person, flags);
    });
  program
    .command('status')
    .description('last runs, freshness, and who is pending, held or failed')
    .addOption(json())
    .action((flags: JsonFlag) => {
      command = { name: 'status', json: flags.json === true };
    });
  program
    .command('explain')
    .description('one person on both sides, and what a sync would do; changes nothing')
    .argument('<EMAIL>', 'in any case; #ID for a portal document without an email')
    .addOption(json())
    .action((person: string, flags: JsonFlag) => {
      command = { name: 'explain', person: readPerson(person), json: flags.json === true };
    });
  addHolds(program, readPerson, (holds) => {
    command = { name: 'holds', ...holds };
  });
  addPlan(program, readPerson, (planning) => {
    command = planning;
  });
  program
    .command('replay')
    .summary('publish dead letters again')
    .description('Publishes sync messages that were given up (dead letters) again, once their cause is mended.')
    .addOption(new Option('--topic <TOPIC>', 'of which topic').choices(replayTopics).default('all'))
    .addOption(new Option('--limit <N>', 'at most so many of each topic').default('1000'))
    .option('--dry-run', 'only count them')
    .option('--reason <TEXT>', 'kept with the action')
    .action(({ topic, limit, dryRun, reason }: ReplayFlags) => {
      const options = { topic, limit: readCount('--limit', limit, 10_000), dryRun: dryRun === true };
      command = { name: 'replay', ...options, reason: readReason(reason) };
    });
  program
    .command('verify')
    .summary('read both sides completely and report every difference; changes nothing')
    .description(
      'Reads both sides completely, independently of the runs, and reports every difference with what explains it. Changes nothing.',
    )
    .addOption(json())
    .option('--limit <N>', 'how many people are listed', '100')
    .action(({ json: asJson, limit }: JsonFlag & { readonly limit: string }) => {
      if (!/^\d{1,7}$/.test(limit)) throw new Refusal('--limit is a whole number of people');
      command = { name: 'verify', limit: Number(limit), json: asJson === true };
    });
  program
    .command('check')
    .summary('look at settings, rights and a sample of both sides before anything is synchronised; changes nothing')
    .description(
      'Looks at the settings, the rights and a sample of both sides, says what would fail, and proposes a PORTAL_MAPPING. Changes nothing, and needs nothing deployed.',
    )
    .option('--sample <N>', 'how many documents are looked at', '100')
    .addOption(json())
    .action(({ json: asJson, sample }: JsonFlag & { readonly sample: string }) => {
      command = { name: 'check', sample: readCount('--sample', sample, 1000), json: asJson === true };
    });
  program
    .command('schedule')
    .description('the Cloud Scheduler jobs: show, pause, resume, or run the incremental one now')
    .addArgument(new Argument('[ACTION]').choices(scheduleActions).default('show'))
    .option('--location <LOCATION>', 'of the jobs; GOOGLE_CLOUD_REGION otherwise')
    .option('--incremental-job <NAME>', 'its name', 'developer-sync-incremental')
    .option('--full-job <NAME>', 'its name', 'developer-sync-full')
    .option('--reason <TEXT>', 'kept with the action')
    .action((action: ScheduleAction, flags: ScheduleFlags) => {
      const reason = readReason(flags.reason);
      if (reason !== undefined && action === 'show') throw new Refusal('--reason is about what changes the schedule');
      command = { name: 'schedule', action, ...flags, location: flags.location, reason };
    });

  addRuns(program, (runs) => {
    command = runs;
  });
  program
    .command('forget')
    .summary('remove all that is kept of a person who is on neither side')
    .description('Removes all that is kept of a person who is on neither side, for good. Refused for anybody else.')
    .argument('<EMAIL>', 'in any case; #ID for a portal document without an email')
    .option('--reason <TEXT>', 'kept with the action; do not name the person')
    .option('--yes', 'do not ask')
    .addOption(json())
    .action((argument: string, flags: JsonFlag & ReasonFlag & { readonly yes?: true }) => {
      const person = readPerson(argument);
      const reason = readReason(flags.reason);
      if (reason?.toLowerCase().includes(person) === true)
        throw new Refusal('--reason is kept: leave the email out of it');
      command = { name: 'forget', person, reason, yes: flags.yes === true, json: flags.json === true };
    });
  addDevelopers(program, readPerson, (developers) => {
    command = { name: 'developers', developers };
  });
  program
    .command('console')
    .summary('serve the console on this machine, with your own credentials')
    .description('Serves the console on the loopback interface, with your own credentials, until it is interrupted.')
    .option('--port <PORT>', 'default: a free one')
    .action(({ port }: { readonly port?: string }) => {
      command = { name: 'console', port: port === undefined ? undefined : readPort(port) };
    });

  try {
    program.parse([...args], { from: 'user' });
  } catch (error) {
    if (error instanceof CommanderError) return { kind: 'answered', code: error.exitCode === 0 ? 0 : 1 };
    throw error;
  }
  if (command === undefined) return { kind: 'answered', code: 1 };
  return { kind: 'command', local: program.opts<{ readonly local?: true }>().local === true, command };
}

function runOf({ full, dryRun, background, json, reason }: SyncFlags): Command['command'] {
  return {
    name: 'sync',
    mode: full === true ? 'full' : 'incremental',
    dryRun: dryRun === true,
    reason: readReason(reason),
    background: background === true,
    json: json === true,
  };
}

function personOf(person: string, { full, dryRun, background, json, reason }: SyncFlags): Command['command'] {
  const key = readPerson(person);
  if (full === true || background === true || reason !== undefined)
    throw new Refusal('--full, --background and --reason are about runs: leave EMAIL or them out');
  if (dryRun === true) return { name: 'explain', person: key, json: json === true };
  return { name: 'sync-one', person: key, json: json === true };
}

/** The person that an argument names. Throws Refusal. */
function readPerson(argument: string): PersonKey {
  const key = personKey(argument);
  if (key === undefined)
    throw new Refusal('Give an email such as ann@example.com, or #ID for a portal document that has none');
  return key;
}

function readPort(text: string): number {
  const port = Number(text);
  if (!Number.isInteger(port) || port < 1 || port > 65_535) throw new Refusal('--port is a number from 1 to 65535');
  return port;
}

/** `text`: the number as it was typed. Throws Refusal. */
function readCount(option: string, text: string, most: number): number {
  const count = Number(text);
  if (!Number.isInteger(count) || count < 1 || count > most)
    throw new Refusal(`${option} is a number from 1 to ${String(most)}`);
  return count;
}
