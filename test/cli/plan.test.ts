import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { PlanJson } from '../../shared/operator/json/plan.ts';
import type { ReportJson } from '../../shared/operator/json/report.ts';
import { newMeter } from '../../shared/state/meter.ts';
import { commandWorld, type CommandWorld } from './command-world.ts';

const emailOf = (person: number): string => `person${String(person).padStart(3, '0')}@example.com`;
const documentOf = (person: number) => ({
  email: emailOf(person),
  firstName: `First ${String(person)}`,
  lastName: 'Last',
  status: 'active',
  attributes: {},
});

/** So many people on the portal only. */
function portalOf(people: number, env: Readonly<Record<string, string>> = {}): CommandWorld {
  const world = commandWorld({ env });
  for (let person = 0; person < people; person += 1)
    world.database.putPortalDocument(`user${String(person)}`, documentOf(person));
  return world;
}

async function planned(world: CommandWorld, ...args: readonly string[]): Promise<PlanJson> {
  const { out } = await world.devsync('plan', '--json', ...(args.length === 0 ? ['--full'] : args));
  return JSON.parse(out) as PlanJson;
}

async function applied(world: CommandWorld, ...args: readonly string[]): Promise<ReportJson> {
  const { out, err } = await world.devsync('apply', '--json', '--yes', ...args);
  if (out === '') throw new Error(err);
  return JSON.parse(out) as ReportJson;
}

const writes = ({ calls }: CommandWorld): number => calls.create + calls.update + calls.status + calls.delete;

