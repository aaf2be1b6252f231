import { Command as Program, CommanderError } from 'commander';
import packageJson from '../package.json' with { type: 'json' };
import { safeLines } from '../shared/operator/words/safe-text.ts';
import type { CliIo, ExitCode } from './process/cli-io.ts';
import type { Command } from './command.ts';
import { addCommands } from './program.ts';

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
