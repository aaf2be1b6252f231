import { expect, test } from 'vitest';
import { planRuns } from './fake-plan-answers.ts';
import { gate, run } from './fake-runs.ts';
import { expectAccessible, expectFitForAll, tabTo, useConsole } from './use-console.ts';

const theConsole = useConsole();

test('a plan is read in groups and value by value, and a part of it applied with the keyboard alone', async () => {
  const { api, open } = theConsole();
  api.runs = [planRuns().plan];
  const page = await open('/runs/plan-1');
  await page.getByText('3 people would be written: 2 updated, 1 made inactive.').waitFor();
  await page.getByText('abcdef012345').waitFor();
  await page.getByRole('table', { name: 'Groups' }).getByText('example.com 3').waitFor();
  await page.getByRole('table', { name: 'Written' }).getByText('Apigee lastName: Before → After').first().waitFor();
  await expectFitForAll(page, 'plan');
  await page.setViewportSize({ width: 1280, height: 900 });

  await tabTo(page, page.getByRole('button', { name: 'Apply…' }));
  await page.keyboard.press('Enter');
  const dialog = page.getByRole('dialog', { name: 'Apply the plan?' });
  await dialog.getByLabel('Type 3, the number of people').waitFor();
  await dialog.getByText('some three minutes more', { exact: false }).waitFor();
  await expectAccessible(page);
  await tabTo(page, dialog.getByRole('checkbox', { name: '1 made inactive' }));
  await page.keyboard.press('Space');
  await tabTo(page, dialog.getByLabel('Type 2, the number of people'));
  await page.keyboard.type('3');
  await tabTo(page, dialog.getByLabel('Reason'));
  await page.keyboard.type('as agreed');
  await page.keyboard.press('Enter');
  await dialog.getByText('Type 2 to go on.').waitFor();
  expect(api.asked.map(({ name }) => name)).not.toContain('applyPlan');
  await dialog.getByLabel('Type 2, the number of people').fill('2');
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { level: 1, name: 'Apply run' }).waitFor();
  expect(page.url()).toContain('/runs/plan-1.applied');
  expect(api.asked.find(({ name }) => name === 'applyPlan')?.body).toEqual({
    hash: 'abcdef012345',
    kinds: ['update'],
    planned: 2,
    reason: 'as agreed',
  });
});

test('a viewer reads a plan without values, and cannot apply it; who does and what is stale leads on', async () => {
  const { api, open } = theConsole();
  const applied = run(0, { runId: 'plan-1.applied', mode: 'apply' });
  Object.assign(api, { role: 'viewer', runs: [planRuns().plan, applied] });
  const page = await open('/runs/plan-1');
  await page.getByText('To apply it needs the role operator.').waitFor();
  const written = page.getByRole('table', { name: 'Written' });
  await written.getByText('Apigee lastName', { exact: true }).first().waitFor();
  expect(await written.getByText('Before').count()).toBe(1);
  expect(await page.getByRole('button', { name: /Apply|Download|Undo/ }).count()).toBe(0);

  api.kin.set('plan-1', { doneBy: applied.runId });
  const about = { plan: 'plan-1', undo: null, people: null, kinds: ['update' as const] };
  api.kin.set(applied.runId, { about, stale: 2 });
  const again = await open('/runs/plan-1');
  await again.getByRole('link', { name: 'The run that applied it' }).click();
  await again.getByText('It applies the plan, only who is updated.').waitFor();
  await again.getByRole('link', { name: 'who, with both decisions' }).click();
  await expect
    .poll(() => api.asked.findLast(({ name }) => name === 'runPeople')?.body)
    .toEqual({ reason: 'not as planned any more' });
});

test('a run is undone: first what comes back and what is kept, then its number and a reason', async () => {
  const { api, open } = theConsole();
  api.kin.set('held-1', { mayUndo: true });
  const page = await open('/runs/held-1');
  await page.getByRole('button', { name: 'Undo: this run' }).click();
  await page.getByRole('heading', { level: 1, name: 'What an undo would put back' }).waitFor();
  await page.getByText('2 values are left as found', { exact: false }).waitFor();
  expect(api.asked.find(({ name }) => name === 'lookAtUndo')?.body).toEqual({ act: 'held-1' });
  await page.getByRole('table', { name: 'Written' }).waitFor();
  await page.getByRole('button', { name: 'Undo…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Undo it?' });
  await dialog.getByLabel('Type 3, the number of people').fill('3');
  await dialog.getByLabel('Reason').fill('a wrong import');
  await expectAccessible(page);
  await dialog.getByRole('button', { name: 'Undo' }).click();
  await page.getByRole('heading', { level: 1, name: 'Undo run' }).waitFor();
  expect(api.asked.find(({ name }) => name === 'undo')?.body).toEqual({ planned: 3, reason: 'a wrong import' });
});

