import { expect, test } from 'vitest';
import { logEvents } from '../../shared/log/log.ts';
import { useStack } from './use-stack.ts';

const stackFor = useStack({ env: { ...process.env, PULL: 'audit-log' } });

const canary = {
  email: 'canary.bird@secret-place.example',
  firstName: 'Zephyrine',
  lastName: 'Quillfeather',
  value: 'marzipan-42',
};
const words = ['canary', 'secret-place', 'Zephyrine', 'Quillfeather', 'marzipan'];

const person = (n: number, more: Readonly<Record<string, unknown>> = {}) => ({
  email: `${String(n)}.${canary.email}`,
  firstName: canary.firstName,
  lastName: canary.lastName,
  status: 'active',
  attributes: { taste: canary.value },
  ...more,
});

test(
  'no name, email or value reaches a log line, whatever goes wrong (rule 27)',
  { timeout: 180_000 },
  async (context) => {
    const stack = stackFor(context);
    const { apigee, portal, relay } = stack;
    apigee.admin.seed([
      {
        email: `1.${canary.email}`,
        firstName: canary.firstName,
        lastName: 'Older',
        attributes: { taste: `${canary.value}-x` },
      },
      { email: `9.${canary.email}`, firstName: canary.firstName, lastName: canary.lastName },
    ]);
    apigee.admin.configure({ refusedAttributeValues: [`${canary.value}-refused`] });
    apigee.admin.addFault({ match: { operation: 'update' }, answer: 503, times: 2 });
    apigee.admin.addFault({ match: { operation: 'create' }, answer: 'html' });
    await portal.putAll([
      [`doc-1`, person(1)],
      [`doc-2`, person(2, { attributes: { taste: `${canary.value}-refused` } })],
      [`doc-3`, person(3, { lastName: 7 })],
      [
        `doc-4`,
        person(4, {
          attributes: Object.fromEntries(Array.from({ length: 19 }, (_, at) => [`a${String(at)}`, canary.value])),
        }),
      ],
      [`doc-5`, person(5)],
      [`doc-6`, person(5, { email: `5.${canary.email.toUpperCase()}` })],
      [`doc-7`, person(7, { email: `${canary.email} with spaces` })],
    ]);
    await relay.idle();
    await stack.run();
    await stack.edit('doc-1', () =>
      portal.edit('doc-1', { email: `renamed.${canary.email}`, lastName: `${canary.lastName}-2` }),
    );
    await stack.edit('doc-5', () => portal.delete('doc-5'));
    await fetch(stack.functions['fan-out'] ?? '', {
      method: 'POST',
      body: JSON.stringify(person(8)),
      headers: { 'content-type': 'application/json' },
    });
    await stack.run();

    const logs = await stack.logs();
    for (const word of words) expect(logs.toLowerCase()).not.toContain(word.toLowerCase());
    expect(logs).not.toMatch(/@|Bearer/);

    const entries = logs
      .split('\n')
      .filter((line) => line.startsWith('{'))
      .map((line) => JSON.parse(line) as { event: string; severity: string; message: string; person?: string });
    const said = new Set(entries.map(({ event }) => event));
    for (const event of [
      'person_changed',
      'person_failed',
      'person_held',
      'run_completed',
      'message_rejected',
      'push_completed',
    ]) {
      expect(said).toContain(event);
    }
    for (const { event, person: hash } of entries) {
      expect(logEvents).toContain(event);
      if (hash !== undefined) expect(hash).toMatch(/^[0-9a-f]{16}$/);
    }
  },
);
