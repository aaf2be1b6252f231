import { describe, expect, test } from 'vitest';
import type { InProcess } from '../../support/in-process.ts';
import { ann, annDocument, developer, linked } from './ann.ts';

/*
 * A portal user is deleted, and somebody registers with the same email. The event of the registration is on its way, or
 * was given back because somebody else had the lease: nothing but the portal tells of it.
 */
const env = { PORTAL_DELETE_POLICY: 'delete', DESTRUCTIVE_LIMIT_PERCENT: '100' };

function registerAnew(world: InProcess): void {
  world.database.deletePortalDocument('ann');
  world.database.putPortalDocument('ann again', { ...annDocument, firstName: 'Anne' });
}

describe('a developer whose portal user registered anew', () => {
  test('is not deleted by the push of the deletion (rules 15, 20)', async () => {
    const world = await linked({ env });
    const id = developer(world)?.developerId;
    registerAnew(world);
    await world.push('ann');
    expect(world.calls.delete).toBe(0);
    expect(developer(world)).toMatchObject({ developerId: id, firstName: 'Anne' });
    expect(world.database.linkOf(ann)).toMatchObject({ userId: 'ann again', rivals: [], presence: 'both' });
  });

  test('is not deleted by a run whose portal pass came too early for the registration (rules 15, 20)', async () => {
    const world = await linked({ env });
    const id = developer(world)?.developerId;
    world.database.deletePortalDocument('ann');
    let isRegistered = false;
    const services: { runs: typeof world.services.runs } = world.services;
    const open = services.runs.bind(services);
    services.runs = (meter) => {
      const real = open(meter);
      return {
        ...real,
        createBatch(batch) {
          if (batch.phase === 'destructive' && !isRegistered) registerAnew(world);
          isRegistered ||= batch.phase === 'destructive';
          return real.createBatch(batch);
        },
      };
    };
    const run = await world.run();
    expect([run.state, isRegistered, world.calls.delete]).toEqual(['done', true, 0]);
    expect(developer(world)).toMatchObject({ developerId: id, firstName: 'Anne' });
  });

  test('is deleted all the same where the new registration is not verified (rule 19)', async () => {
    const mapping = { email: 'email', firstName: 'firstName', lastName: 'lastName', emailVerified: 'verified' };
    const world = await linked({ env: { ...env, PORTAL_MAPPING: JSON.stringify(mapping) } });
    world.database.putPortalDocument('ann', { ...annDocument, verified: true });
    await world.push('ann');
    await world.run();
    world.database.deletePortalDocument('ann');
    world.database.putPortalDocument('stranger', { ...annDocument, verified: false });
    await world.push('ann');
    expect(developer(world)).toBeUndefined();
  });
});
