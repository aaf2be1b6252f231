import { expect, test } from 'vitest';
import { run } from './fake-runs.ts';
import { expectAccessible, expectFitForAll, focused, useConsole } from './use-console.ts';

const theConsole = useConsole();
const stopped = { at: Date.now() - 60_000, by: 'olga@example.com', reason: 'wrong mapping' };

test('an admin stops everything with a reason, sees who did it and why, and resumes, with the keyboard alone', async () => {
  const { api, open } = theConsole();
  const page = await open('/');
  await page.getByRole('button', { name: 'Stop everything…' }).focus();
  await page.keyboard.press('Enter');
  const dialog = page.getByRole('dialog', { name: 'Stop everything?' });
  await dialog.waitFor();
  await expectAccessible(page);
  await dialog.getByLabel('Reason').focus();
  await page.keyboard.press('Enter');
  await dialog.getByText('Say why', { exact: false }).waitFor();
  expect(api.asked.map(({ name }) => name)).not.toContain('stopWrites');
  await page.keyboard.type('wrong mapping');
  await page.keyboard.press('Enter');

  const banner = page.getByRole('region', { name: 'Every write is stopped' });
  await banner.getByText('wrong mapping', { exact: false }).waitFor();
  await banner.getByText('olga@example.com', { exact: false }).waitFor();
  expect(await page.getByRole('button', { name: 'Stop everything…' }).count()).toBe(0);
  await banner.getByRole('button', { name: 'Resume everything' }).focus();
  await page.keyboard.press('Enter');
  await page.getByRole('dialog', { name: 'Let everything go on?' }).getByLabel('Reason').fill('mended');
  await page.keyboard.press('Enter');
  await banner.waitFor({ state: 'detached' });
  expect(api.asked.filter(({ name }) => name.endsWith('Writes'))).toEqual([
    { name: 'stopWrites', body: { reason: 'wrong mapping' } },
    { name: 'resumeWrites', body: { reason: 'mended' } },
  ]);
  expect(await focused(page)).not.toBe('');
});

test.each(['viewer', 'operator'] as const)(
  'who is %s sees that everything is stopped, and no button for it',
  async (role) => {
    const { api, open } = theConsole();
    Object.assign(api, { role, stopped });
    const page = await open('/');
    const banner = page.getByRole('region', { name: 'Every write is stopped' });
    await banner.getByText('To resume needs the role admin.').waitFor();
    expect(await page.getByRole('button', { name: /everything/ }).count()).toBe(0);
  },
);

test('the banner is accessible wide and narrow, light and dark', async () => {
  const { api, open } = theConsole();
  api.stopped = stopped;
  const page = await open('/', { reducedMotion: 'reduce' });
  await page.getByRole('button', { name: 'Resume everything' }).waitFor();
  await page.getByRole('table', { name: 'Activity' }).waitFor();
  await expectFitForAll(page, 'stopped');
});

test('a run under way is cancelled with a reason, by an operator and not by a viewer', async () => {
  const { api, open } = theConsole();
  const running = run(0, { runId: 'r1', state: 'running', counts: null, finishedAt: null });
  Object.assign(api, { role: 'operator', runs: [running] });
  const page = await open('/runs/r1');
  await page.getByRole('button', { name: 'Cancel run…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Cancel the run?' });
  await dialog.getByLabel('Reason').fill('by mistake');
  await expectAccessible(page);
  await dialog.getByRole('button', { name: 'Cancel the run' }).click();
  await expect.poll(() => api.asked.find(({ name }) => name === 'cancelRun')?.body).toEqual({ reason: 'by mistake' });
  await page.getByRole('button', { name: 'Cancel run…' }).waitFor({ state: 'detached' });

  Object.assign(api, { role: 'viewer', runs: [running] });
  const seen = await open('/runs/r1');
  await seen.getByRole('progressbar', { name: 'Run progress' }).waitFor();
  expect(await seen.getByRole('button', { name: 'Cancel run…' }).count()).toBe(0);
});
