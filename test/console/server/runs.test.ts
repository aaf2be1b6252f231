import { describe, expect, test } from 'vitest';
import { stopWrites } from '../../../shared/operator/actions/stop.ts';
import { crowd, deleteUsers, inactive } from '../../support/crowd.ts';
import { inProcess, type InProcess } from '../../support/in-process.ts';
import { newMeter } from '../../../shared/state/meter.ts';
import { newRun } from '../../shared/state/samples.ts';
import { linesOf, talk } from './talk.ts';

const ann = { email: 'ann@example.com', firstName: 'Ann', lastName: 'Archer' };
const reason = 'a test';

async function withAnn(): Promise<InProcess> {
  const world = inProcess();
  world.database.putPortalDocument('u1', ann);
  world.developers.seed(ann);
  await world.run();
  return world;
}

async function withHeldRun() {
  const world = inProcess({ env: { DESTRUCTIVE_LIMIT: '1' } });
  await crowd(world, 6);
  deleteUsers(world, 0, 3);
  const run = await world.run();
  return { ...talk(world), run };
}

describe('status', () => {
  test('says how it stands, why, and what to do next', async () => {
    const { call, world } = talk();
    expect((await call('status', { as: 'viewer' })).value).toMatchObject({
      state: 'never-run',
      next: { kind: 'run', mode: 'full' },
    });
    await world.run();
    expect((await call('status')).value).toMatchObject({ state: 'in-step', next: null, heldRuns: 0 });
    world.database.putPortalDocument('u1', { email: ann.email, firstName: 'Ann' });
    await world.run();
    expect((await call('status')).value).toMatchObject({
      state: 'behind',
      failed: { people: 1, exact: true },
      next: { kind: 'attention' },
    });
  });

  test('a stop is what is said first, and nothing that may write is done meanwhile (rule 33)', async () => {
    const { call, world } = talk();
    await world.run();
    const operator = { id: 'olga', name: 'Olga', role: 'admin' } as const;
    await stopWrites(world.services, { operator, reason: 'wrong mapping' });
    const { value } = await call('status', { as: 'viewer' });
    expect(value).toMatchObject({ state: 'stopped', words: 'Every write is stopped' });
    expect(value).toHaveProperty('why', expect.stringContaining('by Olga'));
    const asked = await call('requestRun', { as: 'operator', body: { mode: 'full', dryRun: false, reason } });
    expect(asked.status).toBe(422);
    expect(world.queue).toEqual([]);
  });

  test('is answered once where nothing changed: the tag leaves the time out', async () => {
    const { call } = talk(await withAnn());
    const first = await call('runs');
    const etag = first.headers.get('etag') ?? '';
    const again = await call('runs', { headers: { 'if-none-match': etag } });
    expect(again).toMatchObject({ status: 304, text: '' });
    expect((await call('session')).headers.get('etag')).toBe((await call('session')).headers.get('etag'));
  });

  test('the state of another organisation is refused (rule 38)', async () => {
    const world = await withAnn();
    const other = inProcess({ env: { APIGEE_ORG: 'another' }, sharing: world });
    expect(await talk(other).call('status')).toMatchObject({ status: 422, problem: { kind: 'refused' } });
  });
});

