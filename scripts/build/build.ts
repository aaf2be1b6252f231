import { readdir, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundle } from './bundle.ts';
import { buildConsole } from './build-console.ts';
import { BuildError } from './build-error.ts';
import { checkTypes } from './compile.ts';
import { readFiles, sha256, writeDeployable } from './deployable.ts';
import { functionsPart } from './deployed-package.ts';
import { indexModule } from './index-module.ts';
import { zip } from './zip.ts';

export interface Built {
  /** What is deployed, as a folder and as an archive. */
  readonly folder: string;
  readonly archive: string;
  /** Their names, sorted. */
  readonly functions: readonly string[];
  readonly files: number;
  /** Of the archive. */
  readonly bytes: number;
  readonly sha256: string;
}

/**
 * Builds what is deployed, once for all functions: `functions/` and `functions.zip` in `out`, from the checkout `root`.
 * The same checkout gives the same bytes. Throws BuildError; nothing of an earlier build is left then.
 */
export async function build(root: string, out: string): Promise<Built> {
  const folder = join(out, 'functions');
  const archive = join(out, 'functions.zip');
  await rm(archive, { force: true });
  const sources = await readdir(join(root, 'functions'));
  const names = sources
    .filter((name) => name.endsWith('.ts'))
    .map((name) => basename(name, '.ts'))
    .toSorted();
  await checkTypes(root, 'tsconfig.build.json');
  await writeDeployable(root, folder, (into) => bundle(root, names, into), functionsPart);
  await writeFile(join(folder, 'index.js'), indexModule(names));

  const files = await readFiles(folder);
  const bytes = zip(files);
  await writeFile(archive, bytes);
  return { folder, archive, functions: names, files: files.size, bytes: bytes.length, sha256: sha256(bytes) };
}

async function main(): Promise<void> {
  const root = fileURLToPath(new URL('../..', import.meta.url));
  const out = join(root, 'dist');
  try {
    await rm(out, { recursive: true, force: true });
    const functions = await build(root, out);
    report(functions.archive, functions);
    const web = await buildConsole(root, out);
    report(web.folder, web);
  } catch (error) {
    if (!(error instanceof BuildError)) throw error;
    console.error(error.message);
    process.exitCode = 1;
  }
}

function report(path: string, { files, bytes, sha256 }: Pick<Built, 'files' | 'bytes' | 'sha256'>): void {
  console.log(`${path}: ${String(files)} files, ${String(Math.ceil(bytes / 1024))} KiB, sha256 ${sha256}`);
}

if (import.meta.main) await main();
