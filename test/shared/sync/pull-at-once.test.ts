import { describe, expect, test } from 'vitest';
import { handlePortalEdit } from '../../../shared/wiring/handlers.ts';
import type { InProcess } from '../../support/in-process.ts';
import { deliverEntry, pullEnv, saveInApigee } from '../../support/pulling.ts';
import { ann, annDocument, developer, linked } from './ann.ts';

const type = 'google.cloud.firestore.document.v1.written';
const push = (world: InProcess) => handlePortalEdit(world.services, { type, document: 'portalUsers/ann' });

/** Stops the first call of this kind on its way, until it is let go on. */
function gate() {
  const reached = Promise.withResolvers<void>();
  const open = Promise.withResolvers<void>();
  let isFirst = true;
  return {
    reached: reached.promise,
    open: () => open.resolve(),
    async pass(): Promise<void> {
      if (!isFirst) return;
      isFirst = false;
      reached.resolve();
      await open.promise;
    },
  };
}

describe('an edit in Apigee while somebody else writes for the person (rules 13, 21)', () => {
  test('told of a write of ours that is just being recorded costs no call', async () => {
    const held = gate();
    const world = await linked({
      env: pullEnv,
      wrap: (developers) => ({
        ...developers,
        async update(email, body) {
          const answer = await developers.update(email, body);
          await held.pass();
          return answer;
        },
      }),
    });
    world.database.putPortalDocument('ann', { ...annDocument, firstName: 'Anna' });
    const pushing = push(world);
    await held.reached;
    const { developerId, lastModifiedAt } = developer(world) ?? {};
    const told = deliverEntry(world, 'UpdateDeveloper', ann, {
      response: { email: ann, developerId, lastModifiedAt: String(lastModifiedAt) },
    });
    await new Promise((resolve) => setImmediate(resolve));
    held.open();
    expect(await Promise.all([pushing, told])).toEqual(['done', 'done']);
    expect(world.calls).toMatchObject({ get: 1, update: 1 });
  });

  test('and was read before another writer had written is read once more, and nothing goes back', async () => {
    const held = gate();
    let isPulling = false;
    const world = await linked({
      env: pullEnv,
      wrap: (developers) => ({
        ...developers,
        async get(email, turn) {
          const answer = await developers.get(email, turn);
          if (isPulling && turn === 'waiting') await held.pass();
          return answer;
        },
      }),
    });
    const saved = saveInApigee(world, { email: ann, firstName: 'Anna' });
    isPulling = true;
    const pulling = deliverEntry(world, 'UpdateDeveloper', ann, saved);
    await held.reached;
    // Meanwhile the portal is edited, and pushed with what Apigee has now.
    world.database.putPortalDocument('ann', { ...annDocument, lastName: 'Lane' });
    await push(world);
    expect(developer(world)).toMatchObject({ firstName: 'Anna', lastName: 'Lane' });
    held.open();
    expect(await pulling).toBe('done');
    expect(developer(world)).toMatchObject({ firstName: 'Anna', lastName: 'Lane' });
    expect(world.user('ann')).toMatchObject({ firstName: 'Anna', lastName: 'Lane' });
    expect((await world.run()).totals?.traffic.writes).toBe(0);
  });

  test('many entries of one person at once are few looks', async () => {
    const world = await linked({ env: pullEnv });
    saveInApigee(world, { email: ann, firstName: 'Anna' });
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => deliverEntry(world, 'UpdateDeveloperAttribute', `${ann}/attributes/tier`)),
    );
    expect(new Set(answers)).toEqual(new Set(['done']));
    expect(world.user('ann')).toMatchObject({ firstName: 'Anna' });
    expect(world.calls.get).toBeLessThanOrEqual(3);
  });
});
