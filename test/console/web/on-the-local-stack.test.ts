import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import type { Page } from 'playwright-core';
import { expectAccessible, picture, tabTo } from './use-console.ts';
import { useConsoleOnStack } from './use-local-stack.ts';

const onStack = useConsoleOnStack();

/** Finds a person by the whole email, and opens the page. */
async function openPerson(page: Page, email: string): Promise<void> {
  await page.getByRole('link', { name: 'Developers', exact: true }).click();
  await page.getByRole('searchbox', { name: 'Search developers' }).fill(email);
  await page.getByRole('table', { name: 'Developers' }).getByRole('link', { name: email }).click();
  await page.getByRole('heading', { level: 1, name: email }).waitFor();
}

test('a run is asked for, followed in people to its end, and stands in the list and the activity', async () => {
  const page = await onStack().open('/');
  const runs = page.getByRole('table', { name: 'Runs', exact: true });
  await runs.waitFor();
  await page.getByLabel('Reason').fill('to see it move');
  await page.getByRole('button', { name: 'Run now' }).click();
  await page.getByRole('progressbar', { name: 'Run progress' }).waitFor();
  await page.getByRole('heading', { name: 'The run is over' }).waitFor();
  await runs.getByText('to see it move').waitFor();
  await page.getByRole('table', { name: 'Activity' }).getByText('to see it move').first().waitFor();
  await page.getByRole('table', { name: 'Needs attention' }).getByText('19 of them', { exact: false }).waitFor();
  await expectAccessible(page);
  await picture(page, 'stack-sync');
});

test('a dry run writes nothing', async () => {
  const { open, apigee } = onStack();
  const page = await open('/');
  apigee.admin.resetCounters();
  await page.getByLabel('Reason').fill('only to look');
  await page.getByRole('button', { name: 'Dry run' }).click();
  await page.getByRole('heading', { name: 'The run is over' }).waitFor();
  const { create, update, status, delete: deleted } = apigee.admin.counters().requests;
  expect([create, update, status, deleted]).toEqual([0, 0, 0, 0]);
});

test('a person is explained, then brought in step', async () => {
  const { open, apigee } = onStack();
  const ivy = apigee.admin.developer('ivy@example.com');
  if (ivy === undefined) throw new Error('the sample has no ivy');
  apigee.admin.seed([{ ...ivy, lastName: 'Changed', lastModifiedAt: Date.now() }]);
  const page = await open('/');
  await page.getByRole('textbox', { name: 'Person' }).fill('ivy@example.com');
  await page.getByRole('button', { name: 'Explain' }).click();
  const dialog = page.getByRole('dialog', { name: 'Explain ivy@example.com' });
  await dialog.getByText('Changed', { exact: true }).first().waitFor();
  await expectAccessible(page);
  await picture(page, 'console-explain', 'screen');
  await dialog.getByLabel('Reason').fill('she waits');
  await dialog.getByRole('button', { name: 'Sync now' }).click();
  await dialog.waitFor({ state: 'hidden' });
  expect(await onStack().stack.portal.get('ivy')).toMatchObject({ lastName: 'Changed' });
});

test('a plan is made, applied as it was read, and undone', async () => {
  const { open, apigee, stack } = onStack();
  const ben = apigee.admin.developer('ben@example.com');
  if (ben === undefined) throw new Error('the sample has no ben');
  const { lastName } = ben;
  apigee.admin.seed([{ ...ben, lastName: 'Planned', lastModifiedAt: Date.now() }]);
  const page = await open('/');
  await page.getByLabel('Reason').fill('after the call');
  await page.getByRole('button', { name: 'Make a plan…' }).click();
  const written = page.getByRole('table', { name: 'Written' });
  await written.getByText('Planned', { exact: true }).waitFor();
  const confirm = async (title: string, action: string): Promise<void> => {
    await page.getByRole('button', { name: `${action}…`, exact: true }).click();
    const dialog = page.getByRole('dialog', { name: title });
    const label = (await dialog.getByText(/^Type \d+, the number of people$/).textContent()) ?? '';
    await dialog.getByLabel(label).fill(label.replaceAll(/\D/g, ''));
    await dialog.getByLabel('Reason').fill('as agreed');
    await dialog.getByRole('button', { name: action, exact: true }).click();
    await dialog.waitFor({ state: 'hidden' });
  };
  await confirm('Apply the plan?', 'Apply');
  await expect.poll(async () => stack.portal.get('ben')).toMatchObject({ lastName: 'Planned' });
  await page.getByRole('button', { name: 'Undo: this run' }).click();
  await page.getByRole('heading', { level: 1, name: 'What an undo would put back' }).waitFor();
  await written.getByText('Planned', { exact: true }).waitFor();
  await confirm('Undo it?', 'Undo');
  await expect.poll(async () => stack.portal.get('ben')).toMatchObject({ lastName });
  expect(apigee.admin.developer('ben@example.com')?.lastName).toBe('Planned');
});

