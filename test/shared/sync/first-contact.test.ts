import { describe, expect, test } from 'vitest';
import type { Developers } from '../../../shared/apigee/developers.ts';
import { inProcess } from '../../support/in-process.ts';
import { manualClock } from '../../support/manual-clock.ts';
import { ann, annDocument, developer } from './ann.ts';

const minute = 60_000;

/** The first update takes effect, and nobody hears of it. */
function unheardOnce(developers: Developers): Developers {
  let heard = false;
  return {
    ...developers,
    async update(email, body) {
      const answer = await developers.update(email, body);
      if (heard) return answer;
      heard = true;
      const message = 'update: no answer';
      const unheard = { kind: 'unavailable', status: undefined, code: undefined, message, ambiguous: true } as const;
      return { ok: false, error: { ...unheard, operation: 'update' } };
    },
  };
}

test('what a developer has who was given the default is no value of its own: the portal keeps a name without a last one', async () => {
  const mapping = {
    firstName: { path: 'name', split: 'first', default: '–' },
    lastName: { path: 'name', split: 'last', default: '–' },
    attributes: { tier: { path: 'tier', default: 'free' } },
  };
  const world = inProcess({ env: { PORTAL_MAPPING: JSON.stringify(mapping) } });
  const cher = { email: ann, name: 'Cher', status: 'active' };
  world.database.putPortalDocument('cher', cher);
  const names = { email: ann, firstName: 'Cher', lastName: '–', attributes: new Map([['tier', 'free']]) };
  world.developers.seed({ ...names, lastModifiedAt: Date.now() + minute });
  await world.run();
  expect(world.user('cher')).toEqual(cher);
  expect((await world.run()).totals?.traffic.writes).toBe(0);
  world.developers.seed({ ...names, lastName: 'Bono', lastModifiedAt: Date.now() + 2 * minute });
  await world.run();
  expect(world.user('cher')).toMatchObject({ name: 'Cher Bono' });
});

describe('a first contact whose update landed and was not recorded', () => {
  const contact = () => {
    const clock = manualClock();
    const world = inProcess({ clock, wrap: unheardOnce });
    world.developers.seed({ email: ann, firstName: 'Ann', lastName: 'Old', attributes: new Map([['team', 'a']]) });
    clock.advance(minute);
    world.database.putPortalDocument('ann', { ...annDocument, updatedAt: clock.now() });
    clock.advance(minute);
    return { clock, world };
  };

  test('ends as if it had been recorded: nothing comes back from Apigee (rules 4, 24)', async () => {
    const { clock, world } = contact();
    await world.run();
    clock.advance(60 * minute);
    await world.run();
    expect(Object.fromEntries(developer(world)?.attributes ?? [])).toEqual({ tier: 'gold', team: 'a' });
    expect(world.user('ann')).toMatchObject({ lastName: 'Lee', attributes: { tier: 'gold' } });
    expect(world.user('ann')?.['attributes']).not.toHaveProperty('team');
    expect((await world.run()).totals?.traffic.writes).toBe(0);
  });

  test('does not win over an edit made since, whatever the clocks say (rule 23)', async () => {
    const { clock, world } = contact();
    await world.run();
    // The portal's clock is behind Apigee's.
    const behind = clock.now() - 10 * minute;
    world.database.putPortalDocument('ann', { ...annDocument, lastName: 'Leigh', updatedAt: behind });
    clock.advance(60 * minute);
    await world.run();
    expect(world.user('ann')).toMatchObject({ lastName: 'Leigh' });
    expect(developer(world)).toMatchObject({ lastName: 'Leigh' });
  });
});
