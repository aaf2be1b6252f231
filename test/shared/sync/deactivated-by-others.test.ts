import { expect, test } from 'vitest';
import type { InProcess } from '../../support/in-process.ts';
import { manualClock } from '../../support/manual-clock.ts';
import { ann, annDocument, developer, linked, unheard } from './ann.ts';

const hour = 3_600_000;

test('whom an administrator deactivated in Apigee stays inactive, also through a new registration (rules 14, 15)', async () => {
  const world = await linked();
  await world.developers.setStatus(ann, 'inactive');
  await world.run();
  expect(world.database.linkOf(ann)?.base?.developer.status).toBe('inactive');
  world.database.deletePortalDocument('ann');
  await world.push('ann');
  world.database.putPortalDocument('ann-again', annDocument);
  await world.push('ann-again');
  await world.run();
  expect(developer(world)?.status).toBe('inactive');
  expect(world.calls.status).toBe(0);
});

test('a block that no run has seen outlives a new registration: only what a note says was ours (rule 28)', async () => {
  const world = await linked();
  await world.developers.setStatus(ann, 'inactive');
  world.database.deletePortalDocument('ann');
  await world.push('ann');
  world.database.putPortalDocument('ann-again', annDocument);
  await world.push('ann-again');
  await world.run();
  expect(developer(world)?.status).toBe('inactive');
  expect(world.calls.status).toBe(0);
});

test('a block that came after ours outlives a new registration, where a run has seen them active between (rule 28)', async () => {
  const world = await linked();
  world.database.deletePortalDocument('ann');
  await world.push('ann');
  expect(developer(world)?.status).toBe('inactive');
  await world.developers.setStatus(ann, 'active');
  await world.run();
  await world.developers.setStatus(ann, 'inactive');
  world.database.putPortalDocument('ann-again', annDocument);
  await world.push('ann-again');
  expect(developer(world)?.status).toBe('inactive');
});

test('a block that Apigee dates after ours outlives a new registration (rule 28)', async () => {
  const clock = manualClock(Date.now());
  const world = await linked({ clock, movesOnStatus: true });
  world.database.deletePortalDocument('ann');
  await world.push('ann');
  clock.advance(hour);
  await world.developers.setStatus(ann, 'active');
  await world.developers.setStatus(ann, 'inactive');
  world.database.putPortalDocument('ann-again', annDocument);
  await world.push('ann-again');
  expect(developer(world)?.status).toBe('inactive');
});

test('our own deactivation that was never recorded is undone by a new registration (rules 24, 28)', async () => {
  const clock = manualClock(Date.now());
  let isHeard = false;
  const world = await linked({
    clock,
    wrap: (developers) => ({
      ...developers,
      async setStatus(email, status) {
        const answer = await developers.setStatus(email, status);
        return isHeard ? answer : unheard('status');
      },
    }),
  });
  world.database.deletePortalDocument('ann');
  await world.push('ann');
  expect(developer(world)?.status).toBe('inactive');
  isHeard = true;
  clock.advance(hour);
  world.database.putPortalDocument('ann-again', annDocument);
  await world.push('ann-again');
  expect(developer(world)?.status).toBe('active');
  expect((await world.run()).totals?.traffic.writes).toBe(0);
});

test('the portal user who comes back as the same document is active again, as long as nobody has recorded it (rule 24)', async () => {
  const clock = manualClock(Date.now());
  const world = await linked({
    clock,
    wrap: (developers) => ({
      ...developers,
      async setStatus(email, status) {
        const answer = await developers.setStatus(email, status);
        return status === 'active' ? answer : unheard('status');
      },
    }),
  });
  world.database.deletePortalDocument('ann');
  await world.push('ann');
  clock.advance(hour);
  world.database.putPortalDocument('ann', annDocument);
  await world.run();
  expect(developer(world)?.status).toBe('active');
});

test('a registration made while our own status call is under way keeps its names, although the call came later (rules 10, 23)', async () => {
  const clock = manualClock(Date.now());
  let world: InProcess | undefined;
  world = await linked({
    clock,
    movesOnStatus: true,
    wrap: (developers) => ({
      ...developers,
      async setStatus(email, status) {
        if (status === 'inactive') {
          const again = { ...annDocument, firstName: 'Anna', attributes: { tier: 'silver' }, updatedAt: clock.now() };
          world?.database.putPortalDocument('ann-again', again);
          clock.advance(400);
        }
        return developers.setStatus(email, status);
      },
    }),
  });
  world.database.deletePortalDocument('ann');
  await world.push('ann');
  await world.push('ann-again');
  await world.run();
  expect(developer(world)).toMatchObject({ firstName: 'Anna', status: 'active' });
  expect(developer(world)?.attributes.get('tier')).toBe('silver');
  expect(world.database.portalDocuments()).toMatchObject([{ id: 'ann-again', data: { firstName: 'Anna' } }]);
});

test('a write of ours that nobody has heard of makes nobody newer either (rules 10, 23)', async () => {
  const clock = manualClock(Date.now());
  let isHeard = false;
  const world = await linked({
    clock,
    wrap: (developers) => ({
      ...developers,
      async update(email, body) {
        const answer = await developers.update(email, body);
        return isHeard ? answer : unheard('update');
      },
    }),
  });
  const minute = 60_000;
  clock.advance(10 * minute);
  world.database.putPortalDocument('ann', { ...annDocument, lastName: 'Leigh', updatedAt: new Date(clock.now()) });
  await world.push('ann');
  isHeard = true;
  clock.advance(5 * minute);
  await world.push('ann');
  world.database.deletePortalDocument('ann');
  await world.push('ann');
  // The portal's clock is behind Apigee's.
  const updatedAt = new Date(clock.now() - 10 * minute);
  world.database.putPortalDocument('again', { ...annDocument, firstName: 'Anna', lastName: 'Lear', updatedAt });
  await world.push('again');
  expect(developer(world)).toMatchObject({ firstName: 'Anna', lastName: 'Lear', status: 'active' });
});
