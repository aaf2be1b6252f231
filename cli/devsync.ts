#!/usr/bin/env node
import process from 'node:process';
import { runCli } from './run-cli.ts';

const { stdout, stderr } = process;
// Somebody who has read enough (| head) is no error.
stdout.on('error', () => process.exit());

process.exitCode = await runCli(process.argv.slice(2), {
  env: process.env,
  cwd: process.cwd(),
  out: (text) => stdout.write(text),
  err: (text) => stderr.write(text),
  terminal: stderr.isTTY ? stderr : undefined,
  useEmulators: (hosts) => Object.assign(process.env, hosts),
});
