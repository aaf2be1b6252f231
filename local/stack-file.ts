import { link, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { functionAnswers } from './function-process.ts';

const fileSchema = z.object({
  project: z.string(),
  /** `host:port`; null in memory. */
  firestore: z.string().nullable(),
  pubsub: z.string().nullable(),
  /** `host:port` where Apigee is reached over plain HTTP, else its base URL. */
  apigee: z.string(),
  org: z.string(),
  functions: z.record(z.string(), z.string()),
  /** Opens the console signed in. */
  console: z.string().optional(),
  /** Takes audit log entries, as the sink would publish them; null in memory. */
  auditTopic: z.string().nullable().optional(),
  /** Base URL of the control server; in memory only. */
  control: z.string().optional(),
  /** The environment variables of the product that the functions run with. */
  settings: z.record(z.string(), z.string()),
  pid: z.int().positive(),
});

/** `.local/stack.json`: where everything is while the stack is up. */
export type StackFile = z.output<typeof fileSchema>;

/** Another stack of this folder is up. */
export class StackIsUp extends Error {
  override readonly name = 'StackIsUp';
}

/** Removes a file that an earlier stack of this folder left behind. Throws StackIsUp if such a stack still answers. */
export async function makeRoom(folder: string): Promise<void> {
  const found = await readStackFile(folder);
  if (found === undefined) return;
  const urls = found === 'unreadable' ? [] : Object.values(found.functions);
  if (found !== 'unreadable' && (await Promise.all(urls.map(functionAnswers))).includes(true)) throw isUp(found);
  await rm(pathIn(folder), { force: true });
}

/** Writes the file atomically: a reader finds all of it or nothing. Throws StackIsUp where another stack was faster. */
export async function writeStackFile(folder: string, file: StackFile): Promise<void> {
  await mkdir(folder, { recursive: true });
  const draft = `${pathIn(folder)}.${String(process.pid)}`;
  await writeFile(draft, `${JSON.stringify(file, undefined, 2)}\n`);
  try {
    await link(draft, pathIn(folder));
  } catch (error) {
    const found = await readStackFile(folder);
    if (found !== undefined && found !== 'unreadable') throw isUp(found);
    throw error;
  } finally {
    await rm(draft, { force: true });
  }
}

/** Removes this stack's file. Another stack's file stays. */
export async function removeStackFile(folder: string): Promise<void> {
  const found = await readStackFile(folder);
  if (found === undefined || found === 'unreadable' || found.pid !== process.pid) return;
  const draft = `${pathIn(folder)}.${String(process.pid)}`;
  await rename(pathIn(folder), draft);
  await rm(draft, { force: true });
}

export async function readStackFile(folder: string): Promise<StackFile | 'unreadable' | undefined> {
  let text: string;
  try {
    text = await readFile(pathIn(folder), 'utf8');
  } catch {
    return undefined;
  }
  try {
    return fileSchema.parse(JSON.parse(text));
  } catch {
    return 'unreadable';
  }
}

function isUp({ pid }: StackFile): StackIsUp {
  return new StackIsUp(`The local stack is up already (process ${String(pid)}): use it, or end it first.`);
}

function pathIn(folder: string): string {
  return join(folder, 'stack.json');
}
