import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { CliIo } from '../../cli/process/cli-io.ts';
import { temporaryFolder } from '../local/temporary-folder.ts';
import { commandWorld, hostileValues, say, steers, type CommandWorld } from './command-world.ts';

const ann = { email: 'ann@example.com', firstName: 'Ann', lastName: 'Archer' };
const bob = { email: 'bob@example.com', firstName: 'Bob', lastName: 'Baker' };

async function withPeople(io: Partial<CliIo> = {}): Promise<CommandWorld> {
  const world = commandWorld({}, { env: { USER: 'opal' }, ...io });
  world.database.putPortalDocument('u1', { ...ann, status: 'active', attributes: { plan: 'gold' } });
  world.developers.seed({ ...ann, attributes: new Map([['plan', 'gold']]) }, { ...bob, status: 'inactive' });
  world.apps.seed(ann.email, [{ name: 'Weather', status: 'approved', createdAt: 1, lastModifiedAt: 1, keys: [key] }]);
  await world.run();
  return world;
}

const key = { keyEnd: 'abcd', status: 'approved', issuedAt: 1, expiresAt: undefined, products: [] };

const emailsIn = (out: string): readonly string[] =>
  (JSON.parse(out) as { developers: readonly { email: string }[] }).developers.map(({ email }) => email);

describe('devsync developers list', () => {
  test('shows everybody, and with QUERY, --status, --sync and --limit only some', async () => {
    const { devsync } = await withPeople();
    expect((await devsync('developers', 'list')).out).toMatch(/ann@example\.com │ Ann Archer │ active   │ in step/);
    const list = async (...args: readonly string[]) =>
      emailsIn((await devsync('developers', 'list', '--json', ...args)).out);
    expect(await list()).toEqual([ann.email, bob.email]);
    expect(await list('Baker')).toEqual([bob.email]);
    expect(await list('plan=gold')).toEqual([ann.email]);
    expect(await list('ANN@example.com')).toEqual([ann.email]);
    expect(await list('bob@ex')).toEqual([bob.email]);
    expect(await list('--status', 'inactive')).toEqual([bob.email]);
    expect(await list('--sync', 'held')).toEqual([]);
    expect(await list('--limit', '1')).toEqual([ann.email]);
    expect((await devsync('developers', 'list', '--limit', '1')).out).toContain('There are more');
    expect((await devsync('developers', 'list', '--sync', 'gone')).err).toContain('--sync is one of in-step');
  });

  test('nothing that people wrote steers the terminal', async () => {
    const world = commandWorld();
    hostileValues.forEach((value, place) =>
      world.developers.seed({ email: `p${String(place)}@example.com`, firstName: value, lastName: value }),
    );
    // The joiner of emoji is let through: it steers nothing.
    expect(steers((await world.devsync('developers', 'list')).out.replaceAll('\u200D', ''))).toBe(false);
  });
});

describe('devsync developers show', () => {
  test('shows both sides and the apps, and ends with 3 for somebody who is nowhere', async () => {
    const { devsync } = await withPeople();
    const shown = await devsync('developers', 'show', ann.email);
    expect(shown).toMatchObject({ code: 0, err: '' });
    expect(shown.out).toContain('Weather, approved');
    const json = JSON.parse((await devsync('developers', 'show', ann.email, '--json')).out) as object;
    expect(json).toMatchObject({ person: ann.email, apps: [{ name: 'Weather' }] });
    expect((await devsync('developers', 'show', 'nobody@example.com')).code).toBe(3);
  });
});

