import { availableParallelism, cpus, totalmem } from 'node:os';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Found, Row } from '../figure.ts';

export const root = join(import.meta.dirname, '..', '..');
const path = join(root, 'bench', 'results.json');

/** What was measured last, of each figure. */
export type Results = Readonly<Record<string, Measured>>;

export interface Measured {
  readonly machine: Machine;
  readonly people: Found;
}

export interface Machine {
  readonly cores: number;
  readonly processor: string;
  /** GiB. */
  readonly memory: number;
  readonly node: string;
}

export function thisMachine(): Machine {
  return {
    cores: availableParallelism(),
    processor: cpus()[0]?.model ?? 'unknown',
    memory: Math.round(totalmem() / 2 ** 30),
    node: process.version,
  };
}

export function readResults(): Results {
  return JSON.parse(readFileSync(path, 'utf8')) as Results;
}

export function writeResults(results: Results): void {
  writeFileSync(path, `${JSON.stringify(results, undefined, 2)}\n`);
}

/** `results` with what was found of one figure for so many people. What was found for other numbers stays. */
export function withFound(results: Results, name: string, people: number, rows: readonly Row[]): Results {
  const found = { ...results[name]?.people, [String(people)]: rows };
  return { ...results, [name]: { machine: thisMachine(), people: found } };
}
