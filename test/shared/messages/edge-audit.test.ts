import { describe, expect, test } from 'vitest';
import { editIn, readEdgeAudits, type EdgeAudit } from '../../../shared/messages/edge-audit.ts';

const uuid = '0f2b1c9e-1d2e-4f3a-8b4c-5d6e7f809a1b';
const audit = (differs: Partial<EdgeAudit>): EdgeAudit => ({
  operation: 'UPDATE',
  requestUri: '/v1/organizations/acme/developers/Ann@Example.com',
  request: undefined,
  responseCode: 200,
  timeStamp: 1_767_225_600_000,
  user: 'somebody@example.com',
  ...differs,
});
const emailsOf = (differs: Partial<EdgeAudit>, own?: string) => {
  const named = editIn(audit(differs), 'acme', own)?.named;
  return named?.kind === 'emails' ? named.emails : named;
};

describe('a record of the Edge audit history', () => {
  test('names the developer in its path, whatever the spelling', () => {
    expect(emailsOf({})).toEqual(['ann@example.com']);
    expect(
      emailsOf({ requestUri: 'http://mgmt:8080/v1/o/acme/developers/ann%40example.com/attributes/tier?x=y' }),
    ).toEqual(['ann@example.com']);
    expect(emailsOf({ requestUri: `/v1/organizations/acme/developers/${uuid}` })).toEqual({
      kind: 'id',
      developerId: uuid,
    });
  });

  test('names both where the email was changed, and the one in the body where the developer is new', () => {
    expect(emailsOf({ request: '{"email":"new@example.com"}' })).toEqual(['new@example.com', 'ann@example.com']);
    const requestUri = '/v1/organizations/acme/developers';
    expect(emailsOf({ operation: 'CREATE', requestUri, request: '{"email":"Bo@example.com"}' })).toEqual([
      'bo@example.com',
    ]);
  });

  test('says what was done', () => {
    const does = (differs: Partial<EdgeAudit>) => editIn(audit(differs), 'acme', undefined)?.does;
    expect(does({})).toBe('update');
    expect(does({ operation: 'DELETE' })).toBe('delete');
    expect(does({ operation: 'DELETE', requestUri: `/v1/o/acme/developers/${uuid}/attributes/tier` })).toBe(
      'attributes',
    );
  });

  test.each([
    ['a read', { operation: 'GET' }],
    ['a call that failed', { responseCode: 404 }],
    ['an app', { requestUri: '/v1/organizations/acme/developers/ann@example.com/apps/shop' }],
    ['an app with an @, of a developer named by id', { requestUri: `/v1/o/acme/developers/${uuid}/apps/x@y.z` }],
    ['a key', { requestUri: '/v1/organizations/acme/developers/ann@example.com/apps/shop/keys/k' }],
    ['a company', { requestUri: '/v1/organizations/acme/companies/c/developers', operation: 'CREATE' }],
    ['another organisation', { requestUri: '/v1/organizations/other/developers/ann@example.com' }],
  ])('is nothing to us where it tells of %s', (_, differs) => {
    expect(editIn(audit(differs), 'acme', undefined)).toBeUndefined();
  });

  test('is nothing to us where we made the call ourselves', () => {
    expect(emailsOf({}, 'Somebody@Example.com')).toBeUndefined();
    expect(emailsOf({ user: undefined }, 'somebody@example.com')).toEqual(['ann@example.com']);
  });
});

test('the answer of the audits API is a list, bare or as a member; records without a time or a path are left out', () => {
  const record = { operation: 'UPDATE', requestUri: '/x', timeStamp: 5, responseCode: '200' };
  expect(readEdgeAudits(JSON.stringify([record, { operation: 'UPDATE' }, null, 7]))).toEqual([
    { operation: 'UPDATE', requestUri: '/x', timeStamp: 5, responseCode: 200, request: undefined, user: undefined },
  ]);
  expect(readEdgeAudits(JSON.stringify({ auditRecord: [record] }))).toHaveLength(1);
  for (const body of ['', 'null', '{}', '"x"', '<html>']) expect(readEdgeAudits(body)).toBeUndefined();
});
