import { mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { unzipSync } from 'fflate';
import { z } from 'zod';
import type { PackageLock } from '../../scripts/build/prune-lock.ts';

/** Returns the paths of the archive, in its order. */
export async function unpack(archive: string, folder: string): Promise<readonly string[]> {
  const files = unzipSync(await readFile(archive));
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), content);
  }
  return Object.keys(files);
}

const manifest = z.object({ version: z.string() });

/**
 * Stands in for `npm ci`: links the packages of `lock`, as they are installed in `root`, into `folder`, and nothing else.
 * Run with `nodeOptions`, or Node would follow the links and find everything that `root` has.
 */
export async function linkPackages(root: string, { packages }: PackageLock, folder: string): Promise<void> {
  for (const [path, { version }] of Object.entries(packages)) {
    if (path === '') continue;
    const installed = await readFile(join(root, path, 'package.json'), 'utf8').catch(() => '{"version":"none"}');
    if (manifest.parse(JSON.parse(installed)).version !== version) {
      throw new Error(`${path} is not installed as package-lock.json has it: run npm ci`);
    }
    // What lies within another package comes with it.
    if (path.lastIndexOf('node_modules/') > 0) continue;
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await symlink(join(root, path), join(folder, path));
  }
}

export const nodeOptions = '--enable-source-maps --preserve-symlinks --preserve-symlinks-main';