describe('devsync developers, acting', () => {
  test('edit sets both sides, and is recorded with the account and the reason (rule 39)', async () => {
    const { devsync, developers, services, database } = await withPeople();
    const args = [
      'edit',
      'Ann@example.com',
      '--last-name',
      'Baker',
      '--attribute',
      'team=a=b',
      '--remove-attribute',
      'plan',
    ];
    const edited = await devsync('developers', ...args, '--reason', 'married');
    expect(edited).toMatchObject({
      code: 0,
      err: '',
      out: expect.stringContaining('set on the portal; updated in Apigee'),
    });
    expect(database.portal.get('u1')?.data).toMatchObject({ lastName: 'Baker', attributes: { team: 'a=b' } });
    expect(developers.all()[0]).toMatchObject({ lastName: 'Baker', attributes: new Map([['team', 'a=b']]) });
    expect(await services.audit.recent({ before: undefined, limit: 1 })).toMatchObject([
      { action: 'edit-developer', reason: 'married', operator: { name: expect.stringMatching(/^opal@/) } },
    ]);
  });

  test('create says by field what Apigee would refuse, and makes both sides', async () => {
    const { devsync, database, developers } = await withPeople();
    const names = ['--first-name', 'Cal', '--last-name', 'Cole'];
    expect(await devsync('developers', 'create', 'Cal@example.com', ...names)).toMatchObject({
      code: 1,
      out: expect.stringContaining('email has upper-case letters'),
    });
    expect(await devsync('developers', 'create', 'cal@example.com', '--first-name', 'Cal')).toMatchObject({ code: 1 });
    const reserved = await devsync(
      'developers',
      'create',
      'cal@example.com',
      ...names,
      '--attribute',
      '_apiportal_x=1',
    );
    expect(reserved).toMatchObject({ code: 1, out: expect.stringContaining('is reserved for Apigee itself') });
    const attributes = ['--attribute', 'plan=gold', '--attribute', 'team=a=b'];
    const created = await devsync('developers', 'create', 'cal@example.com', ...names, ...attributes, '--json');
    expect(JSON.parse(created.out)).toMatchObject({ person: 'cal@example.com', state: 'done' });
    expect(developers.all().find(({ email }) => email === 'cal@example.com')?.attributes).toEqual(
      new Map([
        ['plan', 'gold'],
        ['team', 'a=b'],
      ]),
    );
    expect(database.portalDocuments()).toHaveLength(3);
  });

  test('delete asks for the email, tells which apps die, and does nothing for another answer', async () => {
    const asked: string[] = [];
    let reply: string | undefined = 'bob@example.com';
    const { devsync, developers } = await withPeople({
      ask: async (question) => {
        asked.push(question);
        return reply;
      },
    });
    const refused = await devsync('developers', 'delete', ann.email);
    expect(refused).toMatchObject({ code: 1, err: expect.stringMatching(/Weather[\s\S]*Not confirmed/) });
    expect(refused.err).toMatch(
      /1 key of 1 app stops working: Weather[^\n]*\nApigee may serve them some three minutes more/,
    );
    reply = undefined;
    expect((await devsync('developers', 'delete', ann.email)).err).toContain('--yes');
    expect(developers.all()).toHaveLength(2);
    reply = ann.email;
    expect(await devsync('developers', 'delete', ann.email)).toMatchObject({ code: 0 });
    expect(asked).toHaveLength(3);
    expect(developers.all()).toHaveLength(1);
    expect((await devsync('developers', 'delete', ann.email, '--yes')).code).toBe(3);
  });

  test('deactivate asks, --yes does not; activate never does', async () => {
    const { devsync, developers } = await withPeople();
    const question = await devsync('developers', 'deactivate', ann.email);
    expect(question).toMatchObject({ code: 1, err: expect.stringContaining('1 key of 1 app stops working: Weather') });
    expect(await devsync('developers', 'deactivate', ann.email, '--yes')).toMatchObject({ code: 0 });
    expect(developers.all()[0]?.status).toBe('inactive');
    expect(await devsync('developers', 'activate', ann.email)).toMatchObject({ code: 0 });
    expect(developers.all()[0]?.status).toBe('active');
  });
});

describe('devsync developers export', () => {
  test('writes everyone, or whom the filters select, to the output or to a file', async () => {
    await using temporary = await temporaryFolder();
    const { devsync } = await withPeople({ cwd: temporary.path });
    const lines = (await devsync('developers', 'export', '--format', 'ndjson', '--status', 'inactive')).out
      .trim()
      .split('\n');
    expect(lines.map((line): unknown => JSON.parse(line))).toMatchObject([{ email: bob.email }]);
    expect(await devsync('developers', 'export', '--output', 'all.csv')).toEqual({ code: 0, out: '', err: '' });
    const csv = await readFile(join(temporary.path, 'all.csv'), 'utf8');
    expect(csv.split('\r\n')).toHaveLength(4);
    expect(csv).toContain('attributes.plan');
  });

  test('that ends before its end says so, and exits with 1', async () => {
    const error = {
      kind: 'unavailable',
      operation: 'list',
      status: 503,
      code: undefined,
      message: 'list: HTTP 503',
      ambiguous: false,
    } as const;
    const world = commandWorld({ wrap: (it) => ({ ...it, listDevelopers: async () => ({ ok: false, error }) }) });
    const services = {
      ...world.services,
      apps: { ...world.services.apps, listed: async () => ({ ok: false, error }) as const },
    };
    const said = await say(['developers', 'export', '--format', 'json'], { services });
    expect(said).toMatchObject({ code: 1, err: expect.stringContaining('The export is not complete') });
    expect(await services.audit.recent({ before: undefined, limit: 1 })).toMatchObject([{ end: { state: 'failed' } }]);
  });
});
