import { describe, expect, test } from 'vitest';
import type { ListPage } from '../../../shared/apigee/developers.ts';
import type { PersonKey } from '../../../shared/core/model/email.ts';
import { newMeter } from '../../../shared/state/meter.ts';
import { emailOf, idOf } from '../../support/crowd.ts';
import { inProcess, type InProcess } from '../../support/in-process.ts';
import { hour, listed, listError } from '../../support/listed-world.ts';

const full = { mode: 'full' } as const;
const incremental = { mode: 'incremental' } as const;

const keyOf = (index: number): PersonKey => emailOf(index) as PersonKey;

async function readsOf(world: InProcess, request: typeof full | typeof incremental) {
  const run = await world.run(request);
  return { run, reads: run.totals?.traffic.reads ?? 0, writes: run.totals?.traffic.writes ?? 0 };
}

describe('a run behind a complete one lists every range at the same time', () => {
  test('with a call for each page and one for the end, and looks at no link of whom the listing says the same', async () => {
    const { world, clock, lists } = await listed(5000);
    const { run, reads, writes } = await readsOf(world, full);
    expect(run).toMatchObject({ state: 'done', totals: { counts: { seen: 5000, unchanged: 5000 } } });
    // ⌈5000 / 980⌉ pages.
    expect(lists()).toHaveLength(7);
    expect(lists().every(({ expanded }) => expanded)).toBe(true);
    // One of each portal user and one of each link, and what counts them.
    expect(reads).toBeLessThanOrEqual(5000 * 2.01);
    expect(writes).toBe(0);
    clock.advance(hour);
    const second = await readsOf(world, incremental);
    expect(second.run.totals?.counts).toMatchObject({ seen: 5000, unchanged: 5000 });
    expect(second.reads).toBeLessThan(15);
    clock.advance(hour);
    expect((await readsOf(world, full)).reads).toBeLessThanOrEqual(5000 * 2.01);
  });

  test('all batches are there before the first of them is done', async () => {
    const { world } = await listed(3000);
    await world.services.publisher.requestSync({ ...full, dryRun: false, reason: undefined }, 'all');
    let most = 0;
    for (let message = world.queue.shift(); message !== undefined; message = world.queue.shift()) {
      const open = await world.services.runs(newMeter()).unfinished('all', 'apigee');
      most = Math.max(most, open.length);
      await world.deliver(message);
    }
    expect(most).toBe(4);
  });

  test('and looks at everybody whose developer or link has changed, and nobody else', async () => {
    const { world, lists } = await listed(3000);
    world.developers.seed({ email: emailOf(7), lastName: 'Edited', lastModifiedAt: world.services.clock.now() });
    world.database.putPortalDocument(idOf(8), { ...world.user(idOf(8)), lastName: 'Late' });
    await world.push(idOf(8));
    const { run, reads } = await readsOf(world, full);
    expect(run.totals?.counts).toMatchObject({ seen: 3000, updated: { portal: 1, apigee: 0 } });
    expect(world.user(idOf(7))).toMatchObject({ lastName: 'Edited' });
    expect(lists()).toHaveLength(5);
    expect(reads).toBeLessThan(3000 * 2 + 30);
  });

  test('and sees a status that was set without moving Apigee’s time', async () => {
    const { world } = await listed(30, { movesOnStatus: false });
    await world.developers.setStatus(emailOf(3), 'inactive');
    await world.run(full);
    const found = await world.services.people(newMeter()).links([keyOf(3)]);
    expect(found.get(keyOf(3))?.link.base?.developer.status).toBe('inactive');
  });

  test('who was edited in Apigee and back again is looked at where the link has learnt of it', async () => {
    const { world, clock } = await listed(30, { movesOnStatus: false });
    world.database.putPortalDocument(idOf(3), { ...world.user(idOf(3)), status: 'inactive' });
    await world.push(idOf(3));
    expect(world.developers.all()[3]).toMatchObject({ status: 'inactive' });
    // The listing now says of the developer what it said when the first run found them in step.
    await world.developers.setStatus(emailOf(3), 'active');
    clock.advance(hour);
    await world.run(full);
    const found = await world.services.people(newMeter()).links([keyOf(3)]);
    expect(found.get(keyOf(3))?.link.base?.developer.status).toBe('active');
  });
});

