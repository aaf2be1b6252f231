import { describe, expect, test } from 'vitest';
import type { Answer, ApigeeError, Developers, Operation } from '../../../../shared/apigee/developers.ts';
import { createDeveloper } from '../../../../shared/operator/actions/create-developer.ts';
import { deleteDeveloper } from '../../../../shared/operator/actions/delete-developer.ts';
import { editDeveloper } from '../../../../shared/operator/actions/edit-developer.ts';
import type { PersonAct } from '../../../../shared/operator/actions/person-act.ts';
import { setStatus } from '../../../../shared/operator/actions/set-status.ts';
import { opal } from '../../../support/acting.ts';
import { inProcess, type InProcess } from '../../../support/in-process.ts';
import { email } from '../../state/samples.ts';

const ann = { email: 'ann@example.com', firstName: 'Ann', lastName: 'Archer' };
const key = email(ann.email);

/** `broken`: an answer came, a 5xx; `lost`: none came, and the call may be on its way. */
type Trouble = 'broken' | 'lost';

function unclear(operation: Operation, trouble: Trouble): ApigeeError {
  const onItsWay = trouble === 'lost' ? {} : { lookAgainAfterMs: 0 };
  const status = trouble === 'lost' ? undefined : 500;
  const message = `${operation}: no clear answer`;
  return { kind: 'unavailable', operation, status, code: undefined, message, ambiguous: true, ...onItsWay };
}

/** Every write of Apigee is answered unclearly, whether or not it is made. */
function unclearWorld(trouble: Trouble, isMade: boolean, isOn: () => boolean): InProcess {
  const around = async <T>(operation: Operation, happen: () => Promise<Answer<T>>): Promise<Answer<T>> => {
    if (!isOn()) return happen();
    if (isMade) await happen();
    return { ok: false, error: unclear(operation, trouble) };
  };
  return inProcess({
    env: { PORTAL_MAPPING: JSON.stringify({ attributes: { plan: 'attributes.plan' } }) },
    wrap: (developers: Developers) => ({
      ...developers,
      create: (draft) => around('create', () => developers.create(draft)),
      update: (name, draft) => around('update', () => developers.update(name, draft)),
      setStatus: (name, status) => around('status', () => developers.setStatus(name, status)),
      delete: (name) => around('delete', () => developers.delete(name)),
    }),
  });
}

const orders: Readonly<Record<string, (world: InProcess) => Promise<PersonAct>>> = {
  delete: (world) => deleteDeveloper(world.services, opal, { key, typed: undefined }),
  deactivate: (world) => setStatus(world.services, opal, { key, status: 'inactive', isOneOfMany: false }),
  edit: (world) =>
    editDeveloper(world.services, opal, {
      key,
      seen: undefined,
      changes: [{ field: 'attributes.team', value: 'blue' }],
    }),
  create: (world) =>
    createDeveloper(world.services, opal, {
      email: 'new@example.com',
      firstName: 'New',
      lastName: 'Person',
      userName: undefined,
      attributes: new Map([['plan', 'gold']]),
    }),
};

async function ordered(order: (world: InProcess) => Promise<PersonAct>, trouble: Trouble, isMade: boolean) {
  let isOn = false;
  const world = unclearWorld(trouble, isMade, () => isOn);
  world.database.putPortalDocument('u1', { ...ann, status: 'active' });
  world.developers.seed(ann);
  await world.run();
  isOn = true;
  const act = await order(world);
  isOn = false;
  const words = act.kind === 'ended' ? act.words.join('; ') : '';
  return { world, act, words };
}

describe.each(Object.entries(orders))('an order to %s that Apigee answers unclearly', (name, order) => {
  test.each(['broken', 'lost'] as const)('is done where the developer is as ordered by then: %s', async (trouble) => {
    const { world, act, words } = await ordered(order, trouble, true);
    expect(act).toMatchObject({ kind: 'ended', state: 'done' });
    expect(words).toContain('in Apigee');
    expect(words).not.toContain('no clear answer');
    // Rule 34: it is kept like an order that was answered; an attribute that the mapping does not select never is.
    const actionId = act.kind === 'ended' ? act.actionId : '';
    const kept = await world.services.changes.by(actionId, { after: undefined, limit: 10 });
    expect(kept.filter(({ situation, acts }) => situation === 'ordered' && acts.apigee !== undefined)).toHaveLength(
      name === 'edit' ? 0 : 1,
    );
  });

  test('is said not to be done where a 5xx came and nothing changed', async () => {
    const { act, words } = await ordered(order, 'broken', false);
    expect(act).toMatchObject({ kind: 'ended', state: 'failed' });
    expect(words).toMatch(/Apigee did not do it|the rest failed/);
  });

  test('is said to be unclear where no answer came and nothing changed yet', async () => {
    const { act, words } = await ordered(order, 'lost', false);
    expect(act).toMatchObject({ kind: 'ended', state: 'failed' });
    expect(words).toContain('Apigee may have done it, or may do it yet');
  });
});

describe('an edit on the portal whose push Apigee answers unclearly', () => {
  const push = (world: InProcess) =>
    editDeveloper(world.services, opal, { key, seen: undefined, changes: [{ field: 'lastName', value: 'Baker' }] });

  test.each(['broken', 'lost'] as const)('is done where both sides are in step by then: %s', async (trouble) => {
    const { act, words } = await ordered(push, trouble, true);
    expect(act).toMatchObject({ state: 'done' });
    expect(words).toMatch(/^set on the portal; .*in step$/);
  });

  test.each(['broken', 'lost'] as const)('has failed where the developer is as before: %s', async (trouble) => {
    const { act, words } = await ordered(push, trouble, false);
    expect(act).toMatchObject({ state: 'failed' });
    expect(words).toContain('set on the portal; failed: ');
  });
});
