import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { canonicalEmail } from '../../../shared/core/model/email.ts';
import { editMethods, readAuditEntry, type AuditReading } from '../../../shared/messages/audit-entry.ts';
import { auditEntry, developersPrefix } from '../../support/audit-entries.ts';

const org = 'acme';
const uuid = '0f2b1c9e-1d2e-4f3a-8b4c-5d6e7f809a1b';
const read = (entry: unknown): AuditReading => readAuditEntry(JSON.stringify(entry), org);
const editOf = (entry: unknown) => {
  const reading = read(entry);
  return reading.kind === 'edit' ? reading.edit : reading;
};
const people = (...emails: readonly string[]) => ({ named: { kind: 'emails', emails } });

describe('an audit log entry', () => {
  test('tells of each of the seven methods that change a developer', () => {
    expect(editMethods).toHaveLength(7);
    for (const methodName of editMethods) {
      const name = `organizations/${org}/developers/ann@example.com`;
      expect([methodName, editOf(auditEntry({ methodName, resourceName: name }))]).toMatchObject([
        methodName,
        people('ann@example.com'),
      ]);
    }
  });

  test('of a creation names the organisation, and the person in the answer or the request', () => {
    const resourceName = `organizations/${org}`;
    const create = { methodName: `${developersPrefix}CreateDeveloper`, resourceName };
    const answered = { response: { email: 'Ann@Example.com', developerId: uuid, lastModifiedAt: '1767225600123' } };
    expect(editOf(auditEntry({ ...create, ...answered }))).toMatchObject({
      ...people('ann@example.com'),
      does: 'create',
      developerId: uuid,
      modifiedAt: 1_767_225_600_123,
    });
    expect(
      editOf(auditEntry({ ...create, request: { parent: resourceName, developer: { email: 'b@example.com' } } })),
    ).toMatchObject(people('b@example.com'));
  });

  test.each([
    ['plain', 'ann@example.com', ['ann@example.com']],
    ['encoded', 'ann%2Bx%40example.com', ['ann+x@example.com']],
    ['with a slash before its @', 'a/b@example.com', ['a/b@example.com']],
    ['with the path of an attribute', 'ann@example.com/attributes/tier', ['ann@example.com']],
    ['encoded, with an attribute whose name is an email', 'ann%40example.com/attributes/x@y', ['ann@example.com']],
    ['with a % that may be its own', 'a%2Bb@example.com', ['a%2bb@example.com', 'a+b@example.com']],
    ['with a % that is no encoding', '100%@example.com', ['100%@example.com']],
  ])('finds an email in the name of the resource: %s', (_, id, emails) => {
    const methodName = `${developersPrefix}UpdateDeveloperAttribute`;
    const resourceName = `organizations/${org}/developers/${id}`;
    expect(editOf(auditEntry({ methodName, resourceName }))).toMatchObject(people(...emails));
    expect(editOf(auditEntry({ methodName, resourceName: undefined, request: { name: resourceName } }))).toMatchObject(
      people(...emails),
    );
  });

  test('takes an id where nothing says the email, with or without a path of attributes', () => {
    for (const rest of ['', '/attributes', '/attributes/x@y.z']) {
      const resourceName = `organizations/${org}/developers/${uuid}${rest}`;
      expect(editOf(auditEntry({ resourceName }))).toMatchObject({ named: { kind: 'id', developerId: uuid } });
    }
    const named = { resourceName: `organizations/${org}/developers/${uuid}`, response: { email: 'ann@example.com' } };
    expect(editOf(auditEntry(named))).toMatchObject(people('ann@example.com'));
  });

  test('says when the developer was changed only where the call surely moves that time', () => {
    const response = { email: 'ann@example.com', lastModifiedAt: '1767225600123' };
    const timeAfter = (method: string) => editOf(auditEntry({ methodName: `${developersPrefix}${method}`, response }));
    expect(timeAfter('UpdateDeveloper')).toMatchObject({ modifiedAt: 1_767_225_600_123 });
    for (const method of ['SetDeveloperStatus', 'UpdateDeveloperAttributes', 'DeleteDeveloper'])
      expect([method, timeAfter(method)]).toMatchObject([method, { modifiedAt: undefined }]);
  });

  test('of an email that nobody can be told by is no shape to wonder about (rule 31)', () => {
    const resourceName = `organizations/${org}/developers/ann\u200B@example.com`;
    expect(editOf(auditEntry({ resourceName }))).toMatchObject({ named: { kind: 'unusable' } });
  });

  test.each([
    ['an app', { methodName: 'google.cloud.apigee.v1.DeveloperApps.UpdateDeveloperApp' }],
    ['a key', { methodName: 'google.cloud.apigee.v1.DeveloperAppKeys.CreateDeveloperAppKey' }],
    ['a balance', { methodName: `${developersPrefix}CreditDeveloperBalance` }],
    ['a read', { methodName: `${developersPrefix}GetDeveloper` }],
    ['a method named like a member of every object', { methodName: `${developersPrefix}toString` }],
    ['another service', { serviceName: 'apigeeregistry.googleapis.com' }],
    ['a call that failed', { status: { code: 7, message: 'denied' } }],
    ['another organisation', { resourceName: 'organizations/acme2/developers/ann@example.com' }],
  ])('is ignored where it tells of %s', (_, differs) => {
    expect(read(auditEntry(differs))).toMatchObject({ kind: 'ignored' });
  });

  test('is ignored where it is a further part of one that was split', () => {
    expect(read({ ...auditEntry({}), split: { uid: 'x', index: 1, totalSplits: 2 } })).toMatchObject({
      kind: 'ignored',
    });
    expect(read({ ...auditEntry({}), split: { uid: 'x', index: 0, totalSplits: 2 } })).toMatchObject({ kind: 'edit' });
  });

  test('without a developer is unknown, and what is said of it are the names of an API', () => {
    const reading = read(
      auditEntry({
        methodName: `${developersPrefix}UpdateDeveloper`,
        resourceName: `organizations/${org}/persons/ann@example.com`,
        request: { target: 'x', 'ann@example.com': 1, 'Ann Lee': 2 },
      }),
    );
    expect(reading).toMatchObject({ kind: 'unknown' });
    expect(reading).toHaveProperty('problem', expect.stringMatching(/UpdateDeveloper without.*request: target/));
    expect(JSON.stringify(reading)).not.toMatch(/ann|Lee/i);
  });

  test.each(['', 'hello', '[]', 'null', '{"protoPayload":"text"}', '{"jsonPayload":{"methodName":"x"}}'])(
    'that is no entry at all is unknown: %s',
    (text) => {
      expect(readAuditEntry(text, org)).toMatchObject({ kind: 'unknown' });
    },
  );

  test('of a usable shape is understood whatever else it carries', () => {
    const method = fc.constantFrom(...editMethods);
    const email = fc
      .emailAddress()
      .map((address) => address.toLowerCase())
      // One that begins with # is none to us.
      .filter((address) => canonicalEmail(address) === address);
    fc.assert(
      fc.property(method, email, fc.json(), fc.json(), (methodName, address, request, more) => {
        const resourceName = `organizations/${org}/developers/${encodeURIComponent(address)}`;
        const entry = auditEntry({ methodName, resourceName, request: JSON.parse(request) as unknown });
        const edit = editOf({ ...entry, labels: JSON.parse(more) as unknown, split: JSON.parse(more) as unknown });
        expect(edit).toHaveProperty('named.emails', expect.arrayContaining([address]));
      }),
    );
  });
});
