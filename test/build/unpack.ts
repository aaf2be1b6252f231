import { mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { unzipSync } from 'fflate';

export async function unpack(archive: string, folder: string): Promise<readonly string[]> {
  const files = unzipSync(await readFile(archive));
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), content);
  }
  return Object.keys(files);
}

/**
 * Stands in for `npm ci`: links each of `packages`, paths of a lock, into `folder`, and nothing else. Run with
 * `nodeOptions`, or Node would follow the links and find everything that `root` has.
 */
export async function linkPackages(root: string, packages: Iterable<string>, folder: string): Promise<void> {
  for (const path of packages) {
    if (path.lastIndexOf('node_modules/') > 0) continue;
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await symlink(join(root, path), join(folder, path));
  }
}

export const nodeOptions = '--enable-source-maps --preserve-symlinks --preserve-symlinks-main';
