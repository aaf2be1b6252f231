import { describe, expect, test } from 'vitest';
import { inProcess } from '../../support/in-process.ts';

const seeded = (email: string) => ({ email, createdAt: 1, attributes: new Map<string, string>() });

describe('a developer who vanished from the listing', () => {
  test.each([
    ['a second spelling of an email', 'Bob@example.com'],
    ['an email that cannot be used', 'nobody'],
  ])('is missed although %s makes up for the number (rules 15, 25)', async (_, extra) => {
    const world = inProcess({ env: { APIGEE_TYPE: 'edge' } });
    world.developers.seed(seeded('ann@example.com'), seeded('bob@example.com'));
    await world.run();
    world.developers.remove('ann@example.com');
    world.developers.seed(seeded(extra));
    await world.run();
    // APIGEE_DELETE_POLICY=recreate
    expect(world.developers.all().map(({ email }) => email)).toContain('ann@example.com');
  });
});
