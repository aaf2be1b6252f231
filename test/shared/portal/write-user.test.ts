import { describe, expect, test } from 'vitest';
import { attributeField } from '../../../shared/core/model/profile.ts';
import { defaultMapping, parseMapping } from '../../../shared/portal/mapping-config.ts';
import { readPortalUser } from '../../../shared/portal/read-user.ts';
import { documentFor, fieldUpdates, statusUpdate } from '../../../shared/portal/write-user.ts';
import { newPortalUser } from '../state/samples.ts';

describe('the document of a portal user created from Apigee', () => {
  test('rules 5 and 6: it has every mapped field, an unusable password, and asks for recovery', () => {
    const user = newPortalUser({ lastName: 'Miller' });
    expect(documentFor(user, { ...defaultMapping, emailVerified: ['verified'] })).toEqual({
      email: 'ann@example.com',
      userName: 'ann',
      firstName: 'Ann',
      lastName: 'Miller',
      status: 'active',
      attributes: { colour: 'blue' },
      updatedAt: new Date(user.createdAt),
      passwordHash: user.passwordHash,
      passwordResetRequired: true,
    });
  });

  test('what is undefined or switched off is left out', () => {
    const mapping = parseMapping(
      '{"userName":null,"status":null,"updatedAt":null,"passwordHash":null,"passwordResetRequired":null,"attributes":{}}',
    );
    expect(documentFor(newPortalUser({ firstName: undefined }), mapping)).toEqual({ email: 'ann@example.com' });
  });

  test('paths of several names make nested maps, also under names that objects know', () => {
    const mapping = parseMapping(
      '{"email":"constructor.mail","firstName":"constructor.name.first","lastName":"constructor.name.last","attributes":"toString"}',
    );
    const document = documentFor(newPortalUser({ lastName: 'Miller' }), mapping);
    expect(Object.hasOwn(document, 'constructor') && document['constructor']).toEqual({
      mail: 'ann@example.com',
      name: { first: 'Ann', last: 'Miller' },
    });
    expect(Object.hasOwn(document, 'toString') && document['toString']).toEqual({ colour: 'blue' });
  });

  test('rule 13: reserved and unselected attributes, and those for Apigee only, are left out', () => {
    const attributes = new Map([
      ['MINT_X', 'x'],
      ['up', 'x'],
      ['down', 'y'],
      ['other', 'x'],
    ]);
    const mapping = parseMapping(
      '{"attributes":{"up":{"path":"p.up","direction":"to-apigee"},"down":{"path":"p.down","direction":"to-portal"}}}',
    );
    expect(documentFor(newPortalUser({ attributes }), mapping)['p']).toEqual({ down: 'y' });
    expect(documentFor(newPortalUser({ attributes }), defaultMapping)['attributes']).toEqual({
      up: 'x',
      down: 'y',
      other: 'x',
    });
  });

  test('what was written reads back as the same user', () => {
    const user = newPortalUser({ lastName: 'Miller' });
    const document = { id: 'u1', data: documentFor(user, defaultMapping), updatedAt: 1, version: 'v' };
    expect(readPortalUser(document, defaultMapping)).toMatchObject({
      kind: 'user',
      user: {
        email: user.email,
        userName: user.userName,
        updatedAt: user.createdAt,
        profile: { firstName: 'Ann', lastName: 'Miller', status: 'active', attributes: user.attributes },
      },
    });
  });
});

describe('updates of a portal user', () => {
  test('each change becomes one field, whatever the attribute is called', () => {
    const changes = [
      { field: 'firstName', value: 'Ann' },
      { field: attributeField('a.b'), value: 'x' },
      { field: attributeField('gone'), value: undefined },
    ] as const;
    expect(fieldUpdates(changes, parseMapping('{"firstName":"person.first"}'))).toEqual([
      { path: ['person', 'first'], value: 'Ann' },
      { path: ['attributes', 'a.b'], value: 'x' },
      { path: ['attributes', 'gone'], value: undefined },
    ]);
    expect(fieldUpdates([changes[1]], parseMapping('{"attributes":{"a.b":"x.y"}}'))).toEqual([
      { path: ['x', 'y'], value: 'x' },
    ]);
    expect(fieldUpdates([], defaultMapping)).toEqual([]);
  });

  test('a change that no decision may ask for is a bug', () => {
    const named = parseMapping('{"attributes":{}}');
    expect(() => fieldUpdates([{ field: 'firstName', value: undefined }], defaultMapping)).toThrow('firstName');
    expect(() => fieldUpdates([{ field: attributeField('MINT_X'), value: 'x' }], defaultMapping)).toThrow('MINT_X');
    expect(() => fieldUpdates([{ field: attributeField('colour'), value: 'x' }], named)).toThrow('colour');
  });

  test('a status needs a field', () => {
    expect(statusUpdate('inactive', defaultMapping)).toEqual({ path: ['status'], value: 'inactive' });
    expect(() => statusUpdate('inactive', parseMapping('{"status":null}'))).toThrow('set "status"');
  });
});
