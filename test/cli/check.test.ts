import { describe, expect, test } from 'vitest';
import { check } from '../../cli/commands/check.ts';
import { plainLayout } from '../../cli/render/layout.ts';
import type { CliIo } from '../../cli/process/cli-io.ts';
import { readConfig } from '../../shared/config/config.ts';
import type { Rights } from '../../shared/operator/views/rights.ts';
import { inProcess } from '../support/in-process.ts';
import { commandWorld, say } from './command-world.ts';

interface CheckJson {
  readonly settings: readonly string[];
  readonly rights: readonly { readonly missing: readonly string[] }[];
  readonly sample: Counts | null;
}
interface Counts {
  readonly linked: number;
  readonly created: number;
  readonly failed: number;
  readonly problems: readonly {
    readonly kind: string;
    readonly what: string;
    readonly count: number;
    readonly example: string;
  }[];
}

describe('devsync check', () => {
  const fine = {
    email: 'ann@example.com',
    firstName: 'Ann',
    lastName: 'Lee',
    status: 'active',
    attributes: { tier: 'gold' },
  };
  const allRights: Rights = { missing: async () => ({ kind: 'known', missing: [] }) };

  test('names every problem of a portal with its count and one id, field by field', async () => {
    const world = commandWorld({ env: { PORTAL_FILTER: 'example' } });
    const put = (id: string, data: object): void => world.database.putPortalDocument(id, { ...fine, ...data });
    put('ok', {});
    put('no-email', { email: 'nobody' });
    put('no-email-2', { email: null });
    put('blocked', { email: 'b@example.com', status: 'away' });
    put('nameless', { email: 'c@example.com', lastName: null });
    put('odd-attribute', { email: 'd@example.com', attributes: { tier: Number.NaN } });
    put('odd-attribute-2', { email: 'e@example.com', attributes: { tier: Number.NaN } });
    put('twin-1', { email: 'f@example.com' });
    put('twin-2', { email: 'F@example.com' });
    put('many', {
      email: 'g@example.com',
      attributes: Object.fromEntries(Array.from({ length: 19 }, (_, at) => [`a${String(at)}`, 'x'])),
    });
    put('elsewhere', { email: 'h@other.org' });
    const { out, code } = await world.devsync('check', '--json');
    expect(code).toBe(2);
    const { sample } = JSON.parse(out) as CheckJson;
    expect(sample).toMatchObject({ documents: 11, linked: 0, created: 3, failed: 5, collided: 2, leftOut: 1 });
    const named = new Map(sample?.problems.map(({ what, kind, count, example }) => [what, [kind, count, example]]));
    const problem = (part: string): unknown => [...named].find(([what]) => what.includes(part))?.[1];
    expect(problem('"email" must be a usable email')).toEqual(['person', 2, 'no-email']);
    expect(problem('"status" must be')).toEqual(['person', 1, 'blocked']);
    expect(problem('lastName missing')).toEqual(['person', 1, 'nameless']);
    expect(problem('"attributes.tier" must be')).toEqual(['field', 2, 'odd-attribute']);
    expect(problem('Two or more documents')).toEqual(['person', 1, 'twin-1']);
    expect(problem('at most 18')).toEqual(['person', 1, 'many']);
    expect(problem('PORTAL_FILTER')).toEqual(['left-out', 1, 'elsewhere']);
    expect(world.logs).toEqual([]);
  });

  test('of a portal that fits, says so with exit code 0', async () => {
    const world = commandWorld({}, { rights: allRights });
    world.database.putPortalDocument('ann', fine);
    const { out, code } = await world.devsync('check', '--sample', '5');
    expect(code).toBe(0);
    expect(out).toMatch(/Settings +all right\n/u);
    expect(out).toMatch(/Rights +demo: your credentials have all/u);
  });

  test('names each right that is missing, and what keeps them from being known', async () => {
    const rights: Rights = {
      missing: async (project, permissions) =>
        project === 'acme'
          ? { kind: 'known', missing: permissions.filter((permission) => permission.endsWith('.update')) }
          : { kind: 'unknown', why: 'nobody answers' },
    };
    const world = commandWorld({}, { rights });
    world.database.putPortalDocument('ann', fine);
    const { out, code } = await world.devsync('check');
    expect(code).toBe(2);
    expect(out).toContain('acme: your credentials lack apigee.developers.update');
    expect(out).toContain('demo: unknown: nobody answers');
  });

  test('where Apigee refuses to list, says which rights it takes, and ends with 1', async () => {
    const error = {
      kind: 'denied',
      operation: 'list',
      status: 403,
      code: undefined,
      message: 'list: 403',
      ambiguous: false,
    } as const;
    const world = commandWorld({
      wrap: (developers) => ({ ...developers, listDevelopers: async () => ({ ok: false, error }) }),
    });
    world.database.putPortalDocument('ann', fine);
    const { out, code } = await world.devsync('check');
    expect(code).toBe(1);
    expect(out).toContain('list: 403; it takes apigee.developers.list and apigee.developers.get');
  });

  test('settings that are wrong are all named at once, and the rest is looked at without them', async () => {
    const world = inProcess();
    world.database.putPortalDocument('ann', fine);
    let out = '';
    const env = {
      APIGEE_ORG: 'acme',
      GOOGLE_CLOUD_PROJECT: 'demo',
      PORTAL_FILTER: '(?!x)',
      PORTAL_SELECT: 'role = 1',
      PORTAL_MAPPING:
        '{"email":7,"status":{"path":"s","values":{"active":1}},"attributes":{"a":"x..y","b":{"path":"z","type":"date"}}}',
    };
    const io: CliIo = {
      env,
      cwd: '/nowhere',
      layout: plainLayout,
      out: (text) => (out += text),
      err: () => undefined,
      services: world.services,
    };
    const code = await check(io, { sample: 10, json: true }, async (given) => {
      readConfig(given);
      return world.services;
    });
    expect(code).toBe(2);
    const { settings, sample } = JSON.parse(out) as CheckJson;
    expect(sample).toMatchObject({ created: 1, failed: 0 });
    expect(settings.map((line) => line.replace(/:.*/u, ''))).toEqual([
      'PORTAL_MAPPING',
      'PORTAL_MAPPING',
      'PORTAL_MAPPING',
      'PORTAL_MAPPING',
      'PORTAL_FILTER is wrong',
      'PORTAL_SELECT',
    ]);
    for (const part of ['"email"', '"status"', 'attribute "a"', 'attribute "b"'])
      expect(settings.join('\n')).toContain(part);
    expect(settings.filter((line) => /such as|as in/u.test(line)).length).toBe(settings.length - 1);
  });

  test('with too little set, nothing can be looked at', async () => {
    const { out, code } = await say(['check']);
    expect(code).toBe(1);
    expect(out).toContain('APIGEE_ORG is not set: set it');
    expect(out).toContain('GOOGLE_CLOUD_PROJECT is not set: set it');
  });

  test.each(['0', '1001', 'all'])('--sample %s is refused', async (sample) => {
    expect(await say(['check', '--sample', sample])).toMatchObject({
      code: 1,
      err: '--sample is a number from 1 to 1000\n',
    });
  });
});
