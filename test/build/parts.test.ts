import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { besideItsSource, checkTypes, compile } from '../../scripts/build/compile.ts';
import { deployedPackage, functionsPart } from '../../scripts/build/deployed-package.ts';
import { importedPackages } from '../../scripts/build/imported-packages.ts';
import { zip } from '../../scripts/build/zip.ts';

describe('imported packages', () => {
  test('are named once each, whichever way and wherever in them', () => {
    const modules = [
      `import { a } from 'one';\nimport 'two/register.js';\nimport {\n  b,\n} from "@s/three/deep";\nexport * from 'four';`,
      `import d, { type e } from 'one/more';\nconst later = () => import('five');\nimport { f } from './own.js';`,
      `import { g } from 'node:fs';\nimport h from 'path';`,
    ];
    expect(importedPackages(modules)).toEqual(['@s/three', 'five', 'four', 'one', 'two']);
  });

  test.for([
    `const a = await import(name);`,
    `const a = require('one');`,
    `import { createRequire } from 'node:module';`,
  ])('cannot be told from %s, which stops the build', (line) => {
    expect(() => importedPackages([`const before = 1;\n${line}\nconst after = 2;`])).toThrow(line);
  });
});

describe('the deployed package.json', () => {
  const product = { name: 'p', version: '1.0.0', license: 'L', dependencies: { a: '1.2.3', b: '^1.2.3' } };

  test('cannot be made for an import that is no dependency', () => {
    expect(() => deployedPackage(product, ['a', 'c'], functionsPart)).toThrow(
      'c is imported but is not in the dependencies',
    );
  });

  test('cannot be made with a range of versions', () => {
    expect(() => deployedPackage(product, ['b'], functionsPart)).toThrow(
      'b is ^1.2.3 in package.json: set one exact version',
    );
  });
});

describe('a source map', () => {
  test('names the source as if it lay beside it', () => {
    const map = { version: 3, sources: ['../../../elsewhere/a.ts'], sourcesContent: ['text'], mappings: 'AAAA' };
    expect(JSON.parse(besideItsSource(JSON.stringify(map)))).toEqual({ ...map, sources: ['a.ts'] });
  });
});

describe('a zip', () => {
  test('is the same whatever the order of its files', () => {
    const [a, b] = [Buffer.from('one'), Buffer.from('two')];
    expect(
      zip(
        new Map([
          ['x/b', b],
          ['x/a', a],
        ]),
      ),
    ).toEqual(
      zip(
        new Map([
          ['x/a', a],
          ['x/b', b],
        ]),
      ),
    );
  });
});

describe('the compiler', () => {
  test('says what is wrong with the code', async () => {
    const root = await mkdtemp(join(tmpdir(), 'compile-'));
    onTestFinished(() => rm(root, { recursive: true, force: true }));
    await writeFile(join(root, 'wrong.ts'), 'const one: string = 1;');
    const project = '{"compilerOptions":{"types":[],"noEmit":true},"include":["wrong.ts"]}';
    await writeFile(join(root, 'tsconfig.build.json'), project);
    await writeFile(join(root, 'tsconfig.build-console.json'), project);
    await expect(checkTypes(root, 'tsconfig.build.json')).rejects.toThrow(/wrong\.ts.*TS2322/);
    await expect(compile(root, 'tsconfig.build-console.json', join(root, 'out'))).rejects.toThrow(/wrong\.ts.*TS2322/);
  });
});
