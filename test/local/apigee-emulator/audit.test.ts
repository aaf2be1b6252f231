import { expect, test } from 'vitest';
import { auditsOf } from '../../../shared/apigee/audits.ts';
import { createApigeeConnection } from '../../../shared/apigee/connection.ts';
import { editIn } from '../../../shared/messages/edge-audit.ts';
import { readAuditEntry } from '../../../shared/messages/audit-entry.ts';
import { talkTo } from './talk.ts';
import { createOwnLedger } from '../../../shared/state/own-call-ledger.ts';

const ann = { email: 'ann@example.com', userName: 'ann', firstName: 'Ann', lastName: 'Lee' };

test('on X every call that changes a developer, or tries to, leaves an entry; reads leave none', async () => {
  const { emulator, call } = await talkTo('x');
  const said: unknown[] = [];
  const end = emulator.admin.onAudit((entry) => void said.push(readAuditEntry(JSON.stringify(entry), 'demo')));
  await call('POST', '/developers', { body: ann });
  await call('POST', '/developers', { body: ann });
  await call('GET', '/developers/ann@example.com');
  await call('PUT', '/developers/ann@example.com', { body: { ...ann, lastName: 'Lane' } });
  await call('POST', '/developers/ann%40example.com/attributes', { body: { attribute: [{ name: 'a', value: 'b' }] } });
  await call('POST', '/developers/ann@example.com/attributes/x', { body: { value: 'y' } });
  await call('DELETE', '/developers/ann@example.com/attributes/x');
  await call('POST', '/developers/ann@example.com?action=inactive', { contentType: 'application/octet-stream' });
  await call('DELETE', '/developers/ann@example.com');
  end();
  await call('POST', '/developers', { body: ann });
  const named = { kind: 'emails', emails: ['ann@example.com'] };
  const edit = (does: string) => ({ kind: 'edit', edit: { named, does } });
  expect(said).toMatchObject([
    edit('create'),
    { kind: 'ignored', why: 'a call that failed' },
    edit('update'),
    edit('attributes'),
    edit('attributes'),
    edit('attributes'),
    edit('status'),
    edit('delete'),
  ]);
});

test('a token that is an email names the account in the entry', async () => {
  const { emulator, call } = await talkTo('x');
  const who: unknown[] = [];
  emulator.admin.onAudit((entry) => void who.push(JSON.stringify(entry).match(/"principalEmail":"([^"]+)"/)?.[1]));
  await call('POST', '/developers', { body: ann, authorization: 'Bearer sync@example.com' });
  await call('DELETE', '/developers/ann@example.com');
  expect(who).toEqual(['sync@example.com', 'somebody@example.com']);
});

test('Edge answers its history, as our client asks for it; Private Cloud has none', async () => {
  const time = { now: 1_000_000 };
  const { emulator, call } = await talkTo('edge', { now: () => time.now });
  const credentials = { kind: 'basic', username: 'sync@example.com', password: 'x' } as const;
  const connection = createApigeeConnection({
    type: 'edge',
    endpoint: emulator.url,
    org: 'demo',
    credentials,
    ledger: createOwnLedger(6000),
  });
  const audits = auditsOf(connection);
  await call('POST', '/developers', { body: { ...ann, email: 'Ann@Example.com' } });
  time.now += 1000;
  await call('POST', '/developers/Ann@Example.com?action=inactive');
  await call('PUT', '/developers/nobody@example.com', { body: ann });
  const found = async (from: number, to: number) => {
    const answer = await audits.between(from, to);
    if (!answer.ok || answer.value === undefined) return answer.ok ? 'no history' : answer.error.message;
    return answer.value.flatMap((audit) => editIn(audit, 'demo', undefined)?.does ?? []);
  };
  expect(await found(0, time.now)).toEqual(['update', 'create']);
  expect(await found(1_000_001, time.now)).toEqual(['update']);
  emulator.admin.configure({ audits: false });
  expect(await found(0, time.now)).toBe('no history');
  connection.close();
});
