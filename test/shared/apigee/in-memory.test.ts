import { describe, expect, test } from 'vitest';
import { createInMemoryDevelopers } from '../../../shared/apigee/in-memory.ts';
import { errorOf, valueOf } from './developers-contract.ts';
import { bodyOf } from './harness.ts';

const email = 'ada@example.com';

describe('developers in memory', () => {
  test('calls are counted by operation, refused ones too; what is done behind the back is not', async () => {
    const developers = createInMemoryDevelopers({ type: 'x', now: () => 5 });
    developers.seed({ email });
    developers.remove(email);
    errorOf(await developers.create(bodyOf('UPPER@example.com')), 'refused');
    await developers.get(email);
    await developers.listEmails({ startKey: undefined, count: 2 });
    expect(developers.calls).toEqual({ list: 1, get: 1, create: 1, update: 0, status: 0, delete: 0 });
  });

  test('times are those of the clock given', async () => {
    let now = 100;
    const developers = createInMemoryDevelopers({ type: 'edge', now: () => now });
    expect(valueOf(await developers.create(bodyOf(email)))).toMatchObject({ createdAt: 100, lastModifiedAt: 100 });
    now = 200;
    expect(valueOf(await developers.update(email, bodyOf(email)))).toMatchObject({
      createdAt: 100,
      lastModifiedAt: 200,
    });
    now = 300;
    await developers.setStatus(email, 'inactive');
    expect(developers.all()).toMatchObject([{ status: 'inactive', lastModifiedAt: 300 }]);
  });

  test('a seed replaces a developer in its place and keeps who it is', () => {
    const developers = createInMemoryDevelopers({ type: 'x', now: () => 5 });
    developers.seed({ email, developerId: 'one' }, { email: 'eve@example.com' });
    developers.seed({ email, firstName: 'Augusta', lastModifiedAt: 9 });
    expect(developers.all()).toMatchObject([
      { email, developerId: 'one', firstName: 'Augusta', status: 'active', createdAt: 5, lastModifiedAt: 9 },
      { email: 'eve@example.com' },
    ]);
  });

  test('what was answered does not change with what was given', async () => {
    const attributes = new Map([['plan', 'gold']]);
    const developers = createInMemoryDevelopers({ type: 'x', now: () => 5 });
    await developers.create(bodyOf(email, { attributes }));
    attributes.set('plan', 'iron');
    expect(valueOf(await developers.get(email))?.attributes).toEqual(new Map([['plan', 'gold']]));
  });

  test('a call takes effect only after its caller has gone on', async () => {
    const developers = createInMemoryDevelopers({ type: 'x', now: () => 5 });
    const creating = developers.create(bodyOf(email));
    expect(developers.all()).toEqual([]);
    await creating;
    expect(developers.all()).toHaveLength(1);
  });

  test('the limit of attributes can be another one', async () => {
    const developers = createInMemoryDevelopers({ type: 'x', now: () => 5, maxAttributes: 0 });
    const attributes = new Map([['plan', 'gold']]);
    expect(errorOf(await developers.create(bodyOf(email, { attributes })), 'refused').status).toBe(400);
  });
});
