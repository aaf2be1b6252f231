import { cp, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import type { PlantedDefect } from './planted-defect.ts';

/** The working tree once more, in a temporary directory, where defects may be planted. */
export interface ScratchCopy {
  readonly folder: string;
  /** Resolves with how to take the defect out again. */
  plant(defect: PlantedDefect): Promise<() => Promise<void>>;
  remove(): Promise<void>;
}

/** Neither needed by the tests nor small; `node_modules` is linked. */
const leftOut = new Set(['.git', '.local', 'coverage', 'dist', 'node_modules']);

export async function makeScratchCopy(tree: string): Promise<ScratchCopy> {
  const folder = await mkdtemp(join(tmpdir(), 'planted-'));
  await cp(tree, folder, { recursive: true, filter: (source) => !leftOut.has(relative(tree, source)) });
  await symlink(join(tree, 'node_modules'), join(folder, 'node_modules'));
  return {
    folder,
    async plant({ file, find, replace }) {
      const path = join(folder, file);
      const sound = await readFile(path, 'utf8');
      const [before, after, ...more] = sound.split(find);
      if (before === undefined || after === undefined || more.length > 0)
        throw new Error(`not exactly once in ${file}: ${find}`);
      await writeFile(path, before + replace + after);
      return () => writeFile(path, sound);
    },
    remove: () => rm(folder, { recursive: true, force: true, maxRetries: 3 }),
  };
}
