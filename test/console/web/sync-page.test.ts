import { expect, test } from 'vitest';
import { expectAccessible, expectFitForAll, focused, picture, tabTo, useConsole } from './use-console.ts';

const theConsole = useConsole();

test('shows how it stands and why, who needs attention, and what runs did', async () => {
  const page = await theConsole().open('/');
  await page.getByText('A run is held until somebody decides', { exact: true }).waitFor();
  await page
    .getByRole('table', { name: 'Needs attention' })
    .getByRole('row', { name: /at most 18/ })
    .waitFor();
  await page.getByRole('table', { name: 'Runs', exact: true }).getByRole('row').nth(10).waitFor();
  await page.getByRole('table', { name: 'Activity' }).getByText('left the company').waitFor();
  expect(await page.title()).toBe('Sync · Developer sync');
});

test('is accessible wide and narrow, light and dark, and fits on 320 px', async () => {
  const page = await theConsole().open('/', { reducedMotion: 'reduce' });
  await page.getByRole('heading', { name: 'Duration' }).waitFor();
  await page.getByRole('table', { name: 'Activity' }).waitFor();
  await picture(page, 'console-sync', 'screen');
  await expectFitForAll(page, 'sync');
});

test('a run asks for its reason, is followed in people, and says what it waits for', async () => {
  const { api, open } = theConsole();
  const page = await open('/');
  await page.getByRole('button', { name: 'Run now' }).click();
  await page.getByText('Say why', { exact: false }).waitFor();
  expect(api.asked.map(({ name }) => name)).not.toContain('requestRun');

  await page.getByRole('combobox', { name: 'What' }).selectOption('full');
  await page.getByLabel('Reason').fill('after the import');
  await page.getByRole('button', { name: 'Run now' }).click();
  await page.getByRole('progressbar', { name: 'Run progress' }).waitFor();
  await page.getByText('420 of about 1,240 people looked at', { exact: false }).waitFor();
  await page.getByText('It waits for Apigee', { exact: false }).waitFor();
  await expectAccessible(page);
  expect(api.asked.find(({ name }) => name === 'requestRun')?.body).toEqual({
    mode: 'full',
    dryRun: false,
    reason: 'after the import',
  });

  api.runs = api.runs.map((run) => (run.state === 'running' ? { ...run, state: 'done' } : run));
  await page.getByRole('heading', { name: 'The run is over' }).waitFor();
  await page.getByRole('button', { name: 'Dismiss' }).first().click();
});

test('the settings are folded away, and open with the keyboard', async () => {
  const page = await theConsole().open('/');
  const summary = page.locator('summary', { hasText: 'Settings' });
  await summary.focus();
  expect(await page.getByText('DESTRUCTIVE_LIMIT').isVisible()).toBe(false);
  await page.keyboard.press('Enter');
  await page.getByText('50 people, and 5 % of those seen').waitFor();
  await page.getByText('attributes.plan: profile.plan, to Apigee only').waitFor();
  await expectFitForAll(page, 'settings');
});

test('a run in the background is not followed', async () => {
  const page = await theConsole().open('/');
  await page.getByLabel('Reason').fill('no hurry');
  await page.getByRole('button', { name: 'Run in background' }).click();
  await page.getByText('Requested in the background', { exact: false }).waitFor();
  expect(await page.getByRole('progressbar').count()).toBe(0);
});

test('a held run is approved with the keyboard alone, with its number typed and a reason', async () => {
  const { api, open } = theConsole();
  const page = await open('/');
  await tabTo(page, page.getByRole('button', { name: 'Approve' }));
  await page.keyboard.press('Enter');
  const dialog = page.getByRole('dialog', { name: 'Approve the held run?' });
  await dialog.getByRole('table', { name: 'Planned' }).getByRole('row').nth(3).waitFor();
  await expectAccessible(page);
  await picture(page, 'approve');

  await tabTo(page, dialog.getByLabel('Type 3, the number of people'));
  await page.keyboard.type('30');
  await page.keyboard.press('Enter');
  await dialog.getByText('Type 3 to go on.').waitFor();
  expect(api.asked.map(({ name }) => name)).not.toContain('approveRun');

  await page.keyboard.press('Backspace');
  await tabTo(page, dialog.getByLabel('Reason'));
  await page.keyboard.type('they left');
  await tabTo(page, dialog.getByRole('button', { name: 'Approve' }));
  await page.keyboard.press('Enter');
  await dialog.waitFor({ state: 'hidden' });
  await page.getByText('The run goes on.').waitFor();
  expect(api.asked.find(({ name }) => name === 'approveRun')?.body).toEqual({ planned: 3, reason: 'they left' });
});

