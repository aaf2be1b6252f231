import { createHash } from 'node:crypto';
import { access, mkdir, mkdtemp, readdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * The console's page, built by Vite: a folder with `index.html` and its assets. It is kept under the hash of what it is
 * made from, and built only where that changed. `root`: the checkout.
 */
export async function builtConsolePage(root: string): Promise<string> {
  const kept = join(root, 'node_modules', '.cache', 'developer-sync-console');
  const folder = join(kept, await hashOfSources(root));
  if (await exists(join(folder, 'index.html'))) return folder;
  await mkdir(kept, { recursive: true });
  const draft = await mkdtemp(join(kept, 'draft-'));
  try {
    await buildConsolePage(root, draft);
    await rename(draft, folder);
  } catch (error) {
    // Another process was as fast: its folder holds the same.
    if (!(await exists(join(folder, 'index.html')))) throw error;
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
  return folder;
}

/** Builds the page into the folder `out`, which is emptied before. */
export async function buildConsolePage(root: string, out: string): Promise<void> {
  const { build } = await import('vite');
  const configFile = join(root, 'console', 'web', 'vite.config.ts');
  // Whoever builds it, a test too, gets what is deployed: React and its compiler go by this variable.
  const before = process.env['NODE_ENV'];
  process.env['NODE_ENV'] = 'production';
  try {
    await build({ configFile, build: { outDir: out, emptyOutDir: true } });
  } finally {
    if (before === undefined) delete process.env['NODE_ENV'];
    else process.env['NODE_ENV'] = before;
  }
}

async function hashOfSources(root: string): Promise<string> {
  const hash = createHash('sha256');
  const folders = ['console/web', 'console/api'];
  const lists = await Promise.all(
    folders.map(async (folder) => {
      const entries = await readdir(join(root, folder), { recursive: true, withFileTypes: true });
      return entries.filter((entry) => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name));
    }),
  );
  for (const path of [...lists.flat().toSorted(), join(root, 'package-lock.json')]) {
    hash.update(path.slice(root.length)).update('\0');
    hash.update(await readFile(path)).update('\0');
  }
  return hash.digest('hex').slice(0, 20);
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
