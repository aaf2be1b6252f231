import { describe, expect, test } from 'vitest';
import type { InProcess, InProcessOptions } from '../../support/in-process.ts';
import { manualClock, type ManualClock } from '../../support/manual-clock.ts';
import { ann, annDocument, developer, linked, unavailable, unheard } from './ann.ts';

const minute = 60_000;
const hour = 60 * minute;

interface Scene {
  readonly world: InProcess;
  readonly clock: ManualClock;
  /** How many of the next calls go wrong: reads that find nobody, statuses turned away, updates nobody hears of. */
  readonly next: { absences: number; statusesTurnedAway: number; updatesUnheard: number };
}

/** Ann in step, and an Apigee whose next calls may go wrong. */
async function scene(options: InProcessOptions = {}): Promise<Scene> {
  const clock = manualClock(Date.now());
  const next = { absences: 0, statusesTurnedAway: 0, updatesUnheard: 0 };
  const goesWrong = (kind: keyof typeof next): boolean => {
    next[kind] -= 1;
    return next[kind] >= 0;
  };
  const world = await linked({
    clock,
    wrap: (developers) => ({
      ...developers,
      get: async (email, turn) =>
        goesWrong('absences') ? { ok: true, value: undefined } : developers.get(email, turn),
      setStatus: async (email, status) =>
        goesWrong('statusesTurnedAway') ? unavailable : developers.setStatus(email, status),
      async update(email, body) {
        const answer = await developers.update(email, body);
        return goesWrong('updatesUnheard') ? unheard('update') : answer;
      },
    }),
    ...options,
  });
  return { world, clock, next };
}

/** The portal's clock is `behind` Apigee's by so many ms. */
async function register({ world, clock }: Scene, pushes: number, behind = 0, profile = {}): Promise<void> {
  const updatedAt = new Date(clock.now() - behind);
  world.database.putPortalDocument('again', { ...annDocument, firstName: 'Anna', ...profile, updatedAt });
  for (let push = 0; push < pushes; push += 1) {
    await world.push('again');
    clock.advance(5 * minute);
  }
}

describe('who registers again after we made the developer inactive', () => {
  async function gone(options: InProcessOptions = {}): Promise<Scene> {
    const found = await scene(options);
    found.world.database.deletePortalDocument('ann');
    await found.world.push('ann');
    expect(developer(found.world)?.status).toBe('inactive');
    found.clock.advance(hour);
    return found;
  }

  test.each([true, false])(
    'is active again, however often only the profile could be written; a status moves the time: %s (rules 24, 28)',
    async (movesOnStatus) => {
      const found = await gone({ movesOnStatus });
      found.next.statusesTurnedAway = 2;
      await register(found, 3);
      expect(developer(found.world)).toMatchObject({ firstName: 'Anna', status: 'active' });
      expect((await found.world.run()).totals?.traffic.writes).toBe(0);
    },
  );

  test.each([0, 1, 2])(
    'stays blocked where somebody blocked the developer after us, although %i updates went unheard (rule 28)',
    async (updatesUnheard) => {
      const found = await gone({ movesOnStatus: true });
      const { world, clock, next } = found;
      await world.developers.setStatus(ann, 'inactive');
      clock.advance(hour);
      next.updatesUnheard = updatesUnheard;
      await register(found, updatesUnheard + 1);
      expect(developer(world)).toMatchObject({ firstName: 'Anna', status: 'inactive' });
    },
  );

  test('stays blocked where a run saw the block, and somebody edited the names after it (rule 28)', async () => {
    const found = await gone({ movesOnStatus: true });
    const { world, clock } = found;
    await world.developers.setStatus(ann, 'inactive');
    await world.run();
    clock.advance(hour);
    const known = developer(world);
    if (known !== undefined) world.developers.seed({ ...known, lastName: 'Leigh', lastModifiedAt: clock.now() });
    clock.advance(hour);
    await register(found, 1);
    expect(developer(world)).toMatchObject({ firstName: 'Anna', status: 'inactive' });
  });
});

