import { describe, expect, test } from 'vitest';
import { newMeter } from '../../shared/state/meter.ts';
import { crowd, deleteUsers, documentOf, emailOf, idOf, inactive } from '../support/crowd.ts';
import { manualClock } from '../support/manual-clock.ts';
import { commandWorld, steers } from './command-world.ts';

const hour = 60 * 60_000;

/** A run that was held because three of ten portal users went. */
async function heldWorld(env: Readonly<Record<string, string>> = {}) {
  const clock = manualClock();
  const world = commandWorld({ clock, env: { DESTRUCTIVE_LIMIT: '2', DESTRUCTIVE_LIMIT_PERCENT: '100', ...env } });
  await crowd(world, 10);
  deleteUsers(world, 0, 3);
  clock.advance(1000);
  const run = await world.run();
  return { world, run, clock };
}

describe('devsync holds', () => {
  test('says so where nothing is held', async () => {
    const world = commandWorld();
    expect(await world.devsync('holds')).toMatchObject({ code: 0, out: 'Nothing is held: no run and nobody.\n' });
    expect(JSON.parse((await world.devsync('holds', '--json')).out)).toEqual({
      runs: [],
      people: [],
      groups: [],
      peopleAtLeast: false,
    });
  });

  test('names a held run, why, whom it planned for, and how to approve it', async () => {
    const { world, run, clock } = await heldWorld();
    clock.advance(2 * hour);
    const { code, out } = await world.devsync('holds');
    expect(code).toBe(0);
    expect(out).toContain(`${run.runId}  full run, held 2 h 0 min ago (2026-01-01T00:00:01Z)`);
    expect(out).toContain('3 of 10 people would be deactivated or deleted; at most 2 and 100 %');
    expect(out).toContain(`devsync holds approve ${run.runId}\n`);
    expect(out).toMatch(/person-1@example\.com +│ portal user deleted/u);
    expect(out).toContain('Held people  none');
    expect(steers(out)).toBe(false);
    const json: unknown = JSON.parse((await world.devsync('holds', '--json')).out);
    expect(json).toMatchObject({
      runs: [
        {
          runId: run.runId,
          mode: 'full',
          dryRun: false,
          heldAt: '2026-01-01T00:00:01.000Z',
          problem: expect.stringContaining('3 of 10 people'),
          planned: 3,
          seen: 10,
          limit: 2,
          limitPercent: 100,
          approvable: true,
          supersededBy: null,
          people: [0, 1, 2].map((index) => ({
            person: emailOf(index),
            situation: 'portal-deleted',
            fields: ['status'],
          })),
        },
      ],
      people: [],
    });
  });

  test('lists people with the reason and what to do', async () => {
    const world = commandWorld();
    await crowd(world, 2);
    world.database.putPortalDocument('twin', documentOf(1));
    world.database.putPortalDocument(idOf(0), { ...documentOf(0), email: 'other@example.com' });
    await world.run();
    const { out } = await world.devsync('holds');
    expect(out).toContain('Held runs    none');
    expect(out).toContain('Held people  2');
    expect(out).toMatch(/email changed, Apigee cannot: 1\n +do +change the email back/u);
    expect(out).toMatch(/person-0@example\.com +│ 20\S+Z/u);
    expect(out).toContain('several portal users, one email: 1\n');
    const { people } = JSON.parse((await world.devsync('holds', '--json')).out) as { readonly people: unknown };
    expect(people).toEqual(
      expect.arrayContaining([
        {
          person: emailOf(1),
          reason: 'portal-collision',
          detail: expect.stringContaining('two or more portal users'),
          since: expect.stringMatching(/Z$/u),
        },
      ]),
    );
  });

  test('tells dry runs and old runs from those that can be approved, the latest first', async () => {
    const { world, run, clock } = await heldWorld();
    clock.advance(hour);
    const dry = await world.run({ dryRun: true });
    clock.advance(7 * 24 * hour);
    const newer = await world.run();
    const { out } = await world.devsync('holds');
    expect(out.indexOf(newer.runId)).toBeLessThan(out.indexOf(dry.runId));
    expect(out.indexOf(dry.runId)).toBeLessThan(out.indexOf(`${run.runId}  full run`));
    expect(out).toContain(`${dry.runId}  dry full run`);
    expect(out).toContain(`do what it plans with devsync apply ${dry.runId}`);
    expect(out).toContain('too old: request a new run');
    expect(out).toContain(`the full run ${newer.runId} has looked at everyone`);
    expect(out).toContain(`devsync holds approve ${newer.runId}`);
  });
});

describe('devsync holds approve RUN', () => {
  test('lets the run go on, waits and prints its report', async () => {
    const { world, run } = await heldWorld();
    const { code, out } = await world.devsync('holds', 'approve', run.runId, '--yes');
    expect(code).toBe(0);
    expect(out).toMatch(/is approved: it began .* ago; each of the 3 people it planned for is looked at anew\.\n/u);
    expect(out).toContain(`The full run ${run.runId} is complete and adds up.`);
    expect(out).toContain('at most 2 and 100 %; approved');
    expect(inactive(world)).toEqual([0, 1, 2].map(emailOf));
    expect((await world.devsync('holds')).out).toContain('Nothing is held');
    const again = await world.devsync('holds', 'approve', run.runId, '--json');
    expect(again).toMatchObject({ code: 0, err: expect.stringContaining('was approved before') });
    expect(JSON.parse(again.out)).toMatchObject({
      runId: run.runId,
      state: 'done',
      counts: { updated: { apigee: 3 } },
    });
    expect(world.calls.status).toBe(3);
  });

  test('in the background it only approves', async () => {
    const { world, run } = await heldWorld();
    const { code, out } = await world.devsync('holds', 'approve', run.runId, '--yes', '--background', '--json');
    expect({ code, out }).toEqual({ code: 0, out: `{"runId":"${run.runId}"}\n` });
    expect(inactive(world)).toEqual([]);
    await world.drain();
    expect(inactive(world)).toHaveLength(3);
  });

  test('says how old it is, and which runs came since or come first', async () => {
    const { world, run, clock } = await heldWorld();
    clock.advance(3 * 24 * hour);
    const newer = await world.run();
    const runs = world.services.runs(newMeter());
    await runs.create({ ...newer, runId: 'active', state: 'running', heartbeatAt: clock.now() });
    await runs.updateControl((control) => ({ control: { ...control, activeRunId: 'active' }, result: undefined }));
    const { out } = await world.devsync('holds', 'approve', run.runId, '--yes', '--background');
    expect(out).toContain('it began 3 days ago');
    expect(out).toContain(`Since then the full run ${newer.runId} has looked at everyone.`);
    expect(out).toContain('It goes on when the run active is over.');
  });

  test('refuses what cannot be approved, in one sentence: exit 1, and 3 for one that is not there', async () => {
    const { world, run, clock } = await heldWorld();
    const dry = await world.run({ dryRun: true });
    const refused = async (runId: string, exit = 1) => {
      const { code, out, err } = await world.devsync('holds', 'approve', runId);
      expect({ code, out }).toEqual({ code: exit, out: '' });
      return err;
    };
    expect(await refused('nothing', 3)).toContain('There is no run nothing');
    expect(await refused(dry.runId)).toContain('is a dry run: there is nothing to approve');
    clock.advance(8 * 24 * hour);
    expect(await refused(run.runId)).toContain('more than 7 days ago');
    for (const index of [0, 1, 2]) world.database.putPortalDocument(idOf(index), documentOf(index));
    const fine = await world.run();
    expect(await refused(fine.runId)).toContain('is not held, it is done: nothing was approved');
  });
});
