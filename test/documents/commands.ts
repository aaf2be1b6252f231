import { parseArgs } from '../../cli/parse-args.ts';
import { Refusal } from '../../cli/process/cli-io.ts';

/** What stands for something of the reader's own, and what to put there. */
const placeholders: Readonly<Record<string, string>> = { EMAIL: 'ann@example.com', N: '5', REASON: 'rename-refused' };

/**
 * The command lines that a synopsis such as `npx devsync sync EMAIL [--json] [--limit N]` stands for: the one without its
 * options, and one with each of them. `a|b` stands for one line each.
 */
export function expansionsOf(synopsis: string): readonly (readonly string[])[] {
  const bare = synopsis.replace(/^npx devsync /, '');
  const optional = [...bare.matchAll(/\[([^\]]+)\]/g)].map(([, inside = '']) => inside);
  const base = bare.replaceAll(/\[[^\]]+\]/g, ' ');
  return ['', ...optional].flatMap((option) => alternatives(words(base).concat(words(option))));
}

/** Whether the parser knows the command line. It may refuse the values. */
export function isKnown(args: readonly string[]): boolean {
  const silent = { out: () => undefined, err: () => undefined };
  try {
    const parsed = parseArgs(args, silent);
    return parsed.kind === 'command' || parsed.code === 0;
  } catch (error) {
    if (error instanceof Refusal) return true;
    throw error;
  }
}

function words(text: string): readonly string[] {
  return text
    .split(' ')
    .filter((word) => word !== '')
    .map((word) => placeholders[word] ?? word);
}

function alternatives(args: readonly string[]): readonly (readonly string[])[] {
  return args.reduce<readonly (readonly string[])[]>(
    (lines, word) => lines.flatMap((line) => word.split('|').map((one) => [...line, one])),
    [[]],
  );
}
