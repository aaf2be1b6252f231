import { expect, test } from 'vitest';
import { expectAccessible, expectFitForAll, focused, picture, tabTo, useConsole } from './use-console.ts';

const theConsole = useConsole();
const ann = 'ann.novak@example.com';

test('shows both sides, apps and history', async () => {
  const page = await theConsole().open('/developers/p4');
  await page.getByRole('table', { name: 'Both sides, field by field' }).getByText('PREPAID').first().waitFor();
  await page.getByText('weather-app').waitFor();
  await page.getByText('Apigee lastName: Novakova → Novak').waitFor();
  await expectFitForAll(page, 'person');
});

test('edits names and attributes; reserved ones are locked; only what changed is sent', async () => {
  const { api, open } = theConsole();
  const page = await open('/developers/p0');
  await page.getByRole('button', { name: 'Edit' }).click();
  expect(await focused(page)).toBe('First name');
  expect(await page.getByLabel('MINT_BILLING_TYPE').isEditable()).toBe(false);
  await page.getByLabel('Last name').fill('');
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByText('Apigee does not take a developer without a last name.').waitFor();
  expect(await focused(page)).toBe('Last name');
  await page.getByLabel('Last name').fill('Nováková');
  await page.getByRole('textbox', { name: 'plan' }).fill('silver');
  await page.getByRole('button', { name: 'Add attribute' }).click();
  await page.getByLabel('Attribute name').fill('team');
  await page.getByLabel('Attribute value').fill('search');
  await page.getByLabel('Reason').fill('married');
  await expectAccessible(page);
  await picture(page, 'edit');
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByText('Saved on the portal, and pushed.').waitFor();
  expect(api.asked.find(({ name }) => name === 'editDeveloper')?.body).toEqual({
    person: { id: 'p0' },
    seen: 'v1',
    changes: [
      { field: 'lastName', value: 'Nováková' },
      { field: 'attributes.plan', value: 'silver' },
      { field: 'attributes.team', value: 'search' },
    ],
    reason: 'married',
  });
  await page.getByRole('button', { name: 'Edit' }).waitFor();
});

test('what somebody else changed meanwhile is shown and not overwritten unseen', async () => {
  const { api, open } = theConsole();
  const page = await open('/developers/p0');
  await page.getByRole('button', { name: 'Edit' }).click();
  await page.getByLabel('Last name').fill('Mine');
  await page.getByLabel('Reason').fill('a correction');
  api.change(ann, { lastName: 'Theirs' });
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByText('The person changed since you began.').waitFor();
  await page.getByRole('row', { name: /Last name, in Apigee Theirs Mine/ }).waitFor();
  await expectAccessible(page);
  await picture(page, 'conflict');
  expect(await page.getByLabel('Last name').inputValue()).toBe('Mine');
  await page.getByRole('button', { name: 'Keep my edit' }).click();
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByText('Saved on the portal, and pushed.').waitFor();
  expect(api.people.find(({ email }) => email === ann)?.lastName).toBe('Mine');
});

test('signed out in the middle of a form: nothing typed is lost, and it goes on after signing in', async () => {
  const { api, open } = theConsole();
  const page = await open('/developers/p0');
  await page.getByRole('button', { name: 'Edit' }).click();
  await page.getByLabel('Last name').fill('Kept');
  await page.getByLabel('Reason').fill('a correction');
  api.role = undefined;
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByRole('link', { name: 'Sign in again', exact: true }).waitFor();
  await expectAccessible(page);
  await picture(page, 'signed-out');
  expect(await page.getByLabel('Last name').inputValue()).toBe('Kept');
  api.role = 'admin';
  await page.getByRole('button', { name: 'I am signed in' }).click();
  await page.getByRole('link', { name: 'Sign in again', exact: true }).waitFor({ state: 'hidden' });
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByText('Saved on the portal, and pushed.').waitFor();
});

test('signed out inside a dialog: the dialog says how to go on, and keeps the reason', async () => {
  const { api, open } = theConsole();
  const page = await open('/developers/p0');
  await page.getByRole('button', { name: 'Deactivate' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Reason').fill('key leaked');
  api.role = undefined;
  await dialog.getByRole('button', { name: 'Deactivate' }).click();
  await dialog.getByRole('link', { name: 'Sign in again, in a new window' }).waitFor();
  await expectAccessible(page);
  api.role = 'admin';
  expect(await dialog.getByLabel('Reason').inputValue()).toBe('key leaked');
  await dialog.getByRole('button', { name: 'Deactivate' }).click();
  await page.getByText('Deactivated on both sides.').waitFor();
});

test('is deleted with the keyboard alone: what dies is shown, the email typed, deactivating offered', async () => {
  const { api, open } = theConsole();
  const page = await open('/developers/p0');
  await tabTo(page, page.getByRole('button', { name: 'Delete' }));
  await page.keyboard.press('Enter');
  const dialog = page.getByRole('dialog', { name: `Delete ${ann}?` });
  await dialog.getByText('The developer is deleted with 2 apps and 2 keys.').waitFor();
  await dialog.getByRole('button', { name: 'Deactivate instead' }).waitFor();
  await expectAccessible(page);
  await picture(page, 'delete');
  await page.keyboard.press('Enter');
  await dialog.getByText(`Type ${ann} to go on.`).waitFor();
  expect(api.asked.map(({ name }) => name)).not.toContain('deleteDeveloper');
  await tabTo(page, dialog.getByLabel('Type the email to delete'));
  await page.keyboard.type(ann);
  await tabTo(page, dialog.getByLabel('Reason'));
  await page.keyboard.type('she asked for it');
  await tabTo(page, dialog.getByRole('button', { name: 'Delete' }));
  await page.keyboard.press('Enter');
  await dialog.waitFor({ state: 'hidden' });
  expect(api.asked.find(({ name }) => name === 'deleteDeveloper')?.body).toEqual({
    person: { id: 'p0' },
    email: ann,
    reason: 'she asked for it',
  });
  expect(page.url()).not.toContain('@');
});

test('a person who does not exist is said not to', async () => {
  const page = await theConsole().open('/developers/nobody');
  await page.getByText('There is no such person.').waitFor();
  await expectAccessible(page);
});
