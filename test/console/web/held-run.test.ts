import { expect, test } from 'vitest';
import { expectAccessible, picture } from './use-console.ts';
import { useConsoleOnStack } from './use-local-stack.ts';

const onStack = useConsoleOnStack({
  env: { DESTRUCTIVE_LIMIT: '2', DESTRUCTIVE_LIMIT_PERCENT: '100' },
  pushes: false,
});

test('a held run is approved: the list is what is applied', async () => {
  const { open, apigee, stack, run } = onStack();
  for (const id of ['ivy', 'jon', 'lea']) await stack.portal.delete(id);
  const held = await run();
  expect(held.state).toBe('held');
  const planned = held.gate?.planned ?? 0;
  const page = await open('/');
  await page.getByRole('button', { name: 'Approve' }).click();
  const dialog = page.getByRole('dialog', { name: 'Approve the held run?' });
  await dialog.getByRole('table', { name: 'Planned' }).getByText('lea@example.com').waitFor();
  await dialog.getByLabel(`Type ${String(planned)}, the number of people`).fill(String(planned));
  await dialog.getByLabel('Reason').fill('they left');
  await expectAccessible(page);
  await picture(page, 'stack-approve');
  await dialog.getByRole('button', { name: 'Approve' }).click();
  await dialog.waitFor({ state: 'hidden' });
  await expect.poll(() => apigee.admin.developer('lea@example.com')?.status, { timeout: 15_000 }).toBe('inactive');
});
