import { expect, test } from 'vitest';
import { expectAccessible, expectFitForAll, useConsole } from './use-console.ts';

const theConsole = useConsole();

test('shows figures that add up and everyone concerned', async () => {
  const page = await theConsole().open('/runs/held-1');
  await page.getByText('together, everyone seen').waitFor();
  await page.getByRole('table', { name: 'People' }).getByText('failed').waitFor();
  await expectFitForAll(page, 'run');
});

test('people are filtered by what stands in the address, and exported', async () => {
  const { api, open } = theConsole();
  const page = await open('/runs/held-1');
  await page.getByRole('combobox', { name: 'Done' }).selectOption('failed');
  await expect
    .poll(() => api.asked.findLast(({ name }) => name === 'runPeople')?.body)
    .toEqual({ outcomes: ['failed'] });
  expect(page.url()).toContain('outcome=failed');
  await page.getByRole('button', { name: 'Export' }).click();
  const waiting = page.waitForEvent('download');
  await page.getByRole('button', { name: 'JSON', exact: true }).click();
  await waiting;
  const asked = api.asked.find(({ name }) => name === 'exportRun');
  expect(asked?.body).toEqual({ format: 'json', filter: { outcomes: ['failed'] } });
});

test('a person of the run is looked for by part of the email', async () => {
  const { api, open } = theConsole();
  const page = await open('/runs/held-1');
  await page.getByRole('textbox', { name: 'Person' }).fill('ann@');
  await page.keyboard.press('Enter');
  await expect.poll(() => api.asked.findLast(({ name }) => name === 'runPeople')?.body).toEqual({ person: 'ann@' });
});

test('of a large run, a part is looked at, and further on demand', async () => {
  const { api, open } = theConsole();
  const page = await open('/runs/held-1?field=rare');
  await page.getByText('Nobody so far').waitFor();
  await page.getByRole('button', { name: 'Look further' }).click();
  await page.getByRole('table', { name: 'People' }).waitFor();
  expect(api.asked.findLast(({ name }) => name === 'runPeople')?.body).toEqual({ field: 'rare', after: 'links.0.0' });
});

test('a held run is rejected with its number and a reason', async () => {
  const { api, open } = theConsole();
  const page = await open('/runs/held-1');
  await page.getByRole('button', { name: 'Reject' }).click();
  const dialog = page.getByRole('dialog', { name: 'Reject the held run?' });
  await dialog.getByLabel('Type 3, the number of people').fill('3');
  await dialog.getByLabel('Reason').fill('wrong collection');
  await dialog.getByRole('button', { name: 'Reject' }).click();
  await page.getByText('The run was rejected.').waitFor();
  expect(api.asked.find(({ name }) => name === 'rejectRun')?.body).toEqual({ planned: 3, reason: 'wrong collection' });
});

test('a group that needs attention is released, followed person by person', async () => {
  const { api, open } = theConsole();
  const page = await open('/');
  await page.getByRole('link', { name: /Apigee does not rename/ }).click();
  await page.getByRole('heading', { level: 1, name: 'Needs attention' }).waitFor();
  await page.getByRole('button', { name: 'Release all' }).click();
  const dialog = page.getByRole('dialog', { name: 'Release all of them?' });
  await dialog.getByLabel('Type 3, the number of people').fill('3');
  await dialog.getByLabel('Reason').fill('settled by phone');
  await expectAccessible(page);
  await dialog.getByRole('button', { name: 'Release' }).click();
  await page.getByText('3 of 3 people: 3 changed.').waitFor();
  expect(api.asked.find(({ name }) => name === 'releaseGroup')?.body).toEqual({ count: 3, reason: 'settled by phone' });
});

test('a run that does not exist is said not to', async () => {
  const page = await theConsole().open('/runs/none');
  await page.getByText('There is no such run.').waitFor();
});
