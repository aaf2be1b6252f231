import { describe, expect, test } from 'vitest';
import type { ReportJson } from '../../shared/operator/json/report.ts';
import { manualClock } from '../support/manual-clock.ts';
import { commandWorld, say, waitingServices, type CommandWorld } from './command-world.ts';

const emailOf = (person: number): string => `person${String(person)}@example.com`;
const documentOf = (person: number, lastName = 'Last') => ({
  email: emailOf(person),
  firstName: `First ${String(person)}`,
  lastName,
  status: 'active',
  attributes: { tier: 'gold' },
});

/** So many people on both sides, in step, renamed on the portal and by a run in Apigee. */
async function renamed(people: number): Promise<{ world: CommandWorld; runId: string }> {
  const world = commandWorld();
  for (let person = 0; person < people; person += 1) put(world, person);
  await world.run();
  for (let person = 0; person < people; person += 1) put(world, person, 'New');
  const { runId } = await world.run();
  expect(lastNames(world)).toEqual(Array.from({ length: people }, () => 'New'));
  return { world, runId };
}

const put = (world: CommandWorld, person: number, lastName?: string): void =>
  world.database.putPortalDocument(`user${String(person)}`, documentOf(person, lastName));
const lastNames = (world: CommandWorld) => world.developers.all().map(({ lastName }) => lastName);
const writes = ({ calls }: CommandWorld): number => calls.create + calls.update + calls.status + calls.delete;

async function undone(world: CommandWorld, ...args: readonly string[]): Promise<ReportJson> {
  const { out, err } = await world.devsync('undo', ...args, '--yes', '--json', '--reason', 'a wrong import');
  if (out === '') throw new Error(err);
  return JSON.parse(out) as ReportJson;
}

