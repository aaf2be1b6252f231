import { describe, expect, test } from 'vitest';
import { inProcess } from '../../support/in-process.ts';

const stranger = { firstName: 'Mallory', lastName: 'Stranger', status: 'active' };

describe('who registered with somebody else’s address and then takes their own (rule 19)', () => {
  test.each(['x', 'edge'])('captures nothing of the developer, on %s', async (type) => {
    const world = inProcess({
      env: {
        APIGEE_TYPE: type,
        PORTAL_MAPPING: '{"emailVerified":"verified"}',
      },
    });
    const victim = {
      email: 'victim@example.com',
      firstName: 'Vic',
      lastName: 'Tim',
      lastModifiedAt: 1000,
      createdAt: 1000,
    };
    world.developers.seed(victim);
    world.database.putPortalDocument('m', { ...stranger, email: 'victim@example.com', verified: false });
    await world.push('m');
    await world.run();
    world.database.putPortalDocument('m', { ...stranger, email: 'mallory@example.com', verified: true });
    await world.push('m');
    await world.run();
    await world.run();
    const found = world.developers.all().find(({ email }) => email === 'victim@example.com');
    expect(found).toMatchObject(victim);
    expect(world.developers.all().map(({ email, firstName }) => [email, firstName])).toContainEqual([
      'mallory@example.com',
      'Mallory',
    ]);
    // The run settles: nothing goes back and forth between the two addresses.
    expect((await world.run()).totals?.traffic.writes).toBe(0);
  });
});