test('who registers again has the new names though our last write went unheard, and the portal has what never travelled (rules 10, 23)', async () => {
  const found = await scene();
  const { world, clock, next } = found;
  const document = { ...annDocument, attributes: { tier: 'gold', own: 'of the portal' } };
  // Who are met for the first time keep what the newer side does not have (rule 4).
  world.database.putPortalDocument('bea', { ...document, email: 'bea@example.com', updatedAt: new Date(1) });
  world.developers.seed({ email: 'bea@example.com', firstName: 'Bea', lastName: 'Lee', lastModifiedAt: clock.now() });
  await world.run();
  expect(developer(world, 'bea@example.com')?.attributes.size).toBe(0);
  clock.advance(hour);
  next.updatesUnheard = 1;
  const edited = { ...world.user('bea'), lastName: 'Leigh', updatedAt: new Date(clock.now()) };
  world.database.putPortalDocument('bea', edited);
  await world.push('bea');
  clock.advance(5 * minute);
  await world.push('bea');
  world.database.deletePortalDocument('bea');
  await register(found, 1, 10 * minute, { email: 'bea@example.com' });
  expect(developer(world, 'bea@example.com')).toMatchObject({ firstName: 'Anna', lastName: 'Lee' });
});

test('who registers again, and edits after our write crashed, has the edit: the former user’s attributes stay, and are no edit (rules 4, 23)', async () => {
  const clock = manualClock(Date.now());
  let isDead = false;
  const world = await linked({
    clock,
    around: async (_, happen) => (isDead ? Promise.reject(new Error('a crash')) : happen()),
    wrap: (developers) => ({
      ...developers,
      async update(email, body) {
        const answer = await developers.update(email, body);
        isDead = true;
        return answer;
      },
    }),
  });
  clock.advance(hour);
  world.database.deletePortalDocument('ann');
  // The portal's clock is behind Apigee's.
  const save = (firstName: string): void =>
    world.database.putPortalDocument('again', {
      ...annDocument,
      firstName,
      attributes: { own: 'new' },
      updatedAt: new Date(clock.now() - 10 * minute),
    });
  save('Anna');
  await expect(world.push('again')).rejects.toThrow('a crash');
  expect(Object.fromEntries(developer(world)?.attributes ?? [])).toMatchObject({ tier: 'gold', own: 'new' });
  isDead = false;
  clock.advance(5 * minute);
  save('Annie');
  await world.push('again').catch(() => undefined);
  expect(developer(world)).toMatchObject({ firstName: 'Annie' });
  expect(world.user('again')).toMatchObject({ firstName: 'Annie' });
});

describe('who registers again and is not found by a read at once (rules 10, 23, 29)', () => {
  /** Our own last write made the developer newer than a registration by a portal whose clock is behind. */
  async function written(options: InProcessOptions): Promise<Scene> {
    const found = await scene(options);
    const { world, clock } = found;
    clock.advance(hour);
    world.database.putPortalDocument('ann', { ...annDocument, lastName: 'Leigh', updatedAt: new Date(clock.now()) });
    await world.push('ann');
    clock.advance(minute);
    world.database.deletePortalDocument('ann');
    return found;
  }

  test('has the new names, whatever the developer was last written by: on Edge', async () => {
    const found = await written({ env: { APIGEE_TYPE: 'edge' } });
    found.next.absences = 1;
    await register(found, 1, 10 * minute);
    await found.world.run();
    expect(developer(found.world)).toMatchObject({ firstName: 'Anna', lastName: 'Lee' });
    expect(found.world.user('again')).toMatchObject({ firstName: 'Anna', lastName: 'Lee' });
    expect((await found.world.run()).totals?.traffic.writes).toBe(0);
  });

  test.each(['edge', 'x'])('has the new names also once they can be taken at all: on %s', async (type) => {
    const found = await written({ env: { APIGEE_TYPE: type } });
    const { world, clock, next } = found;
    const tooMany = Object.fromEntries(Array.from({ length: 19 }, (_, index) => [`a${String(index)}`, 'v']));
    next.absences = 1;
    await register(found, 1, 10 * minute, { attributes: tooMany });
    await register(found, 1, 10 * minute);
    clock.advance(hour);
    await world.run();
    expect(developer(world)).toMatchObject({ firstName: 'Anna', lastName: 'Lee' });
    expect(world.user('again')).toMatchObject({ firstName: 'Anna', lastName: 'Lee' });
  });
});
