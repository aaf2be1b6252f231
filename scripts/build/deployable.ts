import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { deployedPackage, productPackage, type DeployedPart } from './deployed-package.ts';
import { importedPackages } from './imported-packages.ts';
import { packageLock, pruneLock } from './prune-lock.ts';
import type { Files } from './zip.ts';

/**
 * A folder that can be deployed, made anew: the JavaScript that `make` writes into it from the checkout `root`, and
 * beside it the package.json and package-lock.json of exactly what that imports. `make` returns the texts of the modules
 * whose imports count. Throws BuildError.
 */
export async function writeDeployable(
  root: string,
  folder: string,
  make: (folder: string) => Promise<readonly string[]>,
  part: DeployedPart,
): Promise<void> {
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  const modules = await make(folder);
  const product = productPackage.parse(await readJson(join(root, 'package.json')));
  const lock = packageLock.parse(await readJson(join(root, 'package-lock.json')));
  const deployed = deployedPackage(product, importedPackages(modules), part);
  await writeFile(join(folder, 'package.json'), json(deployed));
  await writeFile(join(folder, 'package-lock.json'), json(pruneLock(lock, deployed)));
}

/** Every file below `folder` by its path from there, with `/` on every system. */
export async function readFiles(folder: string, ending = ''): Promise<Files> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries.filter((entry) => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name));
  const wanted = paths.filter((path) => path.endsWith(ending));
  const contents = await Promise.all(wanted.map((path) => readFile(path)));
  const relative = (path: string): string => path.slice(folder.length + 1).replaceAll(sep, '/');
  return new Map(contents.map((content, index) => [relative(wanted[index] ?? ''), content]));
}

/** The texts of every file below `folder` with that ending. */
export async function readTexts(folder: string, ending: string): Promise<readonly string[]> {
  const files = await readFiles(folder, ending);
  return [...files.values()].map((content) => Buffer.from(content).toString('utf8'));
}

export function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

export async function readJson(path: string): Promise<unknown> {
  return JSON.parse(await readFile(path, 'utf8'));
}

function json(value: unknown): string {
  return `${JSON.stringify(value, undefined, 2)}\n`;
}
