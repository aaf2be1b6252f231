#!/usr/bin/env node
import process from 'node:process';
import { sayProblem } from './process/advice.ts';
import { runCli } from './run-cli.ts';

const { stdout, stderr, env } = process;
const err = (text: string): unknown => stderr.write(text);

// A reader that has read enough (| head) closes the pipe: no error.
stdout.on('error', () => process.exit());

// When a call fails, the client libraries leave other promises behind that fail too, and that no code awaits.
let over = false;
process.on('unhandledRejection', (error) => {
  if (over) return;
  sayProblem(error, { err, env });
  process.exit(1);
});

process.exitCode = await runCli(process.argv.slice(2), {
  env,
  cwd: process.cwd(),
  out: (text) => stdout.write(text),
  err,
  terminal: stderr.isTTY ? stderr : undefined,
  useEmulators: (environment) => Object.assign(env, environment),
});
over = true;
