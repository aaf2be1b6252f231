import { describe, expect, test } from 'vitest';
import { newMeter } from '../../../shared/state/meter.ts';
import { crowd, deleteUsers, documentOf, emailOf, idOf } from '../../support/crowd.ts';
import { inProcess, type InProcess, type InProcessOptions } from '../../support/in-process.ts';
import { manualClock } from '../../support/manual-clock.ts';
import { talk, type Talk } from './talk.ts';

const reason = 'a wrong import';

const rename = (world: InProcess, person: number, lastName: string): void =>
  world.database.putPortalDocument(idOf(person), { ...documentOf(person), lastName });
const lastNames = (world: InProcess): readonly (string | undefined)[] =>
  world.developers.all().map(({ lastName }) => lastName);

/** Three renamed on the portal, and by a run in Apigee. */
async function renamed(options?: InProcessOptions) {
  const world = inProcess(options);
  await crowd(world, 3);
  for (const person of [0, 1, 2]) rename(world, person, 'New');
  const { runId } = await world.run();
  return { ...talk(world), runId };
}

/** Looks at the undo of an act, to its end. */
async function shown({ call, world }: Pick<Talk, 'call' | 'world'>, act: string, key?: string) {
  const body = key === undefined ? { act } : { act, person: { key } };
  const { value } = await call('lookAtUndo', { as: 'operator', body });
  await world.drain();
  return { params: { runId: value.runId } };
}

