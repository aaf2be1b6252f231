import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { allFiles, documents, isPlanned, read } from './tree.ts';

const folders = [
  '.ci',
  '.github',
  'bench',
  'cli',
  'console',
  'docs',
  'functions',
  'local',
  'scripts',
  'shared',
  'terraform',
  'test',
];

/** As the repository's host makes it of a heading. */
function anchorOf(heading: string): string {
  const plain = heading.toLowerCase().replaceAll(/[^\p{L}\p{N}\s_-]/gu, '');
  return plain.trim().replaceAll(' ', '-');
}

function anchorsOf(document: string): readonly string[] {
  return [...read(document).matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) => anchorOf(heading));
}

interface Named {
  readonly path: string;
  readonly planned: boolean;
}

/** Paths in backticks that begin with a folder of ours, and whether the text says that they are planned. */
function namedPaths(document: string): readonly Named[] {
  const named = [...read(document).matchAll(/`([\w.-]+\/[\w./-]+)`(\s\*\(planned\)\*)?/g)];
  return named
    .map(([, path = '', mark]): Named => ({ path, planned: mark !== undefined && isPlanned(mark) }))
    .filter(({ path }) => folders.includes(path.split('/')[0] ?? ''));
}

function isThere(path: string, document: string): boolean {
  return existsSync(path) || existsSync(join(dirname(document), path));
}

describe.each(documents)('%s', (document) => {
  test('every link leads somewhere', () => {
    const links = [...read(document).matchAll(/\]\((?!\w+:)([^)#]*)(?:#([^)]*))?\)/g)];
    const broken = links.filter(([, path = '', anchor]) => {
      const target = path === '' ? document : join(dirname(document), path);
      if (!existsSync(target)) return true;
      return anchor !== undefined && target.endsWith('.md') && !anchorsOf(target).includes(anchor);
    });
    expect(broken.map(([link]) => link)).toEqual([]);
  });

  test('every file that it names is there, and none that it calls planned', () => {
    const wrong = namedPaths(document).filter(({ path, planned }) => isThere(path, document) === planned);
    expect(wrong).toEqual([]);
  });
});

test('every npm script that a document names is there', () => {
  const manifest: unknown = JSON.parse(read('package.json'));
  const named = documents.flatMap((document) =>
    [...read(document).matchAll(/npm run ([\w-]+)/g)].map(([, name = '']) => name),
  );
  expect(named).not.toEqual([]);
  expect(manifest).toMatchObject({ scripts: Object.fromEntries(named.map((name) => [name, expect.any(String)])) });
});

test('the index of decisions names each of them', () => {
  const records = allFiles('docs/decisions').filter((path) => /\/\d{4}-/.test(path));
  const index = read('docs/decisions/README.md');
  expect(records.filter((path) => !index.includes(`](${path.slice('docs/decisions/'.length)})`))).toEqual([]);
  const numbers = records.map((path) => /\/(\d{4})-/.exec(path)?.[1]);
  expect(numbers).toEqual(records.map((_, place) => String(place + 1).padStart(4, '0')));
});
