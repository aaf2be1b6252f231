import { execFile } from 'node:child_process';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import { z } from 'zod';
import { BuildError } from './build-error.ts';

const execute = promisify(execFile);
const sourceMap = z.object({ version: z.literal(3), sources: z.tuple([z.string()]) }).loose();

/** The configurations that name what is deployed, each with all that it imports: the functions, the console's server. */
type Project = 'tsconfig.build.json' | 'tsconfig.build-console.json';

/** Checks the types of a project of the checkout `root`. Throws BuildError. */
export function checkTypes(root: string, project: Project): Promise<void> {
  return runCompiler(root, project, []);
}

/** Compiles a project of the checkout `root` to JavaScript in `out`. Throws BuildError. */
export async function compile(root: string, project: Project, out: string): Promise<void> {
  await runCompiler(root, project, ['--outDir', out]);
  const files = await readdir(out, { recursive: true });
  for (const file of files.filter((name) => name.endsWith('.js.map'))) {
    const path = join(out, file);
    await writeFile(path, besideItsSource(await readFile(path, 'utf8')));
  }
}

/**
 * The map as if its source lay beside it. The compiler names the way back into the checkout, which differs with the
 * output folder and leads nowhere once deployed. The source's text is in the map.
 */
export function besideItsSource(text: string): string {
  const map = sourceMap.parse(JSON.parse(text));
  return JSON.stringify({ ...map, sources: map.sources.map((source) => basename(source)) });
}

async function runCompiler(root: string, project: Project, options: readonly string[]): Promise<void> {
  const { resolve } = createRequire(import.meta.url);
  const compiler = join(resolve('typescript/package.json'), '../bin/tsc');
  try {
    await execute(process.execPath, [compiler, '-p', join(root, project), ...options]);
  } catch (error) {
    const said = error instanceof Error && 'stdout' in error ? String(error.stdout) : '';
    throw new BuildError(`${project}: this does not compile.\n${said}`, { cause: error });
  }
}
