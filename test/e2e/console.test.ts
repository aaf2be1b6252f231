import { randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { signInTo } from './console-client.ts';
import { expectSettled, populate, useStack, userDocument } from './use-stack.ts';

const stackFor = useStack();
const reason = 'a test on the emulators';

describe('the console on the emulators', () => {
  test('an edit reaches the portal and Apigee before it is answered, and nothing is left to do (rules 2, 12)', async (context) => {
    const stack = stackFor(context);
    const { call } = await signInTo(stack.console.signedIn);
    const id = randomUUID();
    const email = 'person-1@example.com';
    await stack.edit(id, () => stack.portal.put(id, userDocument(1)));
    await stack.run();
    const opened = await call('person', { person: { key: email } });
    expect(opened.value).toMatchObject({ key: email, sync: 'in-step', portalUser: { userId: id } });
    const changes = [
      { field: 'lastName', value: 'Edited' },
      { field: 'attributes.tier', value: 'silver' },
    ];
    const { seen } = opened.value;
    const person = { id: opened.value.id };
    await stack.edit(id, async () => {
      const edited = await call('editDeveloper', { person, seen, changes, reason });
      expect(edited).toMatchObject({ status: 200, value: { result: 'done', person: { sync: 'in-step' } } });
      expect(stack.apigee.admin.developer(email)).toMatchObject({
        lastName: 'Edited',
        attributes: [{ name: 'tier', value: 'silver' }],
      });
      expect(await stack.portal.get(id)).toMatchObject({ lastName: 'Edited', attributes: { tier: 'silver' } });
    });
    expect(await call('editDeveloper', { person, seen, changes, reason })).toMatchObject({ status: 409 });
    const { value } = await call('activity');
    expect(value.entries.find(({ kind }) => kind === 'operator')).toMatchObject({
      reason,
      state: 'done',
      fields: ['lastName', 'attributes.tier'],
    });
    await expectSettled(stack);
  });

  test('a run is asked for and followed, developers are found by the beginning of their email, and deleted on both sides', async (context) => {
    const stack = stackFor(context);
    const { call } = await signInTo(stack.console.signedIn);
    await populate(stack, 12);
    const asked = await call('requestRun', { mode: 'full', dryRun: false, reason });
    const { runId } = asked.value;
    await expect
      .poll(async () => (await call('run', undefined, { runId })).value.run?.state, { timeout: 60_000 })
      .toBe('done');
    const found = await call('searchDevelopers', { query: 'person-1' });
    expect(found.value.developers.map(({ email }) => email).toSorted()).toEqual([
      'person-10@example.com',
      'person-11@example.com',
      'person-1@example.com',
    ]);
    const person = { id: found.value.developers.find(({ email }) => email === 'person-1@example.com')?.id ?? '' };
    await stack.edit('user-1', async () => {
      const deleted = await call('deleteDeveloper', { person, email: 'person-1@example.com', reason });
      expect(deleted).toMatchObject({ status: 200, value: { result: 'done' } });
    });
    expect(stack.apigee.admin.developer('person-1@example.com')).toBeUndefined();
    expect(await stack.portal.get('user-1')).toBeUndefined();
    await expectSettled(stack);
  });
});
