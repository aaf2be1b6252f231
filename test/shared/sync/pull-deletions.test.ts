import { describe, expect, test } from 'vitest';
import { isProofOfDeletion } from '../../../shared/sync/pull-apigee-edit.ts';
import { crowd, documentOf, emailOf, idOf } from '../../support/crowd.ts';
import type { InProcess, InProcessOptions } from '../../support/in-process.ts';
import { inProcess } from '../../support/in-process.ts';
import { deliverEntry, pullEnv } from '../../support/pulling.ts';
import { ann, developer, linked } from './ann.ts';

async function deletedInApigee(policy: string, options: InProcessOptions = {}): Promise<InProcess> {
  const world = await linked({ ...options, env: { ...pullEnv, APIGEE_DELETE_POLICY: policy } });
  world.developers.remove(ann);
  return world;
}

describe('a developer whom somebody deletes in Apigee (rules 15, 29, 40)', () => {
  test('is made again at once under the default policy, for one GET', async () => {
    const world = await deletedInApigee('recreate');
    expect(await deliverEntry(world, 'DeleteDeveloper', ann)).toBe('done');
    expect(developer(world)).toMatchObject({ firstName: 'Ann', lastName: 'Lee' });
    expect(world.calls).toMatchObject({ get: 1, create: 1 });
  });

  test.each([
    ['hold', { status: 'active' }],
    ['deactivate', { status: 'inactive' }],
    ['delete', undefined],
  ])('is proved gone by the entry and a read: %s', async (policy, user) => {
    const world = await deletedInApigee(policy);
    expect(await deliverEntry(world, 'DeleteDeveloper', ann)).toBe('done');
    if (user === undefined) expect(world.user('ann')).toBeUndefined();
    else expect(world.user('ann')).toMatchObject(user);
    expect(world.calls).toMatchObject({ get: 1, create: 0 });
    const hold = world.database.linkOf(ann)?.hold?.reason;
    expect(hold).toBe(policy === 'hold' ? 'developer-deleted' : undefined);
  });

  test.each(['hold', 'deactivate', 'delete'])(
    'is not taken for gone because another entry met a read that found nobody: %s',
    async (policy) => {
      const world = await deletedInApigee(policy);
      expect(await deliverEntry(world, 'UpdateDeveloper', ann)).toBe('done');
      expect(world.user('ann')).toMatchObject({ status: 'active' });
      expect(world.database.linkOf(ann)?.hold).toBeUndefined();
      // A run with its whole listing decides.
      expect(world.database.linkOf(ann)?.due).toBeDefined();
    },
  );

  test('and who was made again since is left alone by the late entry, also where a read does not show them yet', async () => {
    let isLagging = false;
    const world = await deletedInApigee('delete', {
      wrap: (developers) => ({
        ...developers,
        get: async (id) => (isLagging ? { ok: true, value: undefined } : developers.get(id)),
      }),
    });
    const deletedAt = Date.now() - 5000;
    world.developers.seed({ email: ann, firstName: 'Ann', lastName: 'Lee', attributes: new Map([['tier', 'gold']]) });
    await world.run();
    isLagging = true;
    expect(await deliverEntry(world, 'DeleteDeveloper', ann, {}, deletedAt)).toBe('done');
    expect(world.user('ann')).toMatchObject({ firstName: 'Ann' });
    isLagging = false;
    await world.run();
    expect(world.user('ann')).toMatchObject({ firstName: 'Ann' });
  });

  test('60 at once and a limit of 50: 50 portal users go, 10 are held (rule 16)', async () => {
    const world = inProcess({
      env: { ...pullEnv, APIGEE_DELETE_POLICY: 'delete', DESTRUCTIVE_LIMIT: '50', DESTRUCTIVE_LIMIT_PERCENT: '100' },
    });
    await crowd(world, 80);
    const gone = Array.from({ length: 60 }, (_, index) => index);
    for (const index of gone) world.developers.remove(emailOf(index));
    await Promise.all(gone.map((index) => deliverEntry(world, 'DeleteDeveloper', emailOf(index))));
    expect(world.database.portalDocuments()).toHaveLength(30);
    const held = world.database.allLinks().filter(({ hold }) => hold?.reason === 'destructive-limit');
    expect(held).toHaveLength(10);
    expect(world.calls.get).toBe(60);
    for (const { key } of held) {
      const index = gone.find((one) => emailOf(one) === key) ?? -1;
      expect(world.user(idOf(index))).toMatchObject(documentOf(index));
    }
  });
});

test('an entry proves nothing of a developer whom it is not about, or who was there later (rule 29)', async () => {
  const world = await linked();
  const link = world.database.linkOf(ann);
  const { developerId = '', modifiedAt = 0 } = link?.developer ?? {};
  const edit = {
    named: { kind: 'unusable' },
    does: 'delete',
    at: modifiedAt,
    developerId,
    modifiedAt: undefined,
  } as const;
  expect(isProofOfDeletion(edit, link)).toBe(true);
  expect(isProofOfDeletion({ ...edit, developerId: undefined }, link)).toBe(true);
  expect(isProofOfDeletion({ ...edit, at: modifiedAt - 1 }, link)).toBe(false);
  expect(isProofOfDeletion({ ...edit, at: undefined }, link)).toBe(false);
  expect(isProofOfDeletion({ ...edit, developerId: 'another' }, link)).toBe(false);
  expect(isProofOfDeletion({ ...edit, does: 'update' }, link)).toBe(false);
});
