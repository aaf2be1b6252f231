import { expect, test } from 'vitest';
import { newMeter } from '../../../shared/state/meter.ts';
import { inProcess } from '../../support/in-process.ts';
import { manualClock } from '../../support/manual-clock.ts';
import { ann, annDocument, developer, linked } from './ann.ts';

test('developers that Firestore could not hold fail, each with what to do, and everybody else goes on (rules 7, 18, 26)', async () => {
  const world = inProcess();
  const large = Array.from({ length: 18 }, (_, index) => [`a${String(index)}`, 'v'.repeat(4000)] as const);
  world.developers.seed(
    { email: 'large@example.com', attributes: new Map(large) },
    { email: 'broken@example.com', attributes: new Map([['note', 'half \ud83d']]) },
    { email: 'long@example.com', attributes: new Map([['n'.repeat(1100), 'v']]) },
    { email: ann },
  );
  const run = await world.run();
  expect(run).toMatchObject({ state: 'done', totals: { counts: { seen: 4, failed: 3, created: { portal: 1 } } } });
  const rows = await world.rows(run);
  expect(rows.filter(({ outcome }) => outcome === 'failed').map(({ reason }) => reason.slice(0, 60))).toEqual([
    expect.stringContaining('more than 65536 bytes'),
    expect.stringContaining('attributes.note: not well-formed Unicode'),
    expect.stringContaining('attributes.nnn'),
  ]);
  expect((await world.run()).totals).toMatchObject({ counts: { seen: 4, failed: 3 }, traffic: { writes: 0 } });
});

test('a thousand users with one email are one person held, on a link that names some of them (rules 1, 12)', async () => {
  const world = inProcess();
  for (let index = 0; index < 1000; index += 1) world.database.putPortalDocument(`ann-${String(index)}`, annDocument);
  expect((await world.run()).totals?.counts).toMatchObject({ seen: 1, held: 1 });
  expect(world.database.linkOf(ann)?.rivals.length).toBe(100);
  expect((await world.run()).totals).toMatchObject({ counts: { seen: 1, held: 1 }, traffic: { writes: 0 } });
  for (const { id } of world.database.portalDocuments().slice(1)) world.database.deletePortalDocument(id);
  for (let count = 0; count < 2; count += 1) await world.run();
  expect((await world.run()).totals).toMatchObject({ counts: { seen: 1, unchanged: 1 }, traffic: { writes: 0 } });
  expect(world.developers.all()).toMatchObject([{ email: ann }]);
});

test.each(['push', 'run'] as const)(
  'a portal document that has no room left is one failure of a %s, tried again later, and everybody else goes on (rules 7, 25)',
  async (flow) => {
    const clock = manualClock(Date.now());
    const world = inProcess({ clock });
    const full = { ...annDocument, unmapped: 'v'.repeat(1024 * 1024 - 1000) };
    world.database.putPortalDocument('ann', full);
    world.database.putPortalDocument('bob', { ...annDocument, email: 'bob@example.com' });
    await world.run();

    for (const one of world.developers.all()) {
      const attributes = new Map([...one.attributes, ['note', 'v'.repeat(1000)]]);
      world.developers.seed({ ...one, attributes, lastModifiedAt: clock.now() + 60_000 });
    }
    clock.advance(120_000);
    if (flow === 'push') {
      world.database.putPortalDocument('ann', { ...full, firstName: 'Anne' });
      const found = { situation: 'both-changed', outcome: 'failed', disposition: 'final' };
      expect(await world.push('ann')).toMatchObject([found]);
    }
    const run = await world.run();
    expect(run.state).toBe('done');
    expect(run.totals?.counts).toMatchObject({ seen: 2, failed: 1, updated: { portal: 1 } });
    expect(world.database.linkOf(ann)).toMatchObject({ failure: { kind: 'transient' } });
    expect(world.database.linkOf(ann)?.lease).toBeUndefined();
    expect(world.database.linkOf(ann)?.failure?.message).toContain('make it smaller');
    world.database.putPortalDocument('ann', { ...full, unmapped: 'v' });
    clock.advance(24 * 3_600_000);
    expect((await world.run()).totals?.counts).toMatchObject({ seen: 2, failed: 0 });
    expect(world.user('ann')).toMatchObject({ attributes: { note: expect.stringContaining('v') as string } });
    expect(world.database.linkOf(ann)?.failure).toBeUndefined();
  },
);

test('a mapping that finds no name any more has removed none: edits go on travelling (rules 10, 18)', async () => {
  const world = await linked();
  const meter = newMeter();
  const { services } = world;
  const [link] = (await services.people(meter).links([ann])).values();
  if (link?.link.base === undefined) throw new Error('not linked');
  const before = { ...link.link, base: { ...link.link.base, mapping: 'another' } };
  await services.people(meter).transact({ links: [ann], userIds: [] }, () => ({ result: undefined, links: [before] }));
  world.database.putPortalDocument('ann', { ...annDocument, firstName: null, attributes: { tier: 'silver' } });
  expect(await world.push('ann')).toMatchObject([{ outcome: 'updated-apigee' }]);
  expect(developer(world)).toMatchObject({ firstName: 'Ann' });
  expect(developer(world)?.attributes.get('tier')).toBe('silver');
});

test.each(['deactivate', 'delete'])(
  'a developer made anew since is not the one whose portal user was deleted: PORTAL_DELETE_POLICY=%s (rule 15)',
  async (policy) => {
    const clock = manualClock(Date.now());
    const world = await linked({ clock, env: { PORTAL_DELETE_POLICY: policy, DESTRUCTIVE_LIMIT_PERCENT: '100' } });
    clock.advance(3_600_000);
    world.developers.remove(ann);
    world.developers.seed({ email: ann, firstName: 'Anne', lastName: 'Lee' });
    clock.advance(3_600_000);
    world.database.deletePortalDocument('ann');
    await world.push('ann');
    await world.run();
    expect(developer(world)).toMatchObject({ firstName: 'Anne', status: 'active' });
    expect(world.database.portalDocuments()).toEqual([]);
    expect((await world.run()).totals?.traffic.writes).toBe(0);
  },
);