describe('devsync undo RUN (rule 35)', () => {
  test('puts back what the run wrote; a full run after it writes nothing, and an edit travels as ever', async () => {
    const { world, runId } = await renamed(5);
    const run = await undone(world, runId);
    expect(run).toMatchObject({ state: 'done', mode: 'undo', of: runId, kept: 0 });
    expect(run.counts).toMatchObject({ seen: 5, updated: { apigee: 5, portal: 0 }, failed: 0 });
    expect(lastNames(world)).toEqual(Array.from({ length: 5 }, () => 'Last'));
    expect(world.user('user0')).toMatchObject({ lastName: 'New' });
    const before = writes(world);
    const after = await world.run();
    expect(after.totals?.traffic.writes).toBe(0);
    expect(writes(world)).toBe(before);
    put(world, 1, 'Newest');
    await world.push('user1');
    expect(lastNames(world).toSorted()).toEqual(['Last', 'Last', 'Last', 'Last', 'Newest']);
  });

  test('keeps what moved on since, and says so', async () => {
    const { world, runId } = await renamed(3);
    put(world, 1, 'Newer');
    await world.push('user1');
    const run = await undone(world, runId);
    expect(run).toMatchObject({ kept: 1, counts: { seen: 3, updated: { apigee: 2 }, unchanged: 1 } });
    expect(lastNames(world).toSorted()).toEqual(['Last', 'Last', 'Newer']);
    const { out } = await world.devsync('runs', 'show', run.runId);
    expect(out).toContain('1 value was left as it is');
    expect(out).toMatch(new RegExp(`${emailOf(1)}.*nothing is undone`, 'u'));
  });

  test('is itself undone', async () => {
    const { world, runId } = await renamed(2);
    const first = await undone(world, runId);
    const second = await undone(world, first.runId);
    expect(second).toMatchObject({ of: first.runId, kept: 0, counts: { updated: { apigee: 2 } } });
    expect(lastNames(world)).toEqual(['New', 'New']);
    const after = await world.run();
    expect(after.totals?.traffic.writes).toBe(0);
  });

  test('is about the named people only, and about what was pushed where that is asked for', async () => {
    const { world, runId } = await renamed(3);
    await undone(world, runId, '--person', emailOf(2));
    expect(lastNames(world).toSorted()).toEqual(['Last', 'New', 'New']);
    put(world, 0, 'Pushed');
    await world.push('user0');
    expect((await world.devsync('undo', 'push', '--yes', '--reason', 'x')).err).toContain('--person EMAIL');
    await undone(world, 'push', '--person', emailOf(0));
    expect(world.developers.all().find(({ email }) => email === emailOf(0))?.lastName).toBe('New');
  });

  test('leaves what is changed between the question and the answer: nobody was shown it', async () => {
    const clock = manualClock();
    const during = { push: () => Promise.resolve() };
    const answers = ['1', 'a wrong edit'];
    const ask = async (): Promise<string> => {
      await during.push();
      return answers.shift() ?? '';
    };
    const world = commandWorld({ clock }, { ask });
    put(world, 0);
    await world.run();
    put(world, 0, 'Pushed');
    await world.push('user0');
    let later = 0;
    during.push = async () => {
      clock.advance(1000);
      later += 1;
      put(world, 0, `Later ${String(later)}`);
      await world.push('user0');
    };
    expect(await world.devsync('undo', 'push', '--person', emailOf(0))).toMatchObject({ code: 0 });
    expect([answers, lastNames(world)]).toEqual([[], ['Later 2']]);
  });

  test('does not go by the clock of whoever asks', async () => {
    const { world, runId } = await renamed(2);
    const services = waitingServices(world);
    const clock = { ...services.clock, now: () => Date.now() - 3_600_000 };
    const args = ['undo', runId, '--yes', '--reason', 'a wrong import'];
    expect(await say(args, { services: { ...services, clock } })).toMatchObject({ code: 0 });
    expect(lastNames(world)).toEqual(['Last', 'Last']);
  });

  test('of a first run that created everybody deletes them again, and no run brings them back', async () => {
    const world = commandWorld();
    for (let person = 0; person < 4; person += 1)
      world.developers.seed({ email: emailOf(person), firstName: 'F', lastName: 'L' });
    const { runId } = await world.run();
    expect(world.database.portalDocuments()).toHaveLength(4);
    const run = await undone(world, runId);
    expect(run.counts).toMatchObject({ seen: 4, updated: { portal: 4 } });
    expect(world.database.portalDocuments()).toHaveLength(0);
    const before = writes(world);
    const after = await world.run();
    expect(after.totals?.counts).toMatchObject({ created: { portal: 0, apigee: 0 }, held: 4 });
    expect(world.database.portalDocuments()).toHaveLength(0);
    expect(world.developers.all()).toHaveLength(4);
    expect(writes(world)).toBe(before);
    expect((await world.devsync('holds', 'release', emailOf(1))).code).toBe(0);
    expect(world.database.portalDocuments()).toHaveLength(1);
  });

  test('shows first what it would do, asks for the number and the reason, and a dry run writes nothing', async () => {
    const { world, runId } = await renamed(3);
    const before = writes(world);
    const dry = await world.devsync('undo', runId, '--dry-run');
    expect(dry.code).toBe(0);
    for (let person = 0; person < 3; person += 1) expect(dry.out).toContain(emailOf(person));
    expect(dry.out).toContain('Last');
    const scripted = await world.devsync('undo', runId, '--reason', 'x');
    expect(scripted).toMatchObject({ code: 1, out: '' });
    expect(scripted.err).toContain('--yes');
    expect((await world.devsync('undo', runId, '--yes')).err).toContain('--reason');
    expect(writes(world)).toBe(before);
    expect((await world.devsync('undo', 'nothing-known', '--yes', '--reason', 'x')).code).toBe(3);
  });

  test('is recorded with who and why before it begins (rule 39)', async () => {
    const { world, runId } = await renamed(1);
    const run = await undone(world, runId);
    const records = await world.services.audit.recent({ before: undefined, limit: 10 });
    const record = records.find(({ actionId }) => actionId === run.runId);
    expect(record).toMatchObject({ action: 'undo', reason: 'a wrong import', end: { state: 'done' } });
    expect((await world.devsync('explain', emailOf(0))).out).toContain(run.runId);
  });

  test('writes nothing while every write is stopped (rule 33)', async () => {
    const { world, runId } = await renamed(2);
    await world.devsync('stop', '--reason', 'incident');
    const before = writes(world);
    const refused = await world.devsync('undo', runId, '--yes', '--reason', 'x');
    expect(refused.code).toBe(1);
    expect(writes(world)).toBe(before);
  });
});
