#!/usr/bin/env node
import { readFileSync } from 'node:fs';
import process from 'node:process';
import { runOnSuitableNode } from './process/suitable-node.js';

const args = process.argv.slice(2);
// Answered here, because it is asked for often and by any Node.
if (args.length === 1 && (args[0] === '--version' || args[0] === '-V')) {
  const text = readFileSync(new URL('../package.json', import.meta.url), 'utf8');
  const { version } = /** @type {{ version: string }} */ (JSON.parse(text));
  process.stdout.write(`${version}\n`);
} else await runOnSuitableNode('devsync', () => import('./devsync.ts'));
