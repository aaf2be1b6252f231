import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path/posix';
import { describe, expect, test } from 'vitest';

const root = join(import.meta.dirname, '..');
const folders = ['functions', 'console', 'cli', 'shared', 'local', 'bench', 'scripts', 'test'];

interface Import {
  readonly from: string;
  /** A path from the root of the repository, or the name of a package or builtin. */
  readonly to: string;
}

const statements = [
  /^\s*(?:import|export)\s[^'"`]*?\bfrom\s*['"]([^'"]+)['"]/gm,
  /^\s*import\s*['"]([^'"]+)['"]/gm,
  /\bimport\(\s*['"]([^'"]+)['"]/g,
];

/** Every import of a module, those of types and those made while running included. */
function importsOf(from: string, text: string): readonly Import[] {
  return statements.flatMap((pattern) =>
    [...text.matchAll(pattern)].map(([, specifier = '']) => {
      const to = specifier.startsWith('.') ? relative(root, join(root, dirname(from), specifier)) : specifier;
      return { from, to };
    }),
  );
}

const files = readdirSync(root, { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && folders.includes(entry.name))
  .flatMap(({ name }) =>
    readdirSync(join(root, name), { recursive: true, encoding: 'utf8' }).map((path) => join(name, path)),
  )
  .filter((path) => /\.tsx?$/.test(path));
const imports = files.flatMap((from) => importsOf(from, readFileSync(join(root, from), 'utf8')));

const isIn = (path: string, ...places: readonly string[]): boolean =>
  places.some((place) => path.startsWith(`${place}/`));

/** The imports that break a rule, in words that name the file to mend. */
function breaking(isForbidden: (one: Import) => boolean): readonly string[] {
  return imports.filter(isForbidden).map(({ from, to }) => `${from} imports ${to}`);
}

/** A circle of files, each of which imports the next; empty where there is none. */
function circleIn(edges: readonly Import[]): readonly string[] {
  const targets = Map.groupBy(edges, ({ from }) => from);
  const done = new Set<string>();
  const visit = (file: string, path: readonly string[]): readonly string[] => {
    if (path.includes(file)) return [...path.slice(path.indexOf(file)), file];
    if (done.has(file)) return [];
    for (const { to } of targets.get(file) ?? []) {
      const circle = visit(to, [...path, file]);
      if (circle.length > 0) return circle;
    }
    done.add(file);
    return [];
  };
  for (const file of targets.keys()) {
    const circle = visit(file, []);
    if (circle.length > 0) return circle;
  }
  return [];
}

describe('reading imports', () => {
  test('finds values, types, several lines, exports and imports made while running', () => {
    // Not in place, or this file would count as importing it.
    const quoted = `'./g.ts'`;
    const text = [
      `import a, { type B } from './a.ts';`,
      `import type {\n  C,\n  D,\n} from '../c.ts';`,
      `export { e } from './e/e.ts';`,
      `import './side-effect.ts';`,
      `import { f } from 'node:fs';`,
      `  const { g } = await import(${quoted});`,
      `// Prose that imports nothing from 'anywhere'.`,
    ].join('\n');
    expect(
      importsOf('shared/x/y.ts', text)
        .map(({ to }) => to)
        .toSorted(),
    ).toEqual([
      'node:fs',
      'shared/c.ts',
      'shared/x/a.ts',
      'shared/x/e/e.ts',
      'shared/x/g.ts',
      'shared/x/side-effect.ts',
    ]);
  });

  test('reads the whole house', () => {
    expect(files.length).toBeGreaterThan(400);
    expect(imports.length).toBeGreaterThan(2000);
    const known = new Set(files);
    expect(breaking(({ to }) => /\.tsx?$/.test(to) && !known.has(to))).toEqual([]);
  });
});

describe('who may import whom', () => {
  test('the command line is imported by nobody but itself, its tests, and those of the documents that describe it', () => {
    expect(breaking(({ from, to }) => isIn(to, 'cli') && !isIn(from, 'cli', 'test/cli', 'test/documents'))).toEqual([]);
  });

  test('the operator’s wing knows no face: neither the command line, nor the console, nor a function', () => {
    const faces = ['cli', 'console', 'functions'];
    expect(breaking(({ from, to }) => isIn(from, 'shared/operator') && isIn(to, ...faces))).toEqual([]);
  });

  test('the operator’s wing brings nothing of a terminal or of HTTP', () => {
    const terminal = ['commander', 'cli-progress', 'cli-table3', 'node:process', 'node:readline', 'node:tty'];
    const forbidden = new Set([...terminal, 'node:http', 'node:https', '@google-cloud/functions-framework']);
    expect(breaking(({ from, to }) => isIn(from, 'shared/operator') && forbidden.has(to))).toEqual([]);
  });

  test('the core imports itself, and for hashes node:crypto, and nothing else', () => {
    const isCore = ({ to }: Import): boolean => isIn(to, 'shared/core') || to === 'node:crypto';
    expect(breaking((one) => isIn(one.from, 'shared/core') && !isCore(one))).toEqual([]);
  });

  test('the product imports nothing outside of itself', () => {
    const isOurs = (path: string): boolean => isIn(path, ...folders);
    expect(breaking(({ from, to }) => isIn(from, 'shared') && isOurs(to) && !isIn(to, 'shared'))).toEqual([]);
  });

  test('the console’s page imports itself, the words of the API, and packages for browsers: nothing of the server', () => {
    const isOfPage = (path: string): boolean => isIn(path, 'console/web', 'console/api');
    const isOurs = (path: string): boolean => isIn(path, ...folders) || path.startsWith('node:');
    const isBuild = (path: string): boolean => path === 'console/web/vite.config.ts';
    expect(
      breaking(({ from, to }) => isIn(from, 'console/web') && isOurs(to) && !isOfPage(to) && !isBuild(from)),
    ).toEqual([]);
    expect(breaking(({ from, to }) => isIn(to, 'console/web') && !isIn(from, 'console/web'))).toEqual([]);
  });

  test('functions are imported by nobody but what starts them', () => {
    expect(breaking(({ from, to }) => isIn(to, 'functions') && !isIn(from, 'local', 'scripts'))).toEqual([]);
  });

  test('nothing but a test imports tests', () => {
    expect(breaking(({ from, to }) => isIn(to, 'test') && !isIn(from, 'test'))).toEqual([]);
  });

  test('no file imports itself by way of others, not even for a type', () => {
    const house = ['functions', 'console', 'cli', 'shared', 'local', 'bench', 'scripts'];
    expect(circleIn(imports.filter(({ from }) => isIn(from, ...house)))).toEqual([]);
  });

  test('a circle is found, whatever leads into it', () => {
    const edges = ['a b', 'b c', 'c d', 'd b', 'a d'].map((edge): Import => {
      const [from = '', to = ''] = edge.split(' ');
      return { from, to };
    });
    expect(circleIn(edges)).toEqual(['b', 'c', 'd', 'b']);
    expect(circleIn(edges.filter(({ from }) => from !== 'd'))).toEqual([]);
  });
});