test('one change in a history, and an action in the activity, are undone in the same way', async () => {
  const { api, open } = theConsole();
  const page = await open('/developers/p0');
  await page.getByRole('button', { name: /^Undo: \d/ }).click();
  await page.getByRole('heading', { level: 1, name: 'What an undo would put back' }).waitFor();
  const sync = await open('/');
  await sync.getByRole('button', { name: /^Undo: \d/ }).click();
  await sync.getByRole('heading', { level: 1, name: 'What an undo would put back' }).waitFor();
  expect(api.asked.filter(({ name }) => name === 'lookAtUndo').map(({ body }) => body)).toEqual([
    { act: '0mabc-1', person: { id: 'p0' } },
    { act: 'act-1' },
  ]);
});

test('a plan is made of everyone, and by an operator for selected people', async () => {
  const { api, open } = theConsole();
  api.role = 'operator';
  const page = await open('/');
  await page.getByLabel('Reason').fill('before the import');
  await page.getByRole('button', { name: 'Make a plan…' }).click();
  await page.getByRole('heading', { level: 1, name: 'Dry incremental run' }).waitFor();
  const asked = api.asked.find(({ name }) => name === 'requestRun');
  expect(asked?.body).toEqual({ mode: 'incremental', dryRun: true, reason: 'before the import' });

  const list = await open('/developers');
  await list.getByRole('checkbox', { name: 'Select ann.novak@example.com' }).check();
  const bar = list.getByRole('group', { name: 'Selected developers' });
  expect(await bar.getByRole('button', { name: 'Delete' }).count()).toBe(0);
  await bar.getByRole('button', { name: 'Make a plan…' }).click();
  const dialog = list.getByRole('dialog', { name: 'Make a plan for 1 person?' });
  await dialog.getByLabel('Reason').fill('she asked');
  await expectAccessible(list);
  await dialog.getByRole('button', { name: 'Make a plan' }).click();
  await list.getByRole('heading', { level: 1, name: 'Plan for chosen people' }).waitFor();
  expect(api.asked.find(({ name }) => name === 'planPeople')?.body).toEqual({ people: ['p0'], reason: 'she asked' });
});

test('a run that waits because of APPROVAL shows its plan, and is approved as planned', async () => {
  const { api, open } = theConsole();
  const words = '3 to write of 40 seen (APPROVAL)';
  api.kin.set('held-1', { hasPlan: true, gate: { ...gate, review: true, words } });
  const page = await open('/runs/held-1');
  await page.getByText('3 people would be written: 2 updated, 1 made inactive.').waitFor();
  expect(await page.getByRole('button', { name: 'Apply…' }).count()).toBe(0);
  await page.getByRole('button', { name: 'Approve' }).click();
  const dialog = page.getByRole('dialog', { name: 'Approve the held run?' });
  await dialog.getByText('3 people will be written as planned.', { exact: false }).waitFor();
});

test('who is on neither side is forgotten with the email typed', async () => {
  const { api, open } = theConsole();
  api.gone.add('p0');
  const page = await open('/developers/p0');
  await page.getByRole('button', { name: 'Forget…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Forget ann.novak@example.com?' });
  await dialog.getByLabel('Type the email to forget').fill('ann.novak@example.com');
  await dialog.getByLabel('Reason').fill('asked in writing');
  await expectAccessible(page);
  await dialog.getByRole('button', { name: 'Forget' }).click();
  await page.getByRole('heading', { level: 1, name: 'Developers' }).waitFor();
  expect(api.asked.find(({ name }) => name === 'forgetPerson')?.body).toEqual({
    person: { id: 'p0' },
    email: 'ann.novak@example.com',
    reason: 'asked in writing',
  });
});

test('before many are deactivated, the keys of the first ten are counted, which is said; of one, apps are named', async () => {
  const { open } = theConsole();
  const page = await open('/developers');
  await page.getByRole('checkbox', { name: 'Select all' }).check();
  await page.getByRole('group', { name: 'Selected developers' }).getByRole('button', { name: 'Deactivate' }).click();
  const dialog = page.getByRole('dialog', { name: /^Deactivate: / });
  await dialog.getByText('The first 10 of 12 have 12 apps, with 9 keys that work now.').waitFor();
  await dialog.getByText('The others were not asked for.', { exact: false }).waitFor();
  await expectAccessible(page);

  const one = await open('/developers/p0');
  await one.getByRole('button', { name: 'Deactivate' }).click();
  const question = one.getByRole('dialog');
  await question.getByText('2 keys of 2 apps stop working.').waitFor();
  await question.getByText('weather-app', { exact: false }).waitFor();
  await question.getByText('some three minutes more', { exact: false }).waitFor();
});
