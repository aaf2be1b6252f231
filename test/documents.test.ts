import { readFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';

const documents = ['README.md', 'docs/runbook.md', 'terraform/README.md', 'test/README.md'];
const folders = ['cli', 'docs', 'functions', 'local', 'scripts', 'shared', 'terraform', 'test'];

test.each(documents)('every file that %s speaks of is there', async (document) => {
  const text = await readFile(document, 'utf8');
  const links = [...text.matchAll(/\]\(([^)#:]+)(?:#[^)]*)?\)/g)].map(([, path = '']) => join(dirname(document), path));
  const named = [...text.matchAll(/`([\w-]+\/[\w./-]+)`/g)].map(([, path = '']) => path);
  const ours = named.filter((path) => folders.includes(path.split('/')[0] ?? ''));
  const missing = [...links, ...ours].filter((path) => !existsSync(path) && !existsSync(join(dirname(document), path)));
  expect(missing).toEqual([]);
});

test('every npm script that README.md names is there', async () => {
  const manifest: unknown = JSON.parse(await readFile('package.json', 'utf8'));
  const named = [...(await readFile('README.md', 'utf8')).matchAll(/npm run ([\w-]+)/g)].map(([, name = '']) => name);
  expect(manifest).toMatchObject({ scripts: Object.fromEntries(named.map((name) => [name, expect.any(String)])) });
});