describe('devsync plan, and apply PLAN (rule 36)', () => {
  test('a plan writes nothing, and applying it does exactly what it says; then a full run finds nothing to do', async () => {
    const world = portalOf(30);
    const plan = await planned(world);
    expect(plan).toMatchObject({ kinds: { create: 30, update: 0, deactivate: 0, delete: 0 }, appliedBy: null });
    expect(writes(world)).toBe(0);
    expect(world.database.allLinks()).toEqual([]);
    const run = await applied(world, plan.planId, '--hash', plan.hash);
    expect(run).toMatchObject({ state: 'done', mode: 'apply', planId: plan.planId, stale: 0 });
    expect(run.counts).toMatchObject({ seen: 30, created: { apigee: 30 }, held: 0, failed: 0 });
    expect(world.developers.all()).toHaveLength(30);
    const before = writes(world);
    await world.run();
    expect(writes(world)).toBe(before);
  });

  test('whoever was edited on either side since is stale: told with both decisions, and not written', async () => {
    const world = portalOf(20);
    await world.run();
    for (let person = 0; person < 20; person += 1)
      world.database.putPortalDocument(`user${String(person)}`, { ...documentOf(person), lastName: 'New' });
    const plan = await planned(world);
    expect(plan.kinds.update).toBe(20);
    world.database.putPortalDocument('user3', { ...documentOf(3), lastName: 'Newer' });
    await editInApigee(world, 4, 'Else');
    const run = await applied(world, plan.planId);
    expect(run).toMatchObject({ stale: 2, counts: { seen: 20, updated: { apigee: 18, portal: 0 }, held: 2 } });
    const lastNames = world.developers.all().map(({ lastName }) => lastName);
    expect(lastNames.filter((name) => name === 'New')).toHaveLength(18);
    expect(lastNames).toContain('Last');
    expect(lastNames).toContain('Else');
    const rows = await world.rows(run);
    expect(rows.filter(({ outcome }) => outcome === 'held').map(({ reason }) => reason)).toEqual([
      expect.stringMatching(/^not as planned any more. Planned: .+ Now: .+/),
      expect.stringMatching(/^not as planned any more. Planned: .+ Now: .+/),
    ]);
    // The next run brings those in step, too.
    await world.run();
    expect(world.developers.all().find(({ email }) => email === emailOf(3))?.lastName).toBe('Newer');
  });

  test('a plan is applied once, also by two at once, and by nobody who read another one', async () => {
    const world = portalOf(3);
    const { planId, hash } = await planned(world);
    const other = await world.devsync('apply', planId, '--yes', '--hash', '000000000000');
    expect(other).toMatchObject({ code: 1, out: '' });
    expect(other.err).toContain(hash);
    expect(writes(world)).toBe(0);
    const both = await Promise.all([1, 2].map(() => world.devsync('apply', planId, '--yes')));
    expect(both.map(({ code }) => code).sort()).toEqual([0, 1]);
    expect(world.calls.create).toBe(3);
    const again = await world.devsync('apply', planId, '--yes');
    expect(again.code).toBe(1);
    expect(again.err).toContain('was applied before');
  });

  test('only some kinds and some people are applied, and the others are left out', async () => {
    const world = portalOf(6);
    await world.run();
    world.database.putPortalDocument('user0', { ...documentOf(0), lastName: 'New' });
    world.database.putPortalDocument('user1', { ...documentOf(1), lastName: 'New' });
    world.database.deletePortalDocument('user2');
    const plan = await planned(world);
    expect(plan.kinds).toEqual({ create: 0, update: 2, deactivate: 1, delete: 0 });
    const run = await applied(world, plan.planId, '--only', 'update', emailOf(1), emailOf(2));
    expect(run.counts).toMatchObject({ seen: 1, updated: { apigee: 1 } });
    const of = (person: number) => world.developers.all().find(({ email }) => email === emailOf(person));
    expect([of(0)?.lastName, of(1)?.lastName, of(2)?.status]).toEqual(['Last', 'New', 'active']);
  });

  test('deletions over the limit are in the plan, and applying it makes them (rule 16)', async () => {
    const world = portalOf(10, { DESTRUCTIVE_LIMIT: '2', PORTAL_DELETE_POLICY: 'delete' });
    await world.run();
    for (let person = 0; person < 5; person += 1) world.database.deletePortalDocument(`user${String(person)}`);
    const plan = await planned(world);
    expect(plan.kinds).toMatchObject({ delete: 5 });
    expect(world.calls.delete).toBe(0);
    const shown = await world.devsync('plan', 'show', plan.planId);
    expect(shown.out).toMatch(/5 deleted/);
    const run = await applied(world, plan.planId);
    expect(run).toMatchObject({ state: 'done', stale: 0 });
    expect(world.calls.delete).toBe(5);
    expect(world.developers.all()).toHaveLength(5);
  });

  test('what an absence makes happen rests on the walk of the plan (rule 29)', async () => {
    const world = portalOf(4, { APIGEE_DELETE_POLICY: 'delete', DESTRUCTIVE_LIMIT_PERCENT: '100' });
    await world.run();
    await world.developers.delete(emailOf(1));
    const plan = await planned(world);
    expect(plan.kinds).toMatchObject({ delete: 1 });
    const run = await applied(world, plan.planId);
    expect(run).toMatchObject({ stale: 0, counts: { updated: { portal: 1 } } });
    expect(world.user('user1')).toBeUndefined();
  });

  test('it is refused once the settings are others, once it is too old, and for what is no plan', async () => {
    const world = portalOf(2);
    const { planId } = await planned(world);
    const elsewhere = commandWorld({ sharing: world, env: { PORTAL_DELETE_POLICY: 'keep' } });
    const refused = await elsewhere.devsync('apply', planId, '--yes');
    expect(refused).toMatchObject({ code: 1 });
    expect(refused.err).toContain('other settings');
    const run = await world.run();
    expect((await world.devsync('apply', run.runId, '--yes')).err).toContain('is no plan');
    expect((await world.devsync('apply', 'nothing', '--yes')).code).toBe(3);
    expect((await world.devsync('plan', 'show', 'nothing')).code).toBe(3);
  });

  test('people who are named are planned alone', async () => {
    const world = portalOf(5);
    const plan = await planned(world, emailOf(2), emailOf(4), 'nobody@example.com');
    expect(plan).toMatchObject({ kinds: { create: 2 } });
    const run = await applied(world, plan.planId);
    expect(run.counts).toMatchObject({ seen: 2, created: { apigee: 2 } });
    expect(
      world.developers
        .all()
        .map(({ email }) => email)
        .sort(),
    ).toEqual([emailOf(2), emailOf(4)]);
  });

  test('whoever was edited meanwhile and is not in the plan is met by the next incremental run (rule 25)', async () => {
    const world = portalOf(3);
    await world.run();
    world.database.putPortalDocument('user0', { ...documentOf(0), lastName: 'New' });
    await editInApigee(world, 1, 'Else');
    const plan = await planned(world, emailOf(0));
    expect((await applied(world, plan.planId)).counts).toMatchObject({ seen: 1, updated: { apigee: 1 } });
    const watermark = (await world.services.runs(newMeter()).control()).lastIncremental;
    expect(watermark?.runId).not.toBe(`${plan.planId}.applied`);
    await world.run({ mode: 'incremental' });
    expect(world.user('user1')).toMatchObject({ lastName: 'Else' });
  });

  test('the whole plan is written to a file, and told again with everyone in it', async () => {
    const world = portalOf(120);
    const directory = await mkdtemp(join(tmpdir(), 'plan-'));
    const file = join(directory, 'plan.csv');
    const { out } = await world.devsync('plan', '--full', '--output', file);
    const planId = /plan +(\S+)/u.exec(out)?.[1] ?? '';
    const csv = await readFile(file, 'utf8');
    for (let person = 0; person < 120; person += 1) expect(csv).toContain(emailOf(person));
    const shown = await world.devsync('plan', 'show', planId, '--format', 'json');
    const { people, hash } = JSON.parse(shown.out) as { people: readonly unknown[]; hash: string };
    expect(people).toHaveLength(120);
    expect(out).toContain(hash);
    const text = (await world.devsync('plan', 'show', planId)).out;
    for (let person = 0; person < 120; person += 1) expect(text).toContain(emailOf(person));
    const refused = await world.devsync('plan', '--output', join(directory, 'nowhere', 'plan.json'));
    expect(refused).toMatchObject({ code: 1 });
    expect(refused.err).toContain('cannot be written');
    await rm(directory, { recursive: true });
  });

  test('of a new registration that was edited since nothing is left behind', async () => {
    const world = portalOf(2);
    const { planId } = await planned(world);
    world.database.putPortalDocument('user1', { ...documentOf(1), lastName: 'Newer' });
    expect(await applied(world, planId)).toMatchObject({ stale: 1, counts: { created: { apigee: 1 } } });
    expect(world.database.allLinks().map(({ key }) => key)).toEqual([emailOf(0)]);
    const { out } = await world.devsync('runs', 'show', `${planId}.applied`);
    expect(out).toContain('1 person is not as planned any more');
  });

  test('a terminal is asked for the number, and elsewhere --yes is needed (rule 39)', async () => {
    const world = portalOf(3);
    const { planId } = await planned(world);
    expect((await world.devsync('apply', planId)).err).toContain('--yes');
    expect(writes(world)).toBe(0);
    const asking = commandWorld({ sharing: world }, { ask: async () => '4' });
    expect((await asking.devsync('apply', planId)).err).toContain('Not confirmed');
    expect(writes(asking)).toBe(0);
  });

  test('a first run of more than CREATION_LIMIT is planned whole, and applying it is the approval (rule 32)', async () => {
    const world = portalOf(8, { CREATION_LIMIT: '5' });
    const plan = await planned(world);
    expect(plan.kinds.create).toBe(8);
    expect((await applied(world, plan.planId)).counts.created.apigee).toBe(8);
  });

  test('a batch that is delivered twice, or lost half-way, writes nobody twice and tells the same', async () => {
    const world = portalOf(150);
    const { planId } = await planned(world);
    await world.devsync('apply', planId, '--yes', '--background');
    while (world.queue.length > 0) {
      const message = world.queue.shift();
      if (message === undefined) break;
      await world.deliver(message);
      await world.deliver(message);
    }
    const run = (await world.devsync('runs', '--json')).out;
    expect(run).toContain(`"planId":"${planId}","stale":0`);
    expect(world.calls.create).toBe(150);
  });

  test('whose settings change before its run has its turn writes nobody, and tells why', async () => {
    const world = portalOf(3);
    const plan = await planned(world);
    const asked = await world.devsync('apply', '--yes', '--background', plan.planId);
    expect(asked.code).toBe(0);
    const deployed = commandWorld({ sharing: world, env: { CONFLICT_POLICY: 'newest-record' } });
    deployed.queue.push(...world.queue.splice(0));
    await deployed.drain();
    const run = await world.services.runs(newMeter()).get(`${plan.planId}.applied`);
    expect(run).toMatchObject({ state: 'done', totals: { stale: 3 } });
    const [row] = await world.rows({ runId: `${plan.planId}.applied` });
    expect(row?.reason).toContain('Planned: with other settings');
    expect(writes(world) + writes(deployed)).toBe(0);
  });
});

async function editInApigee(world: CommandWorld, person: number, lastName: string): Promise<void> {
  const found = world.developers.all().find(({ email }) => email === emailOf(person));
  if (found === undefined) throw new Error('there is no such developer');
  const { firstName = '', userName = '' } = found;
  await world.developers.update(found.email, { ...found, firstName, userName, lastName });
}
