import { expect, test } from 'vitest';
import { commandWorld, hostileValues, steers } from './command-world.ts';

const document = { email: 'ann@example.com', firstName: 'Ann', lastName: 'Archer' };

test('devsync verify: exit 2 while somebody is not synchronised, 0 after a run, and a value is never shown', async () => {
  const world = commandWorld();
  world.database.putPortalDocument('u1', document);
  const before = await world.devsync('verify');
  expect(before.code).toBe(2);
  expect(before.out).toContain('Unexplained  1');
  expect(before.out).toMatch(/ann@example\.com +│ only on the portal, u1 +│ UNEXPLAINED: never brought in step/u);
  await world.devsync('sync');
  expect(await world.devsync('verify')).toMatchObject({ code: 0, err: '' });
  world.database.putPortalDocument('u1', { ...document, lastName: 'Secret' });
  const edited = await world.devsync('verify', '--json');
  expect(edited.code).toBe(2);
  expect(edited.out).not.toContain('Secret');
  expect(JSON.parse(edited.out)).toEqual({
    state: 'complete',
    problem: null,
    developers: 1,
    portalUsers: 1,
    explained: 0,
    unexplained: 1,
    statusesDiffer: 0,
    findings: [
      {
        person: 'ann@example.com',
        kind: 'fields-differ',
        userId: 'u1',
        fields: ['lastName'],
        explanation: null,
        hint: 'changed-since',
      },
    ],
  });
});

test('devsync verify: what is explained is listed after what is not, at most --limit people: exit 0 without the latter', async () => {
  const world = commandWorld();
  for (const id of ['1', '2', '3']) world.database.putPortalDocument(id, { ...document, email: `nobody-${id}` });
  await world.devsync('sync');
  const clean = await world.devsync('verify', '--limit', '2');
  expect(clean.code).toBe(0);
  expect(clean.out).toContain('and 1 more: devsync verify --limit 3');
  world.developers.seed({ email: 'new@example.com' });
  const { code, out } = await world.devsync('verify', '--json', '--limit', '1');
  expect(code).toBe(2);
  expect(JSON.parse(out)).toMatchObject({ explained: 3, unexplained: 1, findings: [{ person: 'new@example.com' }] });
});

test('devsync verify: exit 1 where a listing could not be read to its end (rule 25)', async () => {
  const error = {
    kind: 'denied',
    operation: 'list',
    status: 403,
    code: undefined,
    message: 'list: HTTP 403: no',
    ambiguous: false,
  } as const;
  const world = commandWorld({ wrap: (it) => ({ ...it, listEmails: async () => ({ ok: false, error }) }) });
  const { code, out, err } = await world.devsync('verify');
  expect({ code, out }).toEqual({ code: 1, out: '' });
  expect(err).toContain('nothing is proven: list: HTTP 403: no');
  const json = await world.devsync('verify', '--json');
  expect(json.code).toBe(1);
  expect(JSON.parse(json.out)).toMatchObject({ state: 'incomplete', unexplained: null, findings: [] });
});

test('devsync verify: names and ids cannot steer the terminal', async () => {
  const world = commandWorld();
  for (const [index, value] of hostileValues.entries())
    world.database.putPortalDocument(`${String(index)}\u001b[2J`, {
      email: `p${String(index)}@example.com`,
      firstName: value,
      lastName: 'L',
      attributes: { [value]: value },
    });
  const { code, out, err } = await world.devsync('verify');
  expect({ code, err }).toEqual({ code: 2, err: '' });
  expect(steers(out.replaceAll(/[\u200c\u200d]/gu, ''))).toBe(false);
});

test.each(['x', '-1', '1.5', ''])('devsync verify --limit %j is wrong usage: exit 1', async (limit) => {
  const { code, err } = await commandWorld().devsync('verify', `--limit=${limit}`);
  expect(code).toBe(1);
  expect(err).toContain('--limit');
});