describe('running', () => {
  test('a run is asked for by name, with its reason, and found in the list with who asked', async () => {
    const { call, world } = talk();
    const asked = await call('requestRun', { as: 'operator', body: { mode: 'full', dryRun: false, reason } });
    const { runId } = asked.value;
    expect(asked.value).toEqual({ runId: expect.stringMatching(/^console-/), joined: false });
    expect(await call('run', { params: { runId } })).toMatchObject({ status: 404 });
    const twice = await call('requestRun', { body: { mode: 'full', dryRun: false, reason } });
    expect(twice.value).toEqual({ runId, joined: true });
    await world.drain();
    expect((await call('runs')).value.runs).toMatchObject([
      { runId, state: 'done', by: 'operator@example.org', reason },
    ]);
    expect((await call('activity')).value.entries).toMatchObject([
      { kind: 'run', runId, by: 'operator@example.org', state: 'done' },
      { kind: 'operator', by: 'operator@example.org', role: 'operator', reason, state: 'done', runId },
    ]);
    const later = await call('requestRun', { body: { mode: 'full', dryRun: false, reason } });
    expect(later.value.joined).toBe(false);
  });

  test('the history goes on page after page to its end, beyond a thousand runs', async () => {
    const { call, world } = talk();
    const runs = world.services.runs(newMeter());
    for (let at = 1; at <= 1205; at += 1) await runs.create(newRun(`run-${String(at)}`, { requestedAt: at }));
    const seen: string[] = [];
    for (let query = '?limit=200'; ;) {
      const { value } = await call('runs', { query });
      seen.push(...value.runs.map(({ runId }) => runId));
      if (value.next === null) break;
      query = `?limit=200&before=${encodeURIComponent(value.next)}`;
    }
    expect(seen).toEqual(Array.from({ length: 1205 }, (_, index) => `run-${String(1205 - index)}`));
    expect(await call('runs', { query: '?before=nonsense' })).toMatchObject({ status: 422 });
  });

  test('a dry run is another run than a real one', async () => {
    const { call } = talk();
    const real = await call('requestRun', { body: { mode: 'full', dryRun: false, reason } });
    const dry = await call('requestRun', { body: { mode: 'full', dryRun: true, reason } });
    expect(dry.value).toMatchObject({ joined: false });
    expect(dry.value.runId).not.toBe(real.value.runId);
  });

  test('progress is told in people, while the run is under way', async () => {
    const world = inProcess();
    await crowd(world, 3);
    const { call } = talk(world);
    const { runId } = (await call('requestRun', { body: { mode: 'full', dryRun: false, reason } })).value;
    const [request] = world.queue.splice(0, 1);
    if (request !== undefined) await world.deliver(request);
    const { value } = await call('run', { params: { runId } });
    expect(value.progress).toMatchObject({ runId, state: 'running', phase: 'portal', expected: 3, stalled: false });
    expect(value.progress?.fraction).toBeGreaterThanOrEqual(0);
    expect((await call('status')).value).toMatchObject({
      state: 'running',
      active: { runId },
      next: { kind: 'look-at-run' },
    });
    await world.drain();
    expect((await call('run', { params: { runId } })).value).toMatchObject({ progress: null, run: { state: 'done' } });
  });

  test('a run tells its people by outcome, situation, field and reason, and exports them', async () => {
    const { call, world } = talk(await withAnn());
    world.database.putPortalDocument('u1', { ...ann, lastName: 'Baker' });
    world.developers.seed({ email: 'new@example.com', firstName: '=cmd()', lastName: 'New' });
    const { runId } = await world.run();
    const params = { runId };
    const { groups } = (await call('run', { params })).value;
    expect(groups.outcome).toEqual([
      { value: 'created-portal', words: 'created on the portal', people: 1 },
      { value: 'updated-apigee', words: 'updated in Apigee', people: 1 },
    ]);
    expect(groups.field).toMatchObject([{ value: 'lastName', people: 1 }]);
    const updated = await call('runPeople', { params, body: { outcomes: ['updated-apigee'] } });
    expect(updated.value).toMatchObject({ next: null, people: [{ key: ann.email, fields: ['lastName'] }] });
    const exported = await call('exportRun', { params, body: { format: 'ndjson', filter: { field: 'lastName' } } });
    expect(linesOf(exported.text)).toMatchObject([{ person: ann.email, outcome: 'updated-apigee' }]);
    expect(exported.headers.get('content-disposition')).toMatch(/^attachment; filename="run-/);
    expect(await call('runPeople', { params, body: { after: 'nowhere.0.0' } })).toMatchObject({ status: 422 });
    const behind = await call('runPeople', { params, body: { after: 'links.0.0' } });
    expect(behind.value).toEqual({ people: [], next: null });
  });
});

describe('a held run', () => {
  test('shows whom it would delete, and goes on only for the number that it planned', async () => {
    const { call, world, run } = await withHeldRun();
    const params = { runId: run.runId };
    expect(run.state).toBe('held');
    expect((await call('status')).value).toMatchObject({
      state: 'held',
      next: { kind: 'judge-run', runId: run.runId },
    });
    expect((await call('holds')).value.runs).toMatchObject([{ judge: 'approve', gate: { planned: 3, limit: 1 } }]);
    expect((await call('plannedPeople', { params })).value.people).toHaveLength(3);
    expect(await call('approveRun', { params, body: { planned: 2, reason } })).toMatchObject({
      status: 409,
      problem: { kind: 'mistyped', expected: 3 },
    });
    expect((await call('approveRun', { params, body: { planned: 3, reason } })).value.words).toHaveLength(1);
    await world.drain();
    expect(inactive(world)).toHaveLength(3);
    expect(await world.services.audit.recent({ before: undefined, limit: 5 })).toMatchObject([
      {
        action: 'approve-run',
        runId: run.runId,
        people: 3,
        reason,
        operator: { role: 'admin' },
        end: { state: 'done' },
      },
    ]);
  });

  test('that is rejected ends, makes nothing of what it planned, and cannot be approved any more', async () => {
    const { call, world, run } = await withHeldRun();
    const params = { runId: run.runId };
    expect(await call('rejectRun', { params, body: { planned: 3, reason } })).toMatchObject({ status: 200 });
    expect(await call('approveRun', { params, body: { planned: 3, reason } })).toMatchObject({
      status: 422,
      problem: { kind: 'refused' },
    });
    await world.drain();
    expect(inactive(world)).toEqual([]);
    expect((await call('runs')).value.runs[0]).toMatchObject({
      state: 'failed',
      problem: expect.stringContaining('rejected'),
    });
    expect((await call('holds')).value.runs).toEqual([]);
  });
});

describe('needs attention', () => {
  test('groups people by reason, and a whole group is tried again for the number it has', async () => {
    const { call, world } = talk();
    for (const place of [1, 2, 3])
      world.database.putPortalDocument(`u${String(place)}`, {
        email: `p${String(place)}@example.com`,
        firstName: 'Only',
      });
    await world.run();
    const { groups } = (await call('attention', { as: 'viewer' })).value;
    expect(groups).toMatchObject([{ kind: 'failed', people: 3, mayRelease: false }]);
    const group = groups[0]?.group ?? '';
    const params = { group };
    expect((await call('attentionGroup', { params })).value.people).toHaveLength(3);
    expect(await call('retryGroup', { params, body: { count: 2, reason } })).toMatchObject({
      problem: { expected: 3 },
    });
    for (const place of [1, 2])
      world.database.putPortalDocument(`u${String(place)}`, {
        email: `p${String(place)}@example.com`,
        firstName: 'Now',
        lastName: 'Whole',
      });
    const lines = linesOf((await call('retryGroup', { params, body: { count: 3, reason } })).text);
    expect(lines[0]).toMatchObject({ kind: 'begun', action: 'retry', people: 3 });
    expect(lines.at(-1)).toMatchObject({ kind: 'over', done: 3, changed: 2, failed: 1, left: 0 });
    expect(world.developers.all()).toHaveLength(2);
    expect((await call('attention')).value.people).toBe(1);
    expect((await call('activity')).value.entries[0]).toMatchObject({
      words: expect.stringContaining('3 people'),
      reason,
    });
  });

  test('a group that is gone is not found', async () => {
    expect(await talk().call('attentionGroup', { params: { group: 'none' } })).toMatchObject({ status: 404 });
  });
});
