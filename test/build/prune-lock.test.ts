import { describe, expect, test } from 'vitest';
import { deployedPackage, functionsPart } from '../../scripts/build/deployed-package.ts';
import { pruneLock, type PackageLock } from '../../scripts/build/prune-lock.ts';

type Packages = PackageLock['packages'];

function prune(packages: Packages, imported: readonly string[] = ['a']): Packages {
  const dependencies = { a: '1.0.0', b: '1.0.0' };
  const product = { name: 'product', version: '1.2.3', license: 'Apache-2.0', dependencies };
  return pruneLock({ lockfileVersion: 3, packages }, deployedPackage(product, imported, functionsPart)).packages;
}

const one = { version: '1.0.0' };
const two = { version: '2.0.0' };

describe('the pruned lock', () => {
  test('keeps what the imported packages lead to, and no more', () => {
    const packages = {
      '': {},
      'node_modules/a': { ...one, dependencies: { c: '^1' } },
      'node_modules/b': one,
      'node_modules/c': { ...one, integrity: 'sha512-c', dependencies: { a: '^1' } },
      'node_modules/tool': { ...one, dev: true },
    };
    const pruned = prune(packages);
    expect(Object.keys(pruned)).toEqual(['', 'node_modules/a', 'node_modules/c']);
    expect(pruned['node_modules/c']).toEqual(packages['node_modules/c']);
    expect(pruned['']).toMatchObject({ name: 'product-functions', dependencies: { a: '1.0.0' } });
  });

  test('finds a package where Node finds it: in the folder of whoever needs it, then further up', () => {
    const packages = {
      'node_modules/@s/c': one,
      'node_modules/a': { ...one, dependencies: { '@s/c': '^2', d: '^1' } },
      'node_modules/a/node_modules/@s/c': { ...two, dependencies: { d: '^1' } },
      'node_modules/b': { ...one, dependencies: { '@s/c': '^1' } },
      'node_modules/d': one,
      'node_modules/e/node_modules/d': two,
    };
    expect(Object.keys(prune(packages)).toSorted()).toEqual([
      '',
      'node_modules/a',
      'node_modules/a/node_modules/@s/c',
      'node_modules/d',
    ]);
  });

  test('keeps peers, but not those that may be missing', () => {
    const packages = {
      'node_modules/a': {
        ...one,
        peerDependencies: { c: '*', d: '*' },
        peerDependenciesMeta: { d: { optional: true } },
      },
      'node_modules/c': one,
      'node_modules/d': one,
    };
    expect(Object.keys(prune(packages))).toEqual(['', 'node_modules/a', 'node_modules/c']);
  });

  test('marks as optional what nothing else needs, whatever the product needed it for', () => {
    const packages = {
      'node_modules/a': { ...one, optionalDependencies: { c: '*', d: '*', gone: '*' } },
      'node_modules/b': { ...one, dependencies: { d: '*' } },
      'node_modules/c': { ...one, devOptional: true, dependencies: { e: '*' } },
      'node_modules/d': { ...one, optional: true },
      'node_modules/e': one,
    };
    expect(prune(packages, ['a', 'b'])).toMatchObject({
      'node_modules/c': { ...one, optional: true, dependencies: { e: '*' } },
      'node_modules/d': one,
      'node_modules/e': { ...one, optional: true },
    });
    expect(prune(packages, ['a', 'b'])['node_modules/c']).not.toHaveProperty('devOptional');
    expect(prune(packages, ['a', 'b'])['node_modules/d']).not.toHaveProperty('optional');
  });

  test.for<[string, Packages, string]>([
    ['lacks what is imported', {}, 'package-lock.json has a undefined, not 1.0.0: run npm install'],
    ['has another version', { 'node_modules/a': two }, 'package-lock.json has a 2.0.0, not 1.0.0: run npm install'],
    [
      'lacks what something needs',
      { 'node_modules/a': { ...one, dependencies: { c: '*' } } },
      'package-lock.json lacks c, which node_modules/a needs: run npm install',
    ],
  ])('is refused where the lock %s', ([, packages, problem]) => {
    expect(() => prune(packages)).toThrow(problem);
  });
});