describe('undoing a run (rule 35)', () => {
  test('is shown first, with what comes back, then done by its number; each run leads to the other', async () => {
    const desk = await renamed();
    const { call, world, runId } = desk;
    expect((await call('run', { params: { runId } })).value.mayUndo).toBe(true);
    const { params } = await shown(desk, runId);
    expect(lastNames(world)).toEqual(['New', 'New', 'New']);
    expect((await call('run', { params })).value).toMatchObject({
      run: { mode: 'undo', dryRun: true, by: 'operator@example.org' },
      about: { undo: { act: runId, isRun: true }, people: null },
      doneBy: null,
      kept: 0,
    });
    expect((await call('plan', { params })).value).toMatchObject({ people: 3, refusal: null });
    expect((await call('changedPeople', { params, body: {} })).value.people[0]?.writes).toEqual([
      { side: 'apigee', field: 'lastName', values: { before: 'New', after: 'Last' } },
    ]);

    const { value } = await call('undo', { params, body: { planned: 3, reason } });
    await world.drain();
    expect(lastNames(world)).toEqual(['Last', 'Last', 'Last']);
    expect((await call('run', { params })).value.doneBy).toBe(value.runId);
    expect((await call('run', { params: { ...value } })).value).toMatchObject({
      run: { mode: 'undo', dryRun: false, by: 'admin@example.org', reason },
      about: { undo: { act: runId } },
      mayUndo: true,
    });
    const records = await world.services.audit.recent({ before: undefined, limit: 9 });
    expect(records).toMatchObject([
      { action: 'undo', runId: value.runId, people: 3, reason, operator: { role: 'admin' }, end: { state: 'done' } },
      { action: 'undo', runId: params.runId, fields: ['dry run'], operator: { role: 'operator' } },
    ]);
    expect((await world.run()).totals?.traffic.writes).toBe(0);
  });

  test('what moved on since is kept, and why is told before and after', async () => {
    const desk = await renamed();
    const { call, world, runId } = desk;
    rename(world, 1, 'Newer');
    await world.push(idOf(1));
    const { params } = await shown(desk, runId);
    expect((await call('run', { params })).value).toMatchObject({
      kept: 1,
      run: { counts: { updated: { apigee: 2 } } },
    });
    const rows = (await call('runPeople', { params, body: {} })).value.people;
    expect(rows.find(({ key }) => key === emailOf(1))?.reason).toContain('it has been changed since');
    expect(await call('undo', { params, body: { planned: 3, reason } })).toMatchObject({
      status: 409,
      problem: { kind: 'mistyped', expected: 2 },
    });
    await call('undo', { params, body: { planned: 2, reason } });
    await world.drain();
    expect(lastNames(world).toSorted()).toEqual(['Last', 'Last', 'Newer']);
  });

  test('asked for twice at the same moment it is done once, and a third time refused in words', async () => {
    const desk = await renamed();
    const { call, world } = desk;
    const { params } = await shown(desk, desk.runId);
    const both = await Promise.all([1, 2].map(() => call('undo', { params, body: { planned: 3, reason } })));
    expect(both.map(({ status }) => status).toSorted()).toEqual([200, 422]);
    await world.drain();
    const runs = await world.services.runs(newMeter()).recent(20);
    expect(runs.filter(({ mode, dryRun }) => mode === 'undo' && !dryRun)).toHaveLength(1);
    expect(await call('undo', { params, body: { planned: 3, reason } })).toMatchObject({
      problem: { kind: 'refused', message: expect.stringContaining('undone before') },
    });
    expect((await call('plan', { params })).value.refusal).toContain('undone before');
  });

  test('one whose message was lost goes on once it is asked for again (rule 24)', async () => {
    const desk = await renamed();
    const { call, world } = desk;
    const { params } = await shown(desk, desk.runId);
    const { publisher } = world.services;
    const continueRun = publisher.continueRun.bind(publisher);
    publisher.continueRun = async () => Promise.reject(new Error('lost'));
    expect(await call('undo', { params, body: { planned: 3, reason } })).toMatchObject({ status: 500 });
    publisher.continueRun = continueRun;
    expect(await call('undo', { params, body: { planned: 3, reason } })).toMatchObject({ status: 422 });
    await world.drain();
    expect(lastNames(world)).toEqual(['Last', 'Last', 'Last']);
  });

  test('only what a dry run of an undo shows can be undone: no other run, nothing unfinished, nothing that is kept', async () => {
    const desk = await renamed();
    const { call, world, runId } = desk;
    const body = { planned: 3, reason };
    const dry = await world.run({ dryRun: true });
    for (const other of [runId, dry.runId])
      expect(await call('undo', { params: { runId: other }, body })).toMatchObject({ status: 422 });
    expect(await call('undo', { params: { runId: 'none' }, body })).toMatchObject({ status: 404 });
    const { value } = await call('lookAtUndo', { body: { act: runId } });
    expect(await call('undo', { params: { ...value }, body })).toMatchObject({
      problem: { message: expect.stringContaining('not whole') },
    });
    for (const person of [0, 1, 2]) rename(world, person, 'Newest');
    for (const person of [0, 1, 2]) await world.push(idOf(person));
    await world.drain();
    expect(await call('undo', { params: { ...value }, body: { planned: 0, reason } })).toMatchObject({
      problem: { message: expect.stringContaining('can be put back') },
    });
    expect(lastNames(world)).toEqual(['Newest', 'Newest', 'Newest']);
  });

  test('what an undo would put back is no plan to apply', async () => {
    const desk = await renamed();
    const { params } = await shown(desk, desk.runId);
    const { hash, people } = (await desk.call('plan', { params })).value;
    const body = { hash, kinds: [], planned: people, reason };
    expect(await desk.call('applyPlan', { params, body })).toMatchObject({ status: 422 });
  });

  test('an act that changed nobody, and the pushes of everybody, are refused in words', async () => {
    const { call } = await renamed();
    expect(await call('lookAtUndo', { body: { act: 'run-none' } })).toMatchObject({
      status: 422,
      problem: { message: expect.stringContaining('nothing to undo') },
    });
    expect(await call('lookAtUndo', { body: { act: 'push' } })).toMatchObject({ status: 422 });
    expect(await call('lookAtUndo', { body: { act: 'a/b' } })).toMatchObject({ status: 400 });
  });
});

describe('undoing one change, or what an operator did', () => {
  test('a change in a person’s history is undone for that person alone', async () => {
    const desk = await renamed();
    const { call, world } = desk;
    const person = { key: emailOf(1) };
    const { history } = (await call('person', { as: 'viewer', body: { person } })).value;
    const act = history.find(({ kind }) => kind === 'changed')?.act ?? '';
    const { params } = await shown(desk, act, emailOf(1));
    expect((await call('run', { params })).value.about).toEqual({
      plan: null,
      undo: { act, isRun: false },
      people: 1,
      kinds: [],
    });
    await call('undo', { params, body: { planned: 1, reason } });
    await world.drain();
    expect(lastNames(world).toSorted()).toEqual(['Last', 'New', 'New']);
  });

  test('what was pushed after it was shown stays', async () => {
    const clock = manualClock();
    const desk = await renamed({ clock });
    const { call, world } = desk;
    rename(world, 1, 'Pushed');
    await world.push(idOf(1));
    const { params } = await shown(desk, 'push', emailOf(1));
    clock.advance(1000);
    rename(world, 1, 'Later');
    await world.push(idOf(1));
    expect(await call('undo', { params, body: { planned: 1, reason } })).toMatchObject({ status: 200 });
    await world.drain();
    expect(lastNames(world).toSorted()).toEqual(['Later', 'New', 'New']);
  });

  test('an operator’s action is offered for it in the activity where it may have changed people', async () => {
    const desk = await renamed();
    const { call, world } = desk;
    await call('deactivateDeveloper', { as: 'operator', body: { person: { key: emailOf(0) }, reason } });
    const { entries } = (await call('activity')).value;
    const act = entries[0]?.act ?? '';
    expect(entries[0]).toMatchObject({ kind: 'operator', id: act });
    expect(entries.filter(({ kind }) => kind === 'run').map((entry) => entry.act)).toEqual([null, null]);
    const { params } = await shown(desk, act);
    await call('undo', { params, body: { planned: 1, reason } });
    await world.drain();
    expect(world.developers.all().map(({ status }) => status)).toEqual(['active', 'active', 'active']);
    expect((await call('activity')).value.entries[0]?.act).toBeNull();
  });

  test('no longer than changes are kept', async () => {
    const { call } = talk(await refusing());
    expect((await call('activity')).value.entries.map(({ act }) => act)).not.toContainEqual(expect.any(String));
  });
});

