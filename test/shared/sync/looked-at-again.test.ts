import { describe, expect, test } from 'vitest';
import type { Answer, Developers, Operation } from '../../../shared/apigee/developers.ts';
import type { CanonicalEmail } from '../../../shared/core/model/email.ts';
import { manualClock } from '../../support/manual-clock.ts';
import { ann, annDocument, developer, linked } from './ann.ts';

const bob = 'bob@example.com' as CanonicalEmail;

/** Apigee as it may fail: nothing is answered, nothing is allowed, or the answer to a create that took effect is lost. */
function failing(): {
  wrap: (developers: Developers) => Developers;
  trouble: 'none' | 'unavailable' | 'denied' | 'unheard';
} {
  const error = (kind: 'unavailable' | 'denied', operation: Operation, ambiguous: boolean): Answer<never> => ({
    ok: false,
    error: { kind, operation, status: undefined, code: undefined, message: `${operation}: ${kind}`, ambiguous },
  });
  const state: ReturnType<typeof failing> = {
    trouble: 'none',
    wrap: (developers) => ({
      ...developers,
      get: async (email) =>
        state.trouble === 'unavailable' || state.trouble === 'denied'
          ? error(state.trouble, 'get', false)
          : developers.get(email),
      async create(body) {
        if (state.trouble !== 'unheard') return developers.create(body);
        return error('unavailable', 'create', true);
      },
    }),
  };
  return state;
}

describe('an edit that Apigee would not take is owed, whether or not its event comes again', () => {
  test.each(['unavailable', 'denied', 'unheard'] as const)('a registration: %s (rules 2, 24, 25)', async (trouble) => {
    const clock = manualClock(Date.now());
    const apigee = failing();
    const world = await linked({ clock, wrap: apigee.wrap });
    apigee.trouble = trouble;
    world.database.putPortalDocument('bob', { ...annDocument, email: bob });
    await world.push('bob');
    expect(world.database.linkOf(bob)?.due).toBeDefined();
    apigee.trouble = 'none';
    clock.advance(15 * 60_000);
    await world.run({ mode: 'incremental' });
    expect(developer(world, bob)).toMatchObject({ firstName: 'Ann' });
    expect(world.database.linkOf(bob)).toMatchObject({ presence: 'both', userId: 'bob' });
  });

  test.each(['unavailable', 'denied'] as const)('an edit: %s (rules 2, 24, 25)', async (trouble) => {
    const clock = manualClock(Date.now());
    const apigee = failing();
    const world = await linked({ clock, wrap: apigee.wrap });
    apigee.trouble = trouble;
    world.database.putPortalDocument('ann', { ...annDocument, firstName: 'Anne' });
    await world.push('ann');
    expect(world.database.linkOf(ann)?.due).toBeDefined();
    apigee.trouble = 'none';
    // Eventarc has given the event up, and the document is too old for an incremental run.
    clock.advance(25 * 3_600_000);
    await world.run({ mode: 'incremental' });
    expect(developer(world)).toMatchObject({ firstName: 'Anne' });
  });
});

test('who was refused and never in step is forgotten with their portal user (rules 7, 18)', async () => {
  const world = await linked({
    wrap: (developers) => ({
      ...developers,
      async create() {
        const error = { kind: 'refused', operation: 'create', status: 400, code: undefined, ambiguous: false } as const;
        return { ok: false, error: { ...error, message: 'create: HTTP 400' } };
      },
    }),
  });
  world.database.putPortalDocument('bob', { ...annDocument, email: bob });
  await world.push('bob');
  expect(world.database.linkOf(bob)).toMatchObject({ failure: { kind: 'permanent' }, userId: 'bob' });
  world.database.deletePortalDocument('bob');
  await world.push('bob');
  expect(world.database.linkOf(bob)?.failure).toBeUndefined();
  expect((await world.run()).totals).toMatchObject({ counts: { seen: 1, failed: 0 } });
});
