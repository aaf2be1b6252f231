#!/usr/bin/env node
import process from 'node:process';
import { runCli, sayProblem } from './run-cli.ts';

const { stdout, stderr, env } = process;
const err = (text: string): unknown => stderr.write(text);

// Somebody who has read enough (| head) is no error.
stdout.on('error', () => process.exit());

// The client libraries leave promises behind that fail with nobody waiting, beside the call that fails.
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
