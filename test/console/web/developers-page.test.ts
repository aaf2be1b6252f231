import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { expectAccessible, expectFitForAll, picture, useConsole } from './use-console.ts';

const theConsole = useConsole();

test('lists developers by pages, with their status and how they stand', async () => {
  const page = await theConsole().open('/developers');
  const table = page.getByRole('table', { name: 'Developers' });
  await table.getByRole('row', { name: /emil.weber@example.com .* failed/ }).waitFor();
  expect(await table.getByRole('row').count()).toBe(13);
  await page.getByRole('button', { name: 'Show more' }).click();
  await page.getByText('16 developers shown').waitFor();
});

test('is accessible wide and narrow, light and dark, and fits on 320 px', async () => {
  const page = await theConsole().open('/developers');
  await page.getByRole('table', { name: 'Developers' }).waitFor();
  await expectFitForAll(page, 'developers');
});

test('emails are found as they are typed, names by a look through everyone; neither gets into the address', async () => {
  const { api, open } = theConsole();
  const page = await open('/developers');
  const box = page.getByRole('searchbox', { name: 'Search developers' });
  await box.fill('emil.weber@example.com');
  await page.getByText('1 developer shown').waitFor();
  expect(api.asked.at(-1)).toEqual({ name: 'searchDevelopers', body: { query: 'emil.weber@example.com' } });

  await box.fill('Okafor');
  await page.getByText('No email begins like that').waitFor();
  await expectAccessible(page);
  await box.press('Enter');
  await page.getByText(/Everyone was looked at: \d+ found among 16 developers/).waitFor();
  await page.getByRole('row', { name: /Dora Okafor/ }).waitFor();
  expect(page.url()).toMatch(/\/developers$/);

  await box.fill('plan=gold');
  await box.press('Enter');
  await page.getByText(/Everyone was looked at: 6 found/).waitFor();
  expect(page.url()).toContain('where=plan%3Dgold');
});

test('filters and columns stand in the address, and an address brings them back', async () => {
  const { open } = theConsole();
  let page = await open('/developers');
  await page.getByRole('combobox', { name: 'Status' }).selectOption('inactive');
  await page.getByText(/Everyone was looked at: \d found/).waitFor();
  await page.getByRole('button', { name: 'Columns' }).click();
  await page.getByLabel('User name').check();
  await page.getByRole('columnheader', { name: 'User name' }).waitFor();
  await expectAccessible(page);
  await page.keyboard.press('Escape');
  const address = page.url();
  expect(address).toContain('status=inactive');

  page = await open(new URL(address).pathname + new URL(address).search);
  await page.getByRole('columnheader', { name: 'User name' }).waitFor();
  expect(await page.getByRole('row', { name: / active / }).count()).toBe(0);
});

test('adds a developer: what is missing is said field by field, before anything is sent', async () => {
  const { api, open } = theConsole();
  const page = await open('/developers');
  await page.getByRole('button', { name: 'Add developer' }).click();
  const dialog = page.getByRole('dialog', { name: 'Add developer' });
  await dialog.getByRole('button', { name: 'Add', exact: true }).click();
  await dialog.getByText('Apigee does not take a developer without a first name.').waitFor();
  await expectAccessible(page);
  await picture(page, 'add');
  await dialog.getByLabel('First name').fill('Zoe');
  await dialog.getByLabel('Last name').fill('Zimmer');
  await dialog.getByLabel('Email').fill('zoe@example.com');
  await dialog.getByLabel('Reason').fill('asked by mail');
  await dialog.getByRole('button', { name: 'Add', exact: true }).click();
  await page.getByRole('heading', { level: 1, name: 'zoe@example.com' }).waitFor();
  expect(api.asked.find(({ name }) => name === 'createDeveloper')?.body).toEqual({
    firstName: 'Zoe',
    lastName: 'Zimmer',
    email: 'zoe@example.com',
    reason: 'asked by mail',
  });
});

test('adds a developer with attributes, and says what is wrong with one of them', async () => {
  const { api, open } = theConsole();
  const page = await open('/developers');
  await page.getByRole('button', { name: 'Add developer' }).click();
  const dialog = page.getByRole('dialog', { name: 'Add developer' });
  await dialog.getByLabel('First name').fill('Zoe');
  await dialog.getByLabel('Last name').fill('Zimmer');
  await dialog.getByLabel('Email').fill('zoe@example.com');
  await dialog.getByLabel('Reason').fill('asked by mail');
  await dialog.getByRole('button', { name: 'New attribute' }).click();
  await dialog.getByRole('button', { name: 'Add', exact: true }).click();
  await dialog.getByText('It needs a name.').waitFor();
  await expectAccessible(page);
  await dialog.getByLabel('Attribute name').fill('_apiportal_x');
  await dialog.getByLabel('Attribute value').fill('gold');
  await page.keyboard.press('Enter');
  await dialog.getByText('is reserved for Apigee itself').first().waitFor();
  await dialog.getByLabel('Attribute name').fill('plan');
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { level: 1, name: 'zoe@example.com' }).waitFor();
  expect(api.asked.findLast(({ name }) => name === 'createDeveloper')?.body).toMatchObject({
    attributes: [{ name: 'plan', value: 'gold' }],
  });
});

test('exports everyone, or those who are like the filters', async () => {
  const { api, open } = theConsole();
  const page = await open('/developers?status=inactive');
  await page.getByRole('button', { name: 'Export' }).click();
  await expectAccessible(page);
  const waiting = page.waitForEvent('download');
  await page.getByRole('button', { name: 'CSV for spreadsheets' }).click();
  const download = await waiting;
  expect(download.suggestedFilename()).toBe('developers.csv');
  expect(await readFile(await download.path(), 'utf8')).toBe('email\r\nann@example.com\r\n');
  const asked = api.asked.find(({ name }) => name === 'exportDevelopers');
  expect(asked?.body).toEqual({ format: 'csv', filter: { status: 'inactive' } });
});

test('a viewer can look and search, and change nothing', async () => {
  const { api, open } = theConsole();
  api.role = 'viewer';
  const page = await open('/developers');
  await page.getByRole('row', { name: /ann.novak@example.com/ }).waitFor();
  expect(await page.getByRole('button', { name: /Add|Export|Deactivate|Delete/ }).count()).toBe(0);
  expect(await page.getByRole('checkbox', { name: /Select/ }).count()).toBe(0);
});
