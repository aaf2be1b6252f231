import { describe, expect, test } from 'vitest';
import { formerCanonicalEmail } from '../../../shared/core/model/email.ts';
import { newLink } from '../../../shared/core/model/link.ts';
import { newMeter } from '../../../shared/state/meter.ts';
import { inProcess, type InProcess } from '../../support/in-process.ts';
import { manualClock } from '../../support/manual-clock.ts';
import { ann, annDocument, linked } from './ann.ts';

const composed = 'josé@example.com';
const apart = 'jose\u0301@example.com';
const jose = { email: apart, firstName: 'José', lastName: 'Sol', status: 'active', attributes: {} };

describe('whose email has letters that pass for others (rule 31)', () => {
  test.each(['\u212Aim@example.com', 'k\u200Bim@example.com', '\uFF4Bim@example.com'])(
    'a portal user with %j is nobody else, and is told so',
    async (email) => {
      const world = inProcess();
      world.developers.seed({ email: 'kim@example.com', firstName: 'Kim', lastName: 'Lee' });
      world.database.putPortalDocument('stranger', { ...annDocument, email, firstName: 'Stranger' });
      expect(await world.push('stranger')).toMatchObject([{ key: '#stranger', outcome: 'failed' }]);
      const run = await world.run();
      expect(run.totals?.counts).toMatchObject({ seen: 2, created: { portal: 1 }, failed: 1 });
      expect((await world.rows(run)).find(({ outcome }) => outcome === 'failed')?.reason).toMatch(
        /"email" must have no/,
      );
      world.database.deletePortalDocument('stranger');
      await world.push('stranger');
      await world.run();
      expect(world.developers.all()).toMatchObject([{ email: 'kim@example.com', firstName: 'Kim', status: 'active' }]);
    },
  );

  test('a developer like that fails alone', async () => {
    const world = inProcess();
    world.developers.seed({ email: 'a\u200Bnn@example.com' }, { email: 'bea@example.com' });
    expect((await world.run()).totals?.counts).toMatchObject({ seen: 2, created: { portal: 1 }, failed: 1 });
    expect(world.database.portalDocuments()).toMatchObject([{ data: { email: 'bea@example.com' } }]);
  });
});

describe.each(['x', 'edge'])('accents in their letters on one side and apart on the other, APIGEE_TYPE=%s', (type) => {
  const env = { APIGEE_TYPE: type };
  const sides = [
    ['in a run', async (world: InProcess) => void (await world.run())],
    [
      'in a push, then a run',
      async (world: InProcess) => {
        await world.push('jose');
        await world.run();
      },
    ],
  ] as const;

  test.each(sides)('are one person, and Apigee keeps its spelling: %s (rules 1, 31)', async (_, sync) => {
    for (const [there, here] of [
      [composed, apart],
      [apart, composed],
    ] as const) {
      const world = inProcess({ env });
      world.developers.seed({ email: there, firstName: 'José', lastName: 'Sol', lastModifiedAt: 1 });
      world.database.putPortalDocument('jose', { ...jose, email: here });
      await sync(world);
      expect(world.developers.all()).toMatchObject([{ email: there }]);
      expect(world.database.portalDocuments()).toHaveLength(1);
      world.database.putPortalDocument('jose', { ...jose, email: here, lastName: 'Soler' });
      await world.push('jose');
      expect(world.developers.all()).toMatchObject([{ email: there, lastName: 'Soler' }]);
      expect((await world.run()).totals).toMatchObject({ counts: { seen: 1, unchanged: 1 }, traffic: { writes: 0 } });
    }
  });

  test('are one person in an incremental run that has no reason to look at the developer (rule 1)', async () => {
    const clock = manualClock(Date.now());
    const world = inProcess({ env, clock });
    await world.run();
    world.developers.seed({ email: apart, firstName: 'José', lastName: 'Sol', createdAt: 1, lastModifiedAt: 1 });
    clock.advance(3_600_000);
    world.database.putPortalDocument('jose', { ...jose, email: composed });
    await world.run({ mode: 'incremental' });
    expect(world.developers.all()).toMatchObject([{ email: apart }]);
  });
});

describe('links that a version before 0.2 has stored', () => {
  async function stored(email: string, developerEmail: string): Promise<InProcess> {
    const world = inProcess({ clock: manualClock(Date.now()) });
    world.developers.seed({ email: developerEmail, firstName: 'José', lastName: 'Sol', developerId: 'dev-1' });
    world.database.putPortalDocument('jose', { ...jose, email });
    const key = formerCanonicalEmail(email);
    if (key === undefined) throw new Error('there was no such key');
    const profile = { firstName: 'José', lastName: 'Sol', status: 'active', attributes: new Map() };
    await world.services.people(newMeter()).transact({ links: [key], userIds: [] }, () => ({
      result: undefined,
      links: [
        {
          ...newLink(key),
          presence: 'both',
          userId: 'jose',
          developer: { email: developerEmail, developerId: 'dev-1', modifiedAt: 1 },
          base: { portal: profile, developer: profile, mapping: 'former' },
        },
      ],
    }));
    return world;
  }

  test('under accents apart from their letters go on under the canonical email', async () => {
    const world = await stored(apart, apart);
    await world.run();
    world.database.putPortalDocument('jose', { ...jose, lastName: 'Soler' });
    await world.push('jose');
    expect(world.developers.all()).toMatchObject([{ email: apart, lastName: 'Soler' }]);
    expect(world.database.portalDocuments()).toHaveLength(1);
    await world.run();
    expect((await world.run()).totals).toMatchObject({ counts: { seen: 1, unchanged: 1 }, traffic: { writes: 0 } });
  });

  test('under an email that is usable no longer keep nobody from their run', async () => {
    const world = await stored('jo\u200Bse@example.com', 'jo\u200Bse@example.com');
    world.database.putPortalDocument('ann', annDocument);
    const run = await world.run();
    expect(run).toMatchObject({ state: 'done' });
    expect(world.developers.all().map(({ email }) => email)).toContain(ann);
    expect(world.developers.all().every(({ status }) => status === 'active')).toBe(true);
    expect(world.database.portalDocuments()).toHaveLength(2);
  });
});

test('an email without accents costs no call more (rule 31)', async () => {
  const world = await linked();
  world.database.putPortalDocument('ann', { ...annDocument, lastName: 'Leigh' });
  await world.push('ann');
  expect(world.calls).toMatchObject({ get: 1, update: 1, list: 0 });
});