/** Changes are not kept, and somebody was deactivated. */
async function refusing(): Promise<InProcess> {
  const world = inProcess({ env: { UNDO_DAYS: '0' } });
  await crowd(world, 1);
  await talk(world).call('deactivateDeveloper', { body: { person: { key: emailOf(0) }, reason } });
  return world;
}

describe('forgetting (rule 37)', () => {
  const gone = emailOf(0);
  const body = { person: { key: gone }, email: gone, reason };

  async function withGone() {
    const world = inProcess({ env: { DESTRUCTIVE_LIMIT_PERCENT: '100', PORTAL_DELETE_POLICY: 'delete' } });
    await crowd(world, 2);
    deleteUsers(world, 0, 1);
    await world.run();
    return talk(world);
  }

  test('a person on neither side is forgotten: nothing is left, and who did it is recorded without the email', async () => {
    const { call, world } = await withGone();
    const found = await call('person', { body: { person: { key: gone } } });
    expect(found.value).toMatchObject({ sync: 'nobody', may: { forget: true } });
    const { value } = await call('forgetPerson', { body: { ...body, email: gone.toUpperCase() } });
    expect(value.words.join(' ')).toMatch(/forgotten\. .*Links: 1 removed/u);
    expect(await call('person', { body: { person: { key: gone } } })).toMatchObject({ status: 404 });
    const records = await world.services.audit.recent({ before: undefined, limit: 5 });
    expect(records[0]).toMatchObject({ action: 'forget-person', reason, end: { state: 'done' } });
    expect(JSON.stringify(records)).not.toContain(gone);
    expect((await call('forgetPerson', { body })).value.words).toEqual(['Nothing is kept of this person.']);
  });

  test('the plan of a run that waits names the person no more, nor does what is kept of it here', async () => {
    const env = { DESTRUCTIVE_LIMIT_PERCENT: '100', PORTAL_DELETE_POLICY: 'delete', APPROVAL: 'always' };
    const world = inProcess({ env });
    await crowd(world, 2);
    deleteUsers(world, 0, 1);
    const { runId } = await world.scheduledRun();
    const { call } = talk(world);
    const params = { runId };
    expect((await call('plan', { params })).value.people).toBe(1);
    await world.developers.delete(gone);
    await world.run({ mode: 'full' });
    await call('forgetPerson', { body });
    expect((await call('plan', { params })).value.people).toBe(0);
    expect(JSON.stringify([...world.planned.of(runId).after(undefined)])).not.toContain(gone);
  });

  test('somebody on a side is refused in words, and another email than theirs is not taken', async () => {
    const { call, world } = await withGone();
    const there = emailOf(1);
    const person = { key: there };
    expect((await call('person', { body: { person } })).value.may.forget).toBe(false);
    expect(await call('forgetPerson', { body: { person, email: there, reason } })).toMatchObject({
      status: 422,
      problem: { message: expect.stringContaining('on the portal') },
    });
    expect(await call('forgetPerson', { body: { ...body, email: there } })).toMatchObject({
      status: 400,
      problem: { fields: [{ field: 'email' }] },
    });
    world.developers.seed({ email: gone, firstName: 'F', lastName: 'L' });
    expect(await call('forgetPerson', { body })).toMatchObject({
      status: 422,
      problem: { message: expect.stringContaining('in Apigee') },
    });
  });
});
