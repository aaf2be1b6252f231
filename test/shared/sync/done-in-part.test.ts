import { expect, test } from 'vitest';
import type { Developer } from '../../../shared/core/model/profile.ts';
import type { InProcess } from '../../support/in-process.ts';
import { ann, annDocument, developer, linked } from './ann.ts';

/** While the PUT is answered, the portal user is edited, so that what was to be written there is decided anew. */
const andThen = { edit: (): void => undefined, remove: (): void => undefined };

test('what was removed in Apigee after a push had brought it there does not come back (rules 10, 24)', async () => {
  const world = await linked({
    wrap: (developers) => ({
      ...developers,
      async update(email, body) {
        const answer = await developers.update(email, body);
        andThen.edit();
        return answer;
      },
      async get(email) {
        andThen.remove();
        return developers.get(email);
      },
    }),
  });
  const edited = { ...annDocument, attributes: { tier: 'gold', team: 'red' } };
  edit(world, { lastName: 'Leigh' });
  world.database.putPortalDocument('ann', edited);
  andThen.edit = () => {
    andThen.edit = () => undefined;
    world.database.putPortalDocument('ann', { ...edited, unmapped: true });
    andThen.remove = () => {
      andThen.remove = () => undefined;
      edit(world, { attributes: new Map([['tier', 'gold']]) });
    };
  };
  await world.push('ann');
  expect(world.user('ann')).toMatchObject({ lastName: 'Leigh', attributes: { tier: 'gold' } });
  expect(world.user('ann')).not.toHaveProperty('attributes.team');
  expect(developer(world)?.attributes.has('team')).toBe(false);
  expect((await world.run()).totals).toMatchObject({ traffic: { writes: 0 } });
});

function edit(world: InProcess, change: Partial<Developer>): void {
  const before = developer(world);
  if (before === undefined) throw new Error('there is no developer');
  world.developers.seed({ ...before, ...change, email: ann, lastModifiedAt: before.lastModifiedAt + 1 });
}

test('who registered again, and is deleted before their half was written, has their developer made inactive again (rule 15)', async () => {
  const andThenDelete = { edit: (): void => undefined, remove: (): void => undefined };
  const world = await linked({
    wrap: (developers) => ({
      ...developers,
      async setStatus(email, status) {
        const answer = await developers.setStatus(email, status);
        andThenDelete.edit();
        return answer;
      },
      async get(email) {
        andThenDelete.remove();
        return developers.get(email);
      },
    }),
  });
  world.database.deletePortalDocument('ann');
  await world.push('ann');
  expect(developer(world)).toMatchObject({ status: 'inactive' });
  const again = { ...annDocument, lastName: 'Old', updatedAt: 1 };
  world.database.putPortalDocument('ann2', again);
  andThenDelete.edit = () => {
    andThenDelete.edit = () => undefined;
    world.database.putPortalDocument('ann2', { ...again, unmapped: true });
    andThenDelete.remove = () => {
      andThenDelete.remove = () => undefined;
      world.database.deletePortalDocument('ann2');
    };
  };
  await world.push('ann2');
  await world.push('ann2');
  expect(developer(world)).toMatchObject({ status: 'inactive' });
});
