import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { basename, dirname, join, relative } from 'node:path';
import { rolldown, type OutputChunk } from 'rolldown';
import { z } from 'zod';
import { BuildError } from './build-error.ts';
import { readJson } from './deployable.ts';
import { productPackage } from './deployed-package.ts';

/**
 * The packages that become a part of the bundle, as one file each with what is used of it: read before a function
 * listens, zod's hundred files took longer than everything else. All others are installed beside the bundle.
 */
const bundled: readonly string[] = ['zod'];
const packages = 'packages/';
const installed = z.object({ version: z.string() });

/**
 * Bundles the modules `names` of the folder `functions` of the checkout `root` into `out`: each function keeps its path;
 * what functions share, or load later, lies in `shared/`; bundled packages lie in `packages/`. Our own files have source
 * maps, by which stacks name the files of the checkout. Returns the texts of our own files. Throws BuildError.
 */
export async function bundle(root: string, names: readonly string[], out: string): Promise<readonly string[]> {
  for (const name of bundled) await requireInstalled(root, name);
  const chunks = await chunksOf(root, names, out);
  for (const { fileName, code, map } of chunks) {
    const path = join(out, fileName);
    await mkdir(dirname(path), { recursive: true });
    if (fileName.startsWith(packages)) {
      await writeFile(path, `${await licenseOf(root, basename(fileName, '.js'))}${code}`);
      continue;
    }
    await writeFile(path, `${code}//# sourceMappingURL=${basename(fileName)}.map\n`);
    await writeFile(`${path}.map`, JSON.stringify(map));
  }
  return chunks.filter(({ fileName }) => !fileName.startsWith(packages)).map(({ code }) => code);
}

async function chunksOf(root: string, names: readonly string[], out: string): Promise<readonly OutputChunk[]> {
  const problems: string[] = [];
  const input = names.map((name) => [`functions/${name}`, join(root, 'functions', `${name}.ts`)] as const);
  const build = await rolldown({
    cwd: root,
    platform: 'node',
    tsconfig: false,
    // Names in the bundle go by paths, and are to be the same wherever packages are linked from.
    resolve: { symlinks: false },
    input: Object.fromEntries(input),
    external: (id) => !/^[./]/.test(id) && !bundled.some((name) => id === name || id.startsWith(`${name}/`)),
    onLog: (_level, { message }) => void problems.push(message),
  });
  try {
    const { output } = await build.generate({
      dir: out,
      format: 'es',
      comments: false,
      minifyInternalExports: false,
      sourcemap: 'hidden',
      sourcemapPathTransform: (source, map) => sourceBesideItsMap(root, out, source, map),
      entryFileNames: '[name].js',
      chunkFileNames: ({ name }) => (name.startsWith(packages) ? '[name].js' : 'shared/[name].js'),
      codeSplitting: { groups: bundled.map((name) => ({ name: `${packages}${name}`, test: inPackage(name) })) },
    });
    if (problems.length > 0) throw new BuildError(problems.join('\n'));
    return output.filter((file) => file.type === 'chunk');
  } finally {
    await build.close();
  }
}

function inPackage(name: string): RegExp {
  return new RegExp(`[\\\\/]node_modules[\\\\/]${name}[\\\\/]`);
}

/** The way from a map to its source if the sources lay in `out` as they lie in the checkout. */
function sourceBesideItsMap(root: string, out: string, source: string, map: string): string {
  const folder = dirname(map);
  const inCheckout = relative(root, join(folder, source));
  return relative(folder, join(out, inCheckout)).replaceAll('\\', '/');
}

/** What is bundled is to be what was tested. */
async function requireInstalled(root: string, name: string): Promise<void> {
  const { dependencies } = productPackage.parse(await readJson(join(root, 'package.json')));
  const { version } = installed.parse(await readJson(join(root, 'node_modules', name, 'package.json')));
  if (version !== dependencies[name]) {
    throw new BuildError(`${name} ${version} is installed, not ${String(dependencies[name])}: run npm ci`);
  }
}

/** As its license asks for wherever its code is. */
async function licenseOf(root: string, name: string): Promise<string> {
  const text = await readFile(join(root, 'node_modules', name, 'LICENSE'), 'utf8');
  return `/*! ${name}\n${text.trimEnd()}\n*/\n`;
}
