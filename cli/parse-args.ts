import { Command as Program, CommanderError } from 'commander';
import packageJson from '../package.json' with { type: 'json' };
import type { PersonKey } from '../shared/core/model/email.ts';
import type { ReplayOptions } from '../shared/operator/actions/replay.ts';
import type { ScheduleAction } from '../shared/operator/actions/schedule.ts';
import { safeLines } from '../shared/operator/words/safe-text.ts';
import type { ForgetOptions } from './commands/forget.ts';
import type { HoldsOptions } from './commands/holds.ts';
import type { ScheduleOptions } from './commands/schedule.ts';
import type { SyncRunOptions } from './commands/sync-run.ts';
import type { DevelopersCommand } from './parse-developers.ts';
import type { PlanCommand } from './parse-plan.ts';
import type { RunsCommand } from './parse-runs.ts';
import type { CliIo, ExitCode } from './process/cli-io.ts';
import { addCommands, type Shell } from './program.ts';

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
    | ({ readonly name: 'replay'; readonly reason: string | undefined; readonly json: boolean } & ReplayOptions)
    | RunsCommand
    | PlanCommand
    | ({ readonly name: 'forget' } & ForgetOptions)
    | { readonly name: 'developers'; readonly developers: DevelopersCommand }
    | { readonly name: 'console'; readonly port: number | undefined }
    | { readonly name: 'verify'; readonly limit: number; readonly json: boolean }
    | { readonly name: 'completion'; readonly shell: Shell }
    | ({ readonly name: 'schedule'; readonly action: ScheduleAction } & ScheduleOptions);
}

/** There is no command to run: help was printed, or what is wrong with the arguments. */
export interface Answered {
  readonly kind: 'answered';
  readonly code: ExitCode;
}

/** Reads the command line. Throws Refusal for arguments that make no sense, alone or together. */
export function parseArgs(args: readonly string[], io: Pick<CliIo, 'out' | 'err'>): Command | Answered {
  let command: Command['command'] | undefined;
  const program = new Program('devsync')
    .description('Keeps Apigee developers and the users of a developer portal on Firestore the same, both ways.')
    .version(packageJson.version, '-V, --version', 'the version of the product')
    .option('--local', 'use the local stack that npm start keeps up');
  // Set before the subcommands are added, which take over how the program ends and prints.
  program.exitOverride().configureOutput({
    writeOut: (text) => io.out(text),
    writeErr: (text) => io.err(safeLines(text)),
    outputError: (text, write) => write(inHouseWords(text)),
  });

  addCommands(program, (asked) => {
    command = asked;
  });
  // Whoever gives nothing asks what there is.
  if (args.length === 0) {
    program.outputHelp();
    return { kind: 'answered', code: 0 };
  }

  try {
    program.parse([...args], { from: 'user' });
  } catch (error) {
    if (error instanceof CommanderError) return { kind: 'answered', code: error.exitCode === 0 ? 0 : 1 };
    throw error;
  }
  if (command === undefined) return { kind: 'answered', code: 1 };
  return { kind: 'command', local: program.opts<{ readonly local?: true }>().local === true, command };
}

/** What commander says of a wrong argument, as this command line says things. */
function inHouseWords(text: string): string {
  const [, value, name, choices] =
    /^error: .* value '(.*)' (?:from env .* )?is invalid for (?:argument|option) '(.*)'\. Allowed choices are (.*)\.\n?$/s.exec(
      text,
    ) ?? [];
  if (value !== undefined && name !== undefined && choices !== undefined)
    return `${value} is no ${name.split(' ')[0] ?? name}: give one of ${choices}\n`;
  const words = text.replace(/^error: /, '');
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}`;
}
