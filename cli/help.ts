import type { Command as Program } from 'commander';

/** What follows the options of a command in its help: commands to copy. */
const examples: Readonly<Record<string, readonly string[]>> = {
  devsync: ['devsync --local status', 'devsync sync --dry-run', 'devsync explain ann@example.com'],
  sync: ['devsync sync --full --reason "first load"', 'devsync sync ann@example.com'],
  status: ['devsync status', 'devsync status --json'],
  explain: ['devsync explain ann@example.com'],
  holds: ['devsync holds', 'devsync holds approve RUN', 'devsync holds release ann@example.com --reason "asked Ann"'],
  plan: ['devsync plan --full --output plan.csv', 'devsync plan ann@example.com', 'devsync plan show PLAN'],
  apply: ['devsync apply PLAN --hash HASH', 'devsync apply PLAN --only create'],
  undo: ['devsync undo RUN --dry-run', 'devsync undo RUN --person ann@example.com --reason "wrong list"'],
  runs: ['devsync runs', 'devsync runs show RUN --format csv', 'devsync runs cancel RUN'],
  stop: ['devsync stop --reason "wrong mapping"'],
  replay: ['devsync replay --dry-run', 'devsync replay --topic batches'],
  schedule: ['devsync schedule', 'devsync schedule pause --reason "maintenance"'],
  verify: ['devsync verify --limit 1000'],
  developers: ['devsync developers list plan=gold', 'devsync developers export --format csv --output all.csv'],
  completion: ['source <(devsync completion bash)'],
};

const exitCodes = `
Exit codes:
  0  done
  1  could not be done
  2  done, but somebody needs attention: held, failed, or not as planned
  3  there is no such person, run or plan`;

const settings = `
Settings come from the environment (APIGEE_ORG, GOOGLE_CLOUD_PROJECT, …; the README lists them), with --local from the
local stack in this directory. NO_COLOR switches colours off.`;

/** Adds examples and exit codes to the help of every command. */
export function addHelp(program: Program): void {
  program.addHelpText('after', `${examplesOf('devsync')}${exitCodes}\n${settings}`);
  for (const command of program.commands) command.addHelpText('after', `${examplesOf(command.name())}${exitCodes}`);
}

function examplesOf(name: string): string {
  const lines = examples[name] ?? [];
  return lines.length === 0 ? '' : `\nExamples:\n${lines.map((line) => `  ${line}\n`).join('')}`;
}
