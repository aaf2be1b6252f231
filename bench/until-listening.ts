import { spawn } from 'node:child_process';
import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { z } from 'zod';

const start = z.object({
  /** Of the process, user and system together, from its start until it listens. */
  cpuMs: z.number().positive(),
  wallMs: z.number().positive(),
  /** Each file of JavaScript that was read until then, with its size; empty unless asked for. */
  files: z.array(z.object({ path: z.string(), bytes: z.number() })),
});
export type Start = z.infer<typeof start>;

/** The settings of a function, as far as it needs any to start. It calls nobody before its first request. */
const settings = {
  APIGEE_ORG: 'org',
  APIGEE_ACCESS_TOKEN: 'token-of-a-measurement',
  GOOGLE_CLOUD_PROJECT: 'demo-cold-start',
};

const framework = 'node_modules/@google-cloud/functions-framework/build/src/main.js';

/** Runs in the measured process, before everything else. Not TypeScript: Node would load a compiler for it. */
const recordFiles = `
import { registerHooks } from 'node:module';
import { fileURLToPath } from 'node:url';
registerHooks({
  load(url, context, next) {
    const loaded = next(url, context);
    if (url.startsWith('file:')) files.push({ path: fileURLToPath(url), bytes: statSync(fileURLToPath(url)).size });
    return loaded;
  },
});`;
const tellWhenListening = (recording: boolean): string => `
import { channel } from 'node:diagnostics_channel';
import { statSync, writeSync } from 'node:fs';
const files = [];
channel('tracing:net.server.listen:asyncEnd').subscribe(() => {
  const wallMs = performance.now();
  const { user, system } = process.cpuUsage();
  writeSync(3, JSON.stringify({ cpuMs: (user + system) / 1000, wallMs, files }));
  process.exit();
});${recording ? recordFiles : ''}`;

/**
 * Starts the function `target` of what is deployed in `folder`, under the Functions Framework and in the environment that
 * it is deployed with, and ends it as soon as it listens. Rejects with what it said where it ends before.
 */
export async function startUntilListening(folder: string, target: string, recording = false): Promise<Start> {
  const preload = `data:text/javascript,${encodeURIComponent(tellWhenListening(recording))}`;
  const args = ['--import', preload, join(folder, framework), `--target=${target}`, '--port=0'];
  const env = {
    PATH: process.env['PATH'] ?? '',
    NODE_ENV: 'production',
    NODE_OPTIONS: '--enable-source-maps',
    LOG_EXECUTION_ID: 'true',
    FUNCTION_TARGET: target,
    ...settings,
  };
  const child = spawn(process.execPath, args, { cwd: folder, env, stdio: ['ignore', 'pipe', 'pipe', 'pipe'] });
  const [said, errors, told] = await Promise.all([read(child.stdout), read(child.stderr), read(child.stdio[3])]);
  if (told === '') throw new Error(`${target} ended before it listened:\n${said}${errors}`);
  return start.parse(JSON.parse(told));
}

/** A stream that does not exist says nothing. */
async function read(stream: unknown): Promise<string> {
  return stream instanceof Readable ? text(stream) : '';
}

/** Makes `folder` deployable: the function `empty`, which does nothing and needs nothing but the framework. */
export async function writeEmptyFunction(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'package.json'), '{"type":"module","main":"index.js"}');
  await writeFile(
    join(folder, 'index.js'),
    `import { http } from '@google-cloud/functions-framework';
http('empty', (request, response) => void response.status(204).end());
`,
  );
}

/** Stands in for `npm ci`: the packages of the checkout `root`. */
export function linkInstalled(root: string, folder: string): Promise<void> {
  return symlink(join(root, 'node_modules'), join(folder, 'node_modules'));
}
