import tab, { script } from '@bomb.sh/tab';
import connectToTab from '@bomb.sh/tab/commander';
import { Command as Program } from 'commander';
import type { Shell } from '../command.ts';
import { addCommands } from '../program.ts';

/** Prints what makes a shell ask us for completions. */
export function printScript(shell: Shell): void {
  script(shell, 'devsync', 'devsync');
}

/** Answers such a request. `words`: what was typed behind `devsync`, the last one unfinished. */
export function suggest(words: readonly string[]): void {
  const program = new Program('devsync').option('--local', 'use the local stack that npm start keeps up');
  addCommands(program, () => undefined);
  connectToTab(program, { completionCommandName: 'completions' });
  tab.parse([...words]);
}
