import { Option, type Command as Program } from 'commander';
import { readReason } from './parse-reason.ts';
import { runFormats, type RunFormat } from './commands/show-run.ts';
import { Refusal } from './process/cli-io.ts';

/** What `devsync runs …`, `stop` and `resume` ask for. */
export type RunsCommand =
  | { readonly name: 'runs'; readonly limit: number; readonly json: boolean }
  | { readonly name: 'show-run'; readonly runId: string; readonly format: RunFormat }
  | {
      readonly name: 'cancel-run';
      readonly runId: string;
      readonly reason: string | undefined;
      readonly json: boolean;
    }
  | { readonly name: 'stop'; readonly reason: string; readonly json: boolean }
  | { readonly name: 'resume'; readonly reason: string | undefined; readonly json: boolean };

interface ReasonFlags {
  readonly reason?: string;
  readonly json?: true;
}

const mostRuns = 100;

/** Adds the commands to the program. `take` is told which of them was given. */
export function addRuns(program: Program, take: (command: RunsCommand) => void): void {
  const json = (): Option => new Option('--json', 'print JSON');
  const reason = (): Option => new Option('--reason <TEXT>', 'kept with the action');
  const runs = program
    .command('runs')
    .summary('the history of runs; everyone of one; end one')
    .description(
      'Lists the last runs. show RUN shows everyone of one, cancel RUN ends one that waits or is under way.',
    );
  runs
    .command('list', { isDefault: true })
    .description('the last runs, the newest first')
    .addOption(new Option('--limit <N>', 'at most so many').default('20'))
    .addOption(json())
    .action(({ limit, json: asJson }: { readonly limit: string; readonly json?: true }) =>
      take({ name: 'runs', limit: readLimit(limit), json: asJson === true }),
    );
  runs
    .command('show')
    .description('everyone of a run, with fields, values and reasons')
    .argument('<RUN>')
    .addOption(new Option('--format <FORMAT>', 'csv is for spreadsheets').choices(runFormats))
    .addOption(json())
    .action((runId: string, flags: { readonly format?: RunFormat; readonly json?: true }) => {
      const asked = flags.json === true ? 'json' : undefined;
      if (asked !== undefined && flags.format !== undefined && flags.format !== asked)
        throw new Refusal('--json is --format json: leave one of them out');
      take({ name: 'show-run', runId, format: asked ?? flags.format ?? 'table' });
    });
  runs
    .command('cancel')
    .description('end a run; what it has done stays done')
    .argument('<RUN>')
    .addOption(reason())
    .addOption(json())
    .action((runId: string, flags: ReasonFlags) =>
      take({ name: 'cancel-run', runId, reason: readReason(flags.reason), json: flags.json === true }),
    );
  program
    .command('stop')
    .description('end every write to either side, until resume; edits and messages wait')
    .addOption(reason().makeOptionMandatory())
    .addOption(json())
    .action((flags: ReasonFlags) => {
      const why = readReason(flags.reason);
      if (why === undefined) throw new Refusal('Say why, for those who find everything stopped: --reason TEXT');
      take({ name: 'stop', reason: why, json: flags.json === true });
    });
  program
    .command('resume')
    .description('let everything go on after stop')
    .addOption(reason())
    .addOption(json())
    .action((flags: ReasonFlags) =>
      take({ name: 'resume', reason: readReason(flags.reason), json: flags.json === true }),
    );
}

function readLimit(text: string): number {
  const limit = Number(text);
  if (!Number.isInteger(limit) || limit < 1 || limit > mostRuns)
    throw new Refusal(`--limit is a number from 1 to ${String(mostRuns)}`);
  return limit;
}
