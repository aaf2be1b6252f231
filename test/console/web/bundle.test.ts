import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { builtConsolePage } from '../../../scripts/build/console-page.ts';

const root = join(import.meta.dirname, '..', '..', '..');
const most = 180 * 1024;

test('everything that the page loads is smaller than 180 KiB, compressed', async () => {
  const folder = await builtConsolePage(root);
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name));
  const sizes = await Promise.all(files.map(async (file) => gzipSync(await readFile(file)).length));
  const total = sizes.reduce((sum, size) => sum + size, 0);
  expect(files.length).toBeGreaterThan(3);
  expect(total).toBeLessThan(most);
});

test('the page holds no inline code or style, which its policy forbids', async () => {
  const html = await readFile(join(await builtConsolePage(root), 'index.html'), 'utf8');
  expect(html).not.toMatch(/<script(?![^>]*\bsrc=)|<style|\bstyle=|\bon\w+=/);
});
