import { describe, expect, test } from 'vitest';
import { newMeter } from '../../shared/state/meter.ts';
import type { Run } from '../../shared/state/runs.ts';
import { crowd, deleteUsers, documentOf, emailOf, idOf, inactive } from '../support/crowd.ts';
import { commandWorld, type CommandWorld } from './command-world.ts';

const writes = ({ calls }: CommandWorld): number => calls.create + calls.update + calls.status + calls.delete;

/** Three on the portal only, two in Apigee only. */
function five(approval: string | undefined, more: Readonly<Record<string, string>> = {}): CommandWorld {
  const world = commandWorld({ env: { ...(approval === undefined ? {} : { APPROVAL: approval }), ...more } });
  for (const person of [0, 1, 2]) world.database.putPortalDocument(idOf(person), documentOf(person));
  world.developers.seed({ email: emailOf(3) }, { email: emailOf(4) });
  return world;
}

/** What a run has left on either side. */
const people = (world: CommandWorld) => ({
  developers: world.developers.all().length,
  users: world.database.portalDocuments().length,
});

async function approved(world: CommandWorld, { runId }: Run): Promise<Run | undefined> {
  const { code, err } = await world.devsync('holds', 'approve', runId, '--yes');
  if (code === 1) throw new Error(err);
  return world.services.runs(newMeter()).get(runId);
}

describe('which scheduled runs stop until an operator has looked at them (APPROVAL)', () => {
  test.each([
    ['none', 'done'],
    ['destructive', 'done'],
    [undefined, 'done'],
    ['first-run', 'held'],
    ['always', 'held'],
  ])('%s: a first run below the limits ends %s', async (approval, state) => {
    const world = five(approval);
    expect(await world.scheduledRun()).toMatchObject({ state });
    expect(people(world)).toEqual(state === 'done' ? { developers: 5, users: 5 } : { developers: 2, users: 3 });
  });

  test.each([
    ['none', 'done', 3],
    ['destructive', 'held', 0],
    ['first-run', 'held', 0],
    ['always', 'held', 0],
  ])('%s: a later run over DESTRUCTIVE_LIMIT ends %s', async (approval, state, made) => {
    const world = commandWorld({ env: { APPROVAL: approval, DESTRUCTIVE_LIMIT: '1' } });
    await crowd(world, 20);
    deleteUsers(world, 0, 3);
    expect(await world.scheduledRun()).toMatchObject({ state });
    expect(inactive(world)).toHaveLength(made);
  });

  test.each([
    ['none', 'done', 5],
    ['destructive', 'held', 2],
  ])('%s: a run over CREATION_LIMIT ends %s', async (approval, state, users) => {
    const world = commandWorld({ env: { APPROVAL: approval, CREATION_LIMIT: '2' } });
    for (let person = 0; person < 5; person += 1) world.developers.seed({ email: emailOf(person) });
    expect(await world.scheduledRun()).toMatchObject({ state });
    expect(people(world).users).toBe(users);
  });

  test('a run that somebody asks for stops at the limits only, and at those whatever APPROVAL says', async () => {
    const world = five('always');
    expect(await world.run()).toMatchObject({ state: 'done' });
    expect(people(world)).toEqual({ developers: 5, users: 5 });
    const careless = five('none', { CREATION_LIMIT: '2' });
    expect(await careless.run()).toMatchObject({ state: 'held', gate: { uncreated: 3 } });
  });

  test('first-run: a later one goes through, and with other settings the next one is a first one again', async () => {
    const world = five('first-run');
    await approved(world, await world.scheduledRun());
    world.database.putPortalDocument(idOf(0), { ...documentOf(0), lastName: 'Leigh' });
    expect(await world.scheduledRun()).toMatchObject({ state: 'done', totals: { counts: { updated: { apigee: 1 } } } });
    const { config } = world.services;
    const filtered = { ...config, portal: { ...config.portal, filter: /person-[0-3]@/u } };
    Object.assign(world.services, { config: filtered });
    world.database.putPortalDocument(idOf(1), { ...documentOf(1), lastName: 'Leigh' });
    expect(await world.scheduledRun()).toMatchObject({ state: 'held', gate: { review: true, planned: 1 } });
  });
});

