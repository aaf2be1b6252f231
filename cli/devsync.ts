#!/usr/bin/env node
import { once } from 'node:events';
import process from 'node:process';
import { createInterface } from 'node:readline/promises';
import { sayProblem } from './process/advice.ts';
import { layoutOf } from './process/layout-of.ts';
import { runCli } from './run-cli.ts';

const { stdin, stdout, stderr, env } = process;
const err = (text: string): unknown => stderr.write(text);

// A reader that has read enough (| head) closes the pipe: no error.
stdout.on('error', () => process.exit());

// Warnings of the client libraries are for their developers.
process.removeAllListeners('warning');
if (env['DEBUG']?.includes('devsync') === true) process.on('warning', (warning) => err(`${warning.message}\n`));

// When a call fails, the client libraries leave other promises behind that fail too, and that no code awaits.
let over = false;
process.on('unhandledRejection', (error) => {
  if (over) return;
  sayProblem(error, { err, env });
  process.exit(1);
});

/** Questions go to stderr: stdout carries the answer of the command. */
async function ask(question: string): Promise<string | undefined> {
  if (!stdin.isTTY) return undefined;
  const lines = createInterface({ input: stdin, output: stderr });
  try {
    return await lines.question(question);
  } finally {
    lines.close();
  }
}

process.exitCode = await runCli(process.argv.slice(2), {
  env,
  cwd: process.cwd(),
  out: (text) => stdout.write(text),
  err,
  layout: layoutOf(stdout, env),
  terminal: stderr.isTTY ? stderr : undefined,
  ask,
  written: async () => {
    if (stdout.writableNeedDrain) await once(stdout, 'drain');
  },
  interrupted: async () => {
    await Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')]);
  },
  useEmulators: (environment) => Object.assign(env, environment),
});
over = true;
// A client that still tries to reach somebody would keep the process alive.
stdout.write('', () => setTimeout(() => process.exit(), 1000).unref());
