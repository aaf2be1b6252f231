import { access, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { defects } from './defects.ts';
import { withTable } from './readme-table.ts';

const tree = join(import.meta.dirname, '..', '..');

describe('the list of planted defects', () => {
  test('names every defect once', () => {
    const names = defects.map(({ name }) => name);
    expect(names).toEqual([...new Set(names)]);
  });

  test.each(defects)('fits the product as it is: $name', async ({ file, find, replace, caughtBy }) => {
    const product = await readFile(join(tree, file), 'utf8');
    expect(product.split(find).length - 1).toBe(1);
    expect(replace).not.toBe(find);
    for (const path of caughtBy) await expect(access(join(tree, path))).resolves.toBeUndefined();
  });

  test('is the table in test/README.md: if not, `npm run planted -- --write`', async () => {
    const readme = await readFile(join(tree, 'test', 'README.md'), 'utf8');
    expect(readme).toBe(withTable(readme, defects));
  });
});
