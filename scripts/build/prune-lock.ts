import { z } from 'zod';
import { BuildError } from './build-error.ts';
import type { DeployedPackage } from './deployed-package.ts';

const versions = z.record(z.string(), z.string()).default({});
const entry = z.record(z.string(), z.unknown());
const needs = z.object({
  version: z.string(),
  dependencies: versions,
  optionalDependencies: versions,
  peerDependencies: versions,
  peerDependenciesMeta: z.record(z.string(), z.object({ optional: z.boolean().default(false) })).default({}),
});

/** A package-lock.json of version 3: each installed package by its path, `''` being the project itself. */
export const packageLock = z.object({ lockfileVersion: z.literal(3), packages: z.record(z.string(), entry) });
export type PackageLock = z.infer<typeof packageLock>;
export type PrunedLock = PackageLock & { readonly name: string; readonly version: string; readonly requires: true };
type Entry = z.infer<typeof entry>;

/** Dropped from every entry, since they say how the product needs a package, not how the deployed functions do. */
const flags = new Set(['dev', 'devOptional', 'optional', 'extraneous']);

/**
 * The part of the product's lock that the deployed package needs: the same packages at the same places in the same
 * versions, so that `npm ci` installs what was tested. Throws BuildError where the lock lacks something.
 * @see https://docs.npmjs.com/cli/v11/configuring-npm/package-lock-json
 */
export function pruneLock(lock: PackageLock, deployed: DeployedPackage): PrunedLock {
  const { name, version, license, dependencies, engines } = deployed;
  for (const [dependency, wanted] of Object.entries(dependencies)) {
    const locked = lock.packages[`node_modules/${dependency}`]?.['version'];
    if (locked !== wanted) {
      throw new BuildError(`package-lock.json has ${dependency} ${String(locked)}, not ${wanted}: run npm install`);
    }
  }
  const start = Object.keys(dependencies).map((dependency) => `node_modules/${dependency}`);
  const required = reach(lock, start, 'required');
  const kept = reach(lock, start, 'all');
  const paths = Object.keys(lock.packages).filter((path) => kept.has(path));
  const packages = paths.map((path) => {
    const members = Object.entries(entryAt(lock, path)).filter(([member]) => !flags.has(member));
    return [path, { ...Object.fromEntries(members), ...(required.has(path) ? {} : { optional: true }) }] as const;
  });
  return {
    name,
    version,
    lockfileVersion: lock.lockfileVersion,
    requires: true,
    packages: Object.fromEntries<Entry>([['', { name, version, license, dependencies, engines }], ...packages]),
  };
}

/** Paths of everything that `start` leads to; without what is only an optional dependency, unless `all`. */
function reach(lock: PackageLock, start: readonly string[], edges: 'required' | 'all'): ReadonlySet<string> {
  const reached = new Set(start);
  // A set's iterator also visits what is added meanwhile.
  for (const path of reached) {
    const { dependencies, optionalDependencies, peerDependencies, peerDependenciesMeta } = needs.parse(
      entryAt(lock, path),
    );
    const peers = Object.keys(peerDependencies).filter((name) => !(peerDependenciesMeta[name]?.optional ?? false));
    for (const name of [...Object.keys(dependencies), ...peers]) {
      const found = find(lock, path, name);
      if (found === undefined)
        throw new BuildError(`package-lock.json lacks ${name}, which ${path} needs: run npm install`);
      reached.add(found);
    }
    if (edges === 'required') continue;
    for (const name of Object.keys(optionalDependencies)) {
      const found = find(lock, path, name);
      if (found !== undefined) reached.add(found);
    }
  }
  return reached;
}

/** Where `name` is found from within the package at `from`, as Node looks for it: in its own folder, then further up. */
function find(lock: PackageLock, from: string, name: string): string | undefined {
  for (let base = from; ; base = base.slice(0, Math.max(0, base.lastIndexOf('/node_modules/')))) {
    const path = base === '' ? `node_modules/${name}` : `${base}/node_modules/${name}`;
    if (path in lock.packages) return path;
    if (base === '') return undefined;
  }
}

function entryAt(lock: PackageLock, path: string): Entry {
  const found = lock.packages[path];
  if (found === undefined) throw new BuildError(`package-lock.json lacks ${path}: run npm install`);
  return found;
}