describe('the listing has changed since', () => {
  test('newcomers within a page cost nothing, more of them a call, and the next run has room again', async () => {
    const { world, clock, lists } = await listed(2000);
    const newcomers = (from: number, to: number): void => {
      for (let index = from; index < to; index += 1) world.developers.seed({ email: emailOf(index) });
    };
    newcomers(2000, 2020);
    await world.run(full);
    expect(lists()).toHaveLength(4);
    newcomers(2020, 3100);
    clock.advance(hour);
    const run = await world.run(full);
    expect(run.totals?.counts).toMatchObject({ seen: 3100, created: { portal: 1080 } });
    clock.advance(hour);
    lists();
    expect((await world.run(full)).totals?.counts).toMatchObject({ seen: 3100, unchanged: 3100 });
    expect(lists()).toHaveLength(5);
  });

  test('where somebody with whom a range began is gone, the range before shows the others', async () => {
    const { world, lists } = await listed(3000);
    const memory = world.database.runs.listing;
    const first = memory?.ranges[1]?.from ?? '';
    world.developers.remove(first);
    const run = await world.run(full);
    expect(run).toMatchObject({ state: 'done', totals: { counts: { seen: 3000, created: { apigee: 1 } } } });
    // The range before needs a second page, and the one whose beginning is gone is asked for in vain.
    expect(lists()).toHaveLength(6);
    expect(lists().filter(({ expanded }) => !expanded)).toHaveLength(0);
    expect(world.database.runs.listing?.ranges.map(({ from }) => from)).not.toContain(first);
  });

  test('where Apigee lists in another order, the ranges lead through it in that order (rule 16)', async () => {
    let isTurned = false;
    const { world, clock, lists } = await listed(3000, {
      wrap: (developers) => ({
        ...developers,
        listDevelopers: async (page) =>
          isTurned ? { ok: true, value: turned(world, page) } : developers.listDevelopers(page),
      }),
    });
    isTurned = true;
    world.developers.seed({ email: 'new@example.com' });
    expect(await world.run(full)).toMatchObject({
      state: 'done',
      totals: { counts: { seen: 3001, created: { portal: 1 }, unchanged: 3000 } },
    });
    expect(lists().filter(({ expanded }) => !expanded)).toHaveLength(0);
    clock.advance(hour);
    expect((await world.run(full)).totals?.counts).toMatchObject({ seen: 3001, unchanged: 3001 });
  });

  test('where a range meets no other one, the listing is walked, and everybody is found (rule 16)', async () => {
    let beginning: string | undefined;
    const { world, clock, lists } = await listed(3000, {
      wrap: (developers) => ({
        ...developers,
        listDevelopers: async (page) =>
          page.startKey !== undefined && page.startKey === beginning
            ? listError('refused')
            : developers.listDevelopers(page),
      }),
    });
    beginning = world.database.runs.listing?.ranges[2]?.from;
    world.developers.seed({ email: 'new@example.com' });
    const run = await world.run(full);
    expect(run).toMatchObject({ state: 'done', totals: { counts: { seen: 3001, created: { portal: 1 } } } });
    expect(world.logs.filter(({ event }) => event === 'listing_walked_anew')).toHaveLength(1);
    expect(lists().filter(({ expanded }) => !expanded)).toHaveLength(5);
    beginning = undefined;
    clock.advance(hour);
    expect(await world.run(full)).toMatchObject({ state: 'done', totals: { counts: { seen: 3001, unchanged: 3001 } } });
    expect(lists().filter(({ expanded }) => !expanded)).toHaveLength(0);
  });

  test('where nobody is left, that is asked twice and held (rules 16, 29)', async () => {
    const { world } = await listed(30, { env: { APIGEE_DELETE_POLICY: 'delete', DESTRUCTIVE_LIMIT: '5' } });
    for (let index = 0; index < 30; index += 1) world.developers.remove(emailOf(index));
    expect(await world.run(full)).toMatchObject({ state: 'held', gate: { planned: 30 } });
    expect(world.database.portalDocuments()).toHaveLength(30);
  });
});

describe('nothing is proven by', () => {
  test('a range that Apigee does not show: the run goes no further (rule 25)', async () => {
    let isBroken = false;
    const { world } = await listed(3000, {
      env: { APIGEE_DELETE_POLICY: 'delete', DESTRUCTIVE_LIMIT: '5000', DESTRUCTIVE_LIMIT_PERCENT: '100' },
      wrap: (developers) => ({
        ...developers,
        listDevelopers: async (page) =>
          isBroken && page.startKey === beginning ? listError('unavailable') : developers.listDevelopers(page),
      }),
    });
    const beginning = world.database.runs.listing?.ranges[2]?.from;
    isBroken = true;
    world.developers.remove(emailOf(5));
    const run = await world.run(full);
    expect(run).toMatchObject({ state: 'running', phase: 'apigee', walks: { apigee: { complete: false } } });
    expect(world.database.portalDocuments()).toHaveLength(3000);
  });

  test('what a dry run, or one with other settings, has seen: links are looked at anew', async () => {
    const { world, clock } = await listed(2000);
    const memory = world.database.runs.listing;
    await world.run({ ...full, dryRun: true });
    expect(world.database.runs.listing).toEqual(memory);
    clock.advance(hour);
    const other = inProcess({ clock, sharing: world, env: { APIGEE_DELETE_POLICY: 'hold' } });
    await other.services.publisher.requestSync({ ...full, dryRun: false, reason: undefined }, 'other');
    await other.drain();
    const run = await other.services.runs(newMeter()).get('other');
    expect(run).toMatchObject({ state: 'done', totals: { counts: { seen: 2000, unchanged: 2000 } } });
    expect(run?.totals?.traffic.reads).toBeGreaterThanOrEqual(2000 * 3);
  });
});

function turned(world: InProcess, { startKey, count }: ListPage) {
  const all = world.developers.all().toReversed();
  const from = startKey === undefined ? 0 : all.findIndex(({ email }) => email === startKey);
  const developers = all.slice(from, from + count);
  return { emails: developers.map(({ email }) => email), developers };
}