test('an edit is written to both sides, and what another operator did meanwhile is shown first', async () => {
  const { open, apigee, stack } = onStack();
  const [one, other] = [await open('/developers'), await open('/developers', 'operator')];
  for (const page of [one, other]) {
    await openPerson(page, 'jon@example.com');
    await page.getByRole('button', { name: 'Edit' }).click();
  }
  await one.getByLabel('Last name').fill('Jonsson');
  await one.getByLabel('Reason').fill('a typing error');
  await one.getByRole('button', { name: 'Save' }).click();
  await one.getByRole('button', { name: 'Edit' }).waitFor();
  expect(apigee.admin.developer('jon@example.com')?.lastName).toBe('Jonsson');
  expect(await stack.portal.get('jon')).toMatchObject({ lastName: 'Jonsson' });

  await other.getByLabel('Last name').fill('Johnson');
  await other.getByLabel('Reason').fill('as he said');
  await other.getByRole('button', { name: 'Save' }).click();
  await other.getByText('The person changed since you began.').waitFor();
  expect(apigee.admin.developer('jon@example.com')?.lastName).toBe('Jonsson');
  await other.getByRole('button', { name: 'Keep my edit' }).click();
  await other.getByRole('button', { name: 'Save' }).click();
  await other.getByRole('button', { name: 'Edit' }).waitFor();
  expect(apigee.admin.developer('jon@example.com')?.lastName).toBe('Johnson');
  expect(other.url()).not.toMatch(/@|%40/);
});

test('a session that ends in the middle of a form loses nothing', async () => {
  const { open, apigee } = onStack();
  const page = await open('/developers');
  await openPerson(page, 'lea@example.com');
  await page.getByRole('button', { name: 'Edit' }).click();
  await page.getByLabel('First name').fill('Leandra');
  await page.getByLabel('Reason').fill('her full name');
  const cookies = await page.context().cookies();
  await page.context().clearCookies();
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByRole('link', { name: 'Sign in again', exact: true }).waitFor();
  await page.context().addCookies(cookies);
  await page.getByRole('button', { name: 'I am signed in' }).click();
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByRole('button', { name: 'Edit' }).waitFor();
  expect(apigee.admin.developer('lea@example.com')?.firstName).toBe('Leandra');
});