test('Escape closes a dialog, nothing is done, and the focus is back where it was', async () => {
  const { api, open } = theConsole();
  const page = await open('/');
  await page.getByRole('button', { name: 'Reject' }).click();
  await page.getByRole('dialog').waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'hidden' });
  expect(await focused(page)).toBe('Reject');
  expect(api.asked.map(({ name }) => name)).not.toContain('rejectRun');
});

test('a person is explained step by step before anything is written, and then synchronised', async () => {
  const { api, open } = theConsole();
  const page = await open('/');
  await page.getByRole('textbox', { name: 'Person' }).fill('ann.novak@example.com');
  await page.getByRole('button', { name: 'Explain' }).click();
  const dialog = page.getByRole('dialog', { name: 'Explain ann.novak@example.com' });
  await dialog.getByRole('heading', { name: /In scope/ }).waitFor();
  await expectAccessible(page);
  await picture(page, 'explain');
  expect(api.asked.map(({ name }) => name)).not.toContain('syncPerson');
  await dialog.getByLabel('Reason').fill('she asked');
  await dialog.getByRole('button', { name: 'Sync now' }).click();
  await page.getByText('Nothing was to be done', { exact: false }).waitFor();
  expect(page.url()).not.toContain('ann');
});

test('every plot has its values in a table, whose runs can be opened', async () => {
  const page = await theConsole().open('/');
  const plot = page.getByRole('figure', { name: 'People' });
  await plot.getByText('As a table').click();
  const table = plot.getByRole('table', { name: 'People' });
  expect(await table.getByRole('row').count()).toBe(13);
  await expectAccessible(page);
  await table.getByRole('button').first().click();
  await page.getByRole('heading', { level: 1, name: 'Full run' }).waitFor();
});

test('the schedule goes on only for a reason, and dead letters are looked at only when asked for', async () => {
  const { api, open } = theConsole();
  const page = await open('/');
  await page.getByRole('button', { name: 'Resume' }).click();
  const dialog = page.getByRole('dialog', { name: 'Resume?' });
  await dialog.getByRole('button', { name: 'Resume' }).click();
  await dialog.getByText('Say why', { exact: false }).waitFor();
  await dialog.getByLabel('Reason').fill('the outage is over');
  await dialog.getByRole('button', { name: 'Resume' }).click();
  await page.getByText('The schedule goes on.').waitFor();
  expect(api.asked.find(({ name }) => name === 'resumeSchedule')?.body).toEqual({ reason: 'the outage is over' });

  expect(api.asked.map(({ name }) => name)).not.toContain('lookAtDeadLetters');
  await page.getByRole('button', { name: 'Look' }).click();
  await page.getByRole('status', { name: 'Dead letters found' }).getByText('0 messages').waitFor();
});

test('a viewer sees everything and can set nothing going', async () => {
  const { api, open } = theConsole();
  api.role = 'viewer';
  const page = await open('/');
  await page.getByText('You look as a viewer', { exact: false }).waitFor();
  await page.getByText('To approve or reject needs the role admin.').waitFor();
  await page.getByRole('table', { name: 'Runs', exact: true }).waitFor();
  expect(await page.getByRole('button', { name: /Run now|Approve|Reject|Pause|Publish/ }).count()).toBe(0);
  await expectAccessible(page);
});

test('whoever has no role is told what to ask for; whoever is not signed in, how to sign in', async () => {
  const { api, open } = theConsole();
  api.failing.set('session', [
    403,
    { error: { kind: 'not-allowed', message: 'eve@example.com has no role here.', needs: 'viewer', role: null } },
  ]);
  let page = await open('/');
  await page.getByText('You have no role here').waitFor();
  await expectAccessible(page);
  await picture(page, 'no-role');

  api.failing.clear();
  api.role = undefined;
  page = await open('/');
  await page.getByText('You are not signed in').waitFor();
  await expectAccessible(page);
});

test('where a part cannot be read the rest is shown, and it can be tried again', async () => {
  const { api, open } = theConsole();
  api.failing.set('attention', [503, { error: { kind: 'refused', message: 'Firestore did not answer in time.' } }]);
  const page = await open('/');
  await page.getByText('Firestore did not answer in time.').waitFor();
  await page.getByRole('table', { name: 'Runs', exact: true }).waitFor();
  await expectAccessible(page);
  api.failing.clear();
  await page.getByRole('button', { name: 'Try again' }).click();
  await page.getByRole('table', { name: 'Needs attention' }).waitFor();
});

test('nothing is there yet: each part says what will stand there', async () => {
  const { api, open } = theConsole();
  api.runs = [];
  const page = await open('/');
  await page.getByText('There was no run yet').waitFor();
  await expectAccessible(page);
});
