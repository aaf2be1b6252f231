import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { compile, type Project } from './compile.ts';
import { deployedPackage, productPackage, type DeployedPart } from './deployed-package.ts';
import { importedPackages } from './imported-packages.ts';
import { packageLock, pruneLock } from './prune-lock.ts';
import type { Files } from './zip.ts';

/**
 * A folder that can be deployed, made anew: what `project` compiles from the checkout `root`, and beside it the
 * package.json and package-lock.json of exactly what that imports. Throws BuildError.
 */
export async function writeDeployable(
  root: string,
  folder: string,
  project: Project,
  part: DeployedPart,
): Promise<void> {
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  await compile(root, project, folder);
  const compiled = await readFiles(folder, '.js');
  const product = productPackage.parse(await readJson(join(root, 'package.json')));
  const lock = packageLock.parse(await readJson(join(root, 'package-lock.json')));
  const deployed = deployedPackage(product, importedPackages(texts(compiled)), part);
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

export function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
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
