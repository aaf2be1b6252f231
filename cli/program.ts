import { Argument, Option, type Command as Program } from 'commander';
import type { PersonKey } from '../shared/core/model/email.ts';
import { replayTopics, type ReplayOptions } from '../shared/operator/actions/replay.ts';
import { scheduleActions, type ScheduleAction, type ScheduleJobs } from '../shared/operator/actions/schedule.ts';
import { personKey } from '../shared/operator/views/person.ts';
import { addHelp } from './help.ts';
import { shells, type Command, type Shell } from './command.ts';
import { addHolds } from './parse-holds.ts';
import { readReason } from './parse-reason.ts';
import { addPlan } from './parse-plan.ts';
import { addRuns } from './parse-runs.ts';
import { addDevelopers } from './parse-developers.ts';
import { Refusal } from './process/cli-io.ts';

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

interface ScheduleFlags extends ScheduleJobs, ReasonFlag, JsonFlag {
  readonly location?: string;
}

interface ReplayFlags extends Pick<ReplayOptions, 'topic'>, ReasonFlag, JsonFlag {
  readonly limit: string;
  readonly dryRun?: true;
}

/** Adds every command to the program. `take` is told the one that was given. */
export function addCommands(program: Program, take: (command: Command['command']) => void): void {
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
      take(person === undefined ? runOf(flags) : personOf(person, flags));
    });
  program
    .command('status')
    .description('last runs, freshness, and who is pending, held or failed')
    .addOption(json())
    .action((flags: JsonFlag) => {
      take({ name: 'status', json: flags.json === true });
    });
  program
    .command('explain')
    .description('one person on both sides, and what a sync would do; changes nothing')
    .argument('<EMAIL>', 'in any case; #ID for a portal document without an email')
    .addOption(json())
    .action((person: string, flags: JsonFlag) => {
      take({ name: 'explain', person: readPerson(person), json: flags.json === true });
    });
  addHolds(program, readPerson, (holds) => {
    take({ name: 'holds', ...holds });
  });
  addPlan(program, readPerson, (planning) => {
    take(planning);
  });
  program
    .command('replay')
    .summary('publish dead letters again')
    .description('Publishes sync messages that were given up (dead letters) again, once their cause is mended.')
    .addOption(new Option('--topic <TOPIC>', 'of which topic').choices(replayTopics).default('all'))
    .addOption(new Option('--limit <N>', 'at most so many of each topic').default('1000'))
    .option('--dry-run', 'only count them')
    .option('--reason <TEXT>', 'kept with the action')
    .addOption(json())
    .action(({ topic, limit, dryRun, reason, json: asJson }: ReplayFlags) => {
      const options = { topic, limit: readCount('--limit', limit, 10_000), dryRun: dryRun === true };
      take({ name: 'replay', ...options, reason: readReason(reason), json: asJson === true });
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
      take({ name: 'verify', limit: Number(limit), json: asJson === true });
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
      take({ name: 'check', sample: readCount('--sample', sample, 1000), json: asJson === true });
    });
  program
    .command('schedule')
    .description('the Cloud Scheduler jobs: show, pause, resume, or run the incremental one now')
    .addArgument(new Argument('[ACTION]').choices(scheduleActions).default('show'))
    .option('--location <LOCATION>', 'of the jobs; GOOGLE_CLOUD_REGION otherwise')
    .option('--incremental-job <NAME>', 'its name', 'developer-sync-incremental')
    .option('--full-job <NAME>', 'its name', 'developer-sync-full')
    .option('--reason <TEXT>', 'kept with the action')
    .addOption(json())
    .action((action: ScheduleAction, flags: ScheduleFlags) => {
      const reason = readReason(flags.reason);
      if (reason !== undefined && action === 'show') throw new Refusal('--reason is about what changes the schedule');
      const { location, incrementalJob, fullJob } = flags;
      take({ name: 'schedule', action, location, incrementalJob, fullJob, reason, json: flags.json === true });
    });

  addRuns(program, (runs) => {
    take(runs);
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
      take({ name: 'forget', person, reason, yes: flags.yes === true, json: flags.json === true });
    });
  addDevelopers(program, readPerson, (developers) => {
    take({ name: 'developers', developers });
  });
  program
    .command('console')
    .summary('serve the console on this machine, with your own credentials')
    .description('Serves the console on the loopback interface, with your own credentials, until it is interrupted.')
    .option('--port <PORT>', 'default: a free one')
    .action(({ port }: { readonly port?: string }) => {
      take({ name: 'console', port: port === undefined ? undefined : readPort(port) });
    });
  program
    .command('completion')
    .summary('complete commands and options in your shell')
    .description('Prints what makes a shell complete devsync, which has to be found by that name.')
    .addArgument(new Argument('<SHELL>').choices(shells))
    .action((shell: Shell) => take({ name: 'completion', shell }));
  addHelp(program);
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