test('a developer is added, deactivated, and deleted with the email typed', async () => {
  const { open, apigee } = onStack();
  const page = await open('/developers');
  await page.getByRole('button', { name: 'Add developer' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('First name').fill('Gil');
  await dialog.getByLabel('Last name').fill('Garcia');
  await dialog.getByLabel('Email').fill('gil@example.com');
  await dialog.getByLabel('Reason').fill('asked by mail');
  await dialog.getByRole('button', { name: 'Add' }).click();
  await page.getByRole('heading', { level: 1, name: 'gil@example.com' }).waitFor();
  expect(apigee.admin.developer('gil@example.com')).toMatchObject({ firstName: 'Gil', status: 'active' });

  await page.getByRole('button', { name: 'Deactivate' }).click();
  await dialog.getByLabel('Reason').fill('key leaked');
  await dialog.getByRole('button', { name: 'Deactivate' }).click();
  await dialog.waitFor({ state: 'hidden' });
  await page.getByRole('button', { name: 'Activate', exact: true }).waitFor();
  expect(apigee.admin.developer('gil@example.com')?.status).toBe('inactive');
  await picture(page, 'stack-person');

  await page.getByRole('button', { name: 'Delete' }).click();
  await dialog.getByLabel('Type the email to delete').fill('gil@example.com');
  await dialog.getByLabel('Reason').fill('a test account');
  await dialog.getByRole('button', { name: 'Delete' }).click();
  await dialog.waitFor({ state: 'hidden' });
  expect(apigee.admin.developer('gil@example.com')).toBeUndefined();
});

test('many are deleted with the keyboard alone: their number typed, followed to the end', async () => {
  const { open, apigee } = onStack();
  const page = await open('/developers');
  for (const email of ['ann@example.com', 'ben@example.com']) {
    await tabTo(page, page.getByRole('checkbox', { name: `Select ${email}` }));
    await page.keyboard.press('Space');
  }
  const bar = page.getByRole('group', { name: 'Selected developers' });
  await bar.getByText('2 selected').waitFor();
  await tabTo(page, bar.getByRole('button', { name: 'Delete' }), 'back');
  await page.keyboard.press('Enter');
  const dialog = page.getByRole('dialog', { name: 'Delete: 2 people?' });
  await tabTo(page, dialog.getByLabel('Type 2, the number of people'));
  await page.keyboard.type('3');
  await tabTo(page, dialog.getByLabel('Reason'));
  await page.keyboard.type('spam accounts');
  await page.keyboard.press('Enter');
  await dialog.getByText('Type 2 to go on.').waitFor();
  await expectAccessible(page);
  expect(apigee.admin.developer('ben@example.com')).toBeDefined();
  await tabTo(page, dialog.getByLabel('Type 2, the number of people'), 'back');
  await page.keyboard.type('2');
  await page.keyboard.press('Enter');
  await page.getByText('2 of 2 people', { exact: false }).waitFor();
  await expect.poll(() => apigee.admin.developer('ben@example.com')).toBeUndefined();
  expect(apigee.admin.developer('ann@example.com')).toBeUndefined();
  await expectAccessible(page);
  await picture(page, 'stack-bulk');
});

test('who was deleted on both sides is found by the whole email, and forgotten', async () => {
  const page = await onStack().open('/developers');
  const find = async (): Promise<void> => {
    await page.getByRole('searchbox', { name: 'Search developers' }).fill('ann@example.com');
    await page.getByRole('searchbox', { name: 'Search developers' }).press('Enter');
  };
  await find();
  await page.getByRole('link', { name: 'ann@example.com' }).click();
  await page.getByRole('heading', { level: 1, name: 'ann@example.com' }).waitFor();
  await page.getByRole('button', { name: 'Forget…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Forget ann@example.com?' });
  await dialog.getByLabel('Type the email to forget').fill('ann@example.com');
  await dialog.getByLabel('Reason').fill('asked in writing');
  await dialog.getByRole('button', { name: 'Forget' }).click();
  await page.getByText('The person is forgotten.', { exact: false }).waitFor();
  await find();
  await page.getByText('No email begins like that').or(page.getByText('Nobody is like that')).first().waitFor();
  expect(page.url()).not.toMatch(/@|%40/);
});

test('names are found by a look through everyone, and exported', async () => {
  const page = await onStack().open('/developers');
  const box = page.getByRole('searchbox', { name: 'Search developers' });
  await page.getByRole('table', { name: 'Developers' }).waitFor();
  await picture(page, 'console-developers', 'screen');
  await box.fill('Osman');
  await box.press('Enter');
  await page.getByRole('row', { name: /omar@example.com/ }).waitFor();
  await page.getByRole('button', { name: 'Export' }).click();
  const waiting = page.waitForEvent('download');
  await page.getByRole('button', { name: 'CSV for spreadsheets' }).click();
  const csv = await readFile(await (await waiting).path(), 'utf8');
  expect(csv.trim().split('\r\n')).toHaveLength(2);
  expect(csv).toContain('omar@example.com');
});

test('a viewer can change nothing, also not by asking the API itself', async () => {
  const page = await onStack().open('/developers', 'viewer');
  await page.getByRole('table', { name: 'Developers' }).waitFor();
  expect(await page.getByRole('button', { name: /Add|Export|activate|Delete/i }).count()).toBe(0);
  const status = await page.evaluate<number>(
    `fetch('/api/runs', { method: 'POST', headers: { 'Content-Type': 'application/json', 'X-Requested-With': 'XMLHttpRequest' }, body: JSON.stringify({ mode: 'full', dryRun: true, reason: 'by hand' }) }).then((response) => response.status)`,
  );
  expect(status).toBe(403);
});
