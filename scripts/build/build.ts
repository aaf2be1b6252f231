import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { basename, join, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { BuildError } from './build-error.ts';
import { compile } from './compile.ts';
import { deployedPackage, productPackage } from './deployed-package.ts';
import { importedPackages } from './imported-packages.ts';
import { indexModule } from './index-module.ts';
import { packageLock, pruneLock } from './prune-lock.ts';
import { zip, type Files } from './zip.ts';

export interface Built {
  /** What is deployed, as a folder and as an archive. */
  readonly folder: string;
  readonly archive: string;
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
  await Promise.all([rm(folder, { recursive: true, force: true }), rm(archive, { force: true })]);
  await mkdir(folder, { recursive: true });

  await compile(root, folder);
  const compiled = await readFiles(folder, '.js');
  const product = productPackage.parse(await readJson(join(root, 'package.json')));
  const lock = packageLock.parse(await readJson(join(root, 'package-lock.json')));
  const sources = await readdir(join(root, 'functions'));
  const names = sources.filter((name) => name.endsWith('.ts')).map((name) => basename(name, '.ts'));
  const deployed = deployedPackage(product, importedPackages(texts(compiled)));
  await writeFile(join(folder, 'index.js'), indexModule(names));
  await writeFile(join(folder, 'package.json'), json(deployed));
  await writeFile(join(folder, 'package-lock.json'), json(pruneLock(lock, deployed)));

  const files = await readFiles(folder);
  const bytes = zip(files);
  await writeFile(archive, bytes);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  return { folder, archive, files: files.size, bytes: bytes.length, sha256 };
}

async function readFiles(folder: string, ending = ''): Promise<Files> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries.filter((entry) => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name));
  const wanted = paths.filter((path) => path.endsWith(ending));
  const contents = await Promise.all(wanted.map((path) => readFile(path)));
  const relative = (path: string): string => path.slice(folder.length + 1).replaceAll(sep, '/');
  return new Map(contents.map((content, index) => [relative(wanted[index] ?? ''), content]));
}

function texts(files: Files): readonly string[] {
  return [...files.values()].map((content) => Buffer.from(content).toString('utf8'));
}

async function readJson(path: string): Promise<unknown> {
  return JSON.parse(await readFile(path, 'utf8'));
}

function json(value: unknown): string {
  return `${JSON.stringify(value, undefined, 2)}\n`;
}

async function main(): Promise<void> {
  const root = fileURLToPath(new URL('../..', import.meta.url));
  try {
    const { archive, files, bytes, sha256 } = await build(root, join(root, 'dist'));
    console.log(`${archive}: ${String(files)} files, ${String(Math.ceil(bytes / 1024))} KiB, sha256 ${sha256}`);
  } catch (error) {
    if (!(error instanceof BuildError)) throw error;
    console.error(error.message);
    process.exitCode = 1;
  }
}

if (import.meta.main) await main();
