import { join } from 'node:path';
import { compile } from './compile.ts';
import { consolePart } from './deployed-package.ts';
import { buildConsolePage } from './console-page.ts';
import { readFiles, readTexts, sha256, writeDeployable } from './deployable.ts';
import { zip } from './zip.ts';

export interface BuiltConsole {
  /** What is deployed: buildpacks make an image of it. */
  readonly folder: string;
  readonly files: number;
  /** Of the files, packed. */
  readonly bytes: number;
  /** Of their names and contents. */
  readonly sha256: string;
}

/**
 * Builds the deployed console: `console/` in `out`, from the checkout `root`, with the page in its `page/`. The same
 * checkout gives the same bytes where `root` is also the working folder: Vite's names for its files go by that. Throws
 * BuildError; nothing of an earlier build is left then.
 */
export async function buildConsole(root: string, out: string): Promise<BuiltConsole> {
  const folder = join(out, 'console');
  const make = async (into: string): Promise<readonly string[]> => {
    await compile(root, 'tsconfig.build-console.json', into);
    return readTexts(into, '.js');
  };
  await writeDeployable(root, folder, make, consolePart);
  await buildConsolePage(root, join(folder, 'page'));
  const files = await readFiles(folder);
  const packed = zip(files);
  return { folder, files: files.size, bytes: packed.length, sha256: sha256(packed) };
}
