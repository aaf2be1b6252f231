import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { z } from 'zod';
import { read } from './hcl.ts';
import { parseYaml } from './yaml.ts';

const seconds = z
  .string()
  .regex(/^\d+s$/)
  .transform((text) => Number(text.slice(0, -1)));

const stepSchema = z.strictObject({
  id: z.string(),
  name: z.string(),
  waitFor: z.array(z.string()).min(1),
  timeout: seconds,
  script: z.string(),
  env: z.array(z.string()).optional(),
  volumes: z.array(z.strictObject({ name: z.string(), path: z.string() })).optional(),
  allowFailure: z.literal(true).optional(),
});
export type Step = z.infer<typeof stepSchema>;

const fileSchema = z.strictObject({
  substitutions: z.record(z.string().regex(/^_[A-Z_]+$/), z.string()),
  serviceAccount: z.string(),
  timeout: seconds,
  tags: z.array(z.string()),
  options: z.strictObject({
    logging: z.literal('CLOUD_LOGGING_ONLY'),
    dynamicSubstitutions: z.literal(true),
    automapSubstitutions: z.literal(true).optional(),
    substitutionOption: z.literal('ALLOW_LOOSE').optional(),
    machineType: z.string().optional(),
  }),
  steps: z.array(stepSchema).min(1),
});
export type BuildFile = z.infer<typeof fileSchema>;

/** A build file as Cloud Build reads it. Throws on a member that it does not know. */
export function buildFile(name: string): BuildFile {
  return fileSchema.parse(parseYaml(read(`cloudbuild.${name}.yaml`)));
}

export interface Ran {
  /** Every command that was called, in order: step, program and arguments. */
  readonly calls: readonly string[];
  /** The step that failed, if one did. */
  readonly failed: string | undefined;
  readonly file: (name: string) => string;
}

export interface World {
  /** Substitutions, over the defaults. */
  readonly given?: Readonly<Record<string, string>>;
  /** What lies in the workspace. */
  readonly files?: Readonly<Record<string, string>>;
  /** Shell text for what a program does besides being noted, by its name. */
  readonly answers?: Readonly<Record<string, string>>;
}

const programs = ['gcloud', 'terraform', 'npm', 'npx', 'vitest', 'curl', 'sleep'];
const builtIn = { PROJECT_ID: 'my-portal', BUILD_ID: 'build-1', COMMIT_SHA: 'c0ffee' };

/** Runs the scripts of all steps, in an order that `waitFor` allows, on programs that only note how they were called. */
export function runBuild({ steps, substitutions }: BuildFile, { given = {}, files = {}, answers = {} }: World): Ran {
  const folder = mkdtempSync(join(tmpdir(), 'build-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true, maxRetries: 3 }));
  for (const name of ['bin', 'terraform', 'npm', 'dist', 'node_modules/.bin'])
    mkdirSync(join(folder, name), { recursive: true });
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  for (const name of programs) {
    const body = `#!/bin/sh\nprintf '%s' "$STEP: $(basename "$0") $*" | tr '\\n' ' ' >> "$NOTES"; echo >> "$NOTES"\n${answers[name] ?? ''}\n`;
    writeFileSync(join(folder, 'bin', name), body, { mode: 0o755 });
  }
  const notes = join(folder, 'notes');
  writeFileSync(notes, '');
  const values: Record<string, string> = { ...builtIn };
  for (const [name, value] of Object.entries({ ...substitutions, ...given })) values[name] = substituted(value, values);
  let failed: string | undefined;
  for (const step of inOrder(steps)) {
    const shell = step.script.startsWith('#!/usr/bin/env bash\n') ? 'bash' : 'sh';
    // A step's volume is a folder of the machine.
    const script = step.script.replaceAll('/npm/', `${folder}/npm/`).replaceAll('-C /npm', `-C ${folder}/npm`);
    const env = {
      ...values,
      STEP: step.id,
      NOTES: notes,
      PATH: `${join(folder, 'bin')}:/usr/bin:/bin`,
      POLL_SECONDS: '0',
    };
    const { status } = spawnSync(shell, ['-c', script], { cwd: folder, env });
    if (status !== 0 && step.allowFailure !== true) {
      failed = step.id;
      break;
    }
  }
  const calls = readFileSync(notes, 'utf8')
    .split('\n')
    .map((call) => call.trimEnd())
    .filter((call) => call !== '');
  return { calls, failed, file: (name) => readFileSync(join(folder, name), 'utf8') };
}

/** Defaults may use substitutions that stand before them. */
export function substituted(text: string, values: Readonly<Record<string, string>>): string {
  return text.replaceAll(/\$\{?(\w+)\}?/g, (_, name: string) => {
    const value = values[name];
    if (value === undefined) throw new Error(`there is no substitution ${name}`);
    return value;
  });
}

/** Throws where steps wait for each other in a circle, or for a step that there is not. */
export function inOrder(steps: readonly Step[]): readonly Step[] {
  const done: Step[] = [];
  const isReady = (step: Step): boolean =>
    step.waitFor.every((id) => id === '-' || done.some((other) => other.id === id));
  while (done.length < steps.length) {
    const ready = steps.find((step) => !done.includes(step) && isReady(step));
    if (ready === undefined) throw new Error('some steps wait for what never comes');
    done.push(ready);
  }
  return done;
}