describe('a run that an operator looks at first', () => {
  test('writes nothing to either side, shows every value, and does exactly that after approval', async () => {
    const world = five('always');
    const run = await world.scheduledRun();
    expect(run.problem).toBe('5 of 5 people would be written; none was, because APPROVAL says so');
    expect(run).toMatchObject({ gate: { planned: 5, review: true }, totals: { counts: { seen: 5, held: 5 } } });
    expect(writes(world)).toBe(0);
    const plan = await world.devsync('plan', 'show', run.runId);
    expect(plan.out).toContain('5 created');
    expect(plan.out).toContain(`devsync holds approve ${run.runId}`);
    expect((await world.devsync('plan', 'show', run.runId, '--format', 'csv')).out).toContain('First0');
    expect((await world.devsync('runs', 'show', run.runId, '--json')).out).toContain('"after":"First1"');
    expect((await world.devsync('holds')).out).toContain(`devsync plan show ${run.runId}`);

    expect(await approved(world, run)).toMatchObject({
      state: 'done',
      totals: { stale: 0, counts: { seen: 5, created: { apigee: 3, portal: 2 }, held: 0 } },
    });
    const before = writes(world);
    expect(await world.scheduledRun({ mode: 'incremental' })).toMatchObject({
      state: 'done',
      totals: { counts: { unchanged: 5 }, traffic: { writes: 0 } },
    });
    expect(writes(world)).toBe(before);
  });

  test('whoever was edited meanwhile is stale and left for the next run', async () => {
    const world = five('always');
    const run = await world.scheduledRun();
    world.database.putPortalDocument(idOf(1), { ...documentOf(1), lastName: 'Leigh' });
    expect(await approved(world, run)).toMatchObject({
      state: 'done',
      totals: { stale: 1, counts: { created: { apigee: 2, portal: 2 }, held: 1 } },
    });
    const next = await world.scheduledRun({ mode: 'incremental' });
    expect(next).toMatchObject({ state: 'held', gate: { planned: 1 } });
    expect(await approved(world, next)).toMatchObject({ state: 'done', totals: { stale: 0 } });
    expect(people(world)).toEqual({ developers: 5, users: 5 });
  });

  test('notes who is alike on both sides without asking anybody', async () => {
    const world = commandWorld({ env: { APPROVAL: 'always' } });
    world.database.putPortalDocument(idOf(1), documentOf(1));
    world.developers.seed({ email: emailOf(1), firstName: 'First1', lastName: 'Last', userName: emailOf(1) });
    expect(await world.scheduledRun()).toMatchObject({ state: 'done', totals: { counts: { unchanged: 1 } } });
    expect(world.database.allLinks()).toMatchObject([{ presence: 'both' }]);
  });

  test('leaves no trace of a lease on somebody nobody knew', async () => {
    const world = commandWorld({ env: { APPROVAL: 'always' } });
    world.database.putPortalDocument(idOf(1), { ...documentOf(1), updatedAt: new Date() });
    world.developers.seed({ email: emailOf(1), firstName: 'Other', lastName: 'Last', lastModifiedAt: 1 });
    expect(await world.scheduledRun()).toMatchObject({ state: 'held', gate: { planned: 1 } });
    const [link] = world.database.allLinks();
    expect([link?.presence, link?.lease, link?.last]).toEqual(['portal', undefined, undefined]);
    expect(world.developers.all()).toMatchObject([{ firstName: 'Other' }]);
  });

  test('does nothing to whom the plan no longer has, by the time it is approved', async () => {
    const world = five('always');
    const run = await world.scheduledRun();
    const plan = world.services.planned(run.runId);
    const planned = await plan.by(run.runId, { after: undefined, limit: 100 });
    for (const { key } of planned) if (key === emailOf(0) || key === emailOf(3)) await plan.forget(key);
    expect(await approved(world, run)).toMatchObject({
      state: 'done',
      totals: { stale: 2, counts: { seen: 5, created: { apigee: 2, portal: 1 }, held: 2 } },
    });
    expect(people(world)).toEqual({ developers: 4, users: 4 });
  });

  test('is not approved with other settings, nor applied as a plan', async () => {
    const world = five('always');
    const { runId } = await world.scheduledRun();
    const applied = await world.devsync('apply', runId, '--yes');
    expect(applied).toMatchObject({ code: 1 });
    expect(applied.err).toContain(`devsync holds approve ${runId}`);
    const other = commandWorld({ sharing: world, env: { APPROVAL: 'always', CONFLICT_POLICY: 'newest-record' } });
    const refused = await other.devsync('holds', 'approve', runId, '--yes');
    expect(refused).toMatchObject({ code: 1 });
    expect(refused.err).toContain('was made with other settings');
    expect(writes(world)).toBe(0);
  });

  test('met in two phases, or delivered twice, a person is planned for once, as last seen', async () => {
    const world = five('always');
    const run = await world.scheduledRun();
    const planned = await world.services.planned(run.runId).by(run.runId, { after: undefined, limit: 100 });
    expect(planned.map(({ key }) => key).sort()).toEqual([0, 1, 2, 3, 4].map(emailOf));
  });
});
