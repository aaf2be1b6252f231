import { describe, expect, test } from 'vitest';
import { handlePortalEdit } from '../../shared/wiring/handlers.ts';
import { crowd, deleteUsers, documentOf, emailOf, idOf, inactive } from '../support/crowd.ts';
import { commandWorld, type CommandWorld } from './command-world.ts';

/** Who sits at the terminal, and what they were asked. */
function operator(answer: string | undefined) {
  const asked: string[] = [];
  const ask = async (question: string) => {
    asked.push(question);
    return answer;
  };
  return { asked, ask };
}

async function heldRun(world: CommandWorld): Promise<string> {
  await crowd(world, 30);
  deleteUsers(world, 0, 12);
  return (await world.run()).runId;
}

const limits = { DESTRUCTIVE_LIMIT: '2', DESTRUCTIVE_LIMIT_PERCENT: '100' };

describe('devsync holds approve RUN asks first (rule 39)', () => {
  test('it shows how many people and the first ten, and goes on where the number is typed', async () => {
    const { asked, ask } = operator(' 12 ');
    const world = commandWorld({ env: limits }, { ask });
    const runId = await heldRun(world);
    const { code, err } = await world.devsync('holds', 'approve', runId);
    expect({ code, asked }).toEqual({ code: 0, asked: ['Type 12 to go on: '] });
    expect(err).toContain('12 people would be deactivated\n');
    expect(err.match(/deactivate +person-/gu)).toHaveLength(10);
    expect(err).toContain('and 2 more');
    expect(inactive(world)).toHaveLength(12);
  });

  test('of a single person it names the apps, and how many keys stop', async () => {
    const world = commandWorld({ env: { ...limits, DESTRUCTIVE_LIMIT: '0' } }, operator('0'));
    await crowd(world, 3);
    const key = { keyEnd: 'abcd', status: 'approved', issuedAt: 1, expiresAt: undefined, products: [] };
    const app = { name: 'Weather', status: 'approved', createdAt: 1, lastModifiedAt: 1, keys: [key, key] };
    world.apps.seed(emailOf(0), [app]);
    deleteUsers(world, 0, 1);
    const { err } = await world.devsync('holds', 'approve', (await world.run()).runId);
    expect(err).toContain('2 keys of 1 app stop working: Weather.\nApigee may serve them some three minutes more');
  });

  test.each([['yes'], [''], ['11']])('where %j is typed, nothing is done and nothing is recorded', async (answer) => {
    const world = commandWorld({ env: limits }, operator(answer));
    const { code, err } = await world.devsync('holds', 'approve', await heldRun(world));
    expect(code).toBe(1);
    expect(err).toContain('Not confirmed: nothing was done');
    expect(inactive(world)).toEqual([]);
    expect(await world.services.audit.recent({ before: undefined, limit: 1 })).toEqual([]);
  });

  test('where nobody is there to be asked, --yes is needed', async () => {
    const world = commandWorld({ env: limits });
    const runId = await heldRun(world);
    const { code, out, err } = await world.devsync('holds', 'approve', runId);
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).toContain('give --yes if it is meant');
    expect(inactive(world)).toEqual([]);
    expect((await world.devsync('holds', 'approve', runId, '--yes')).code).toBe(0);
  });

  test('people who would be deleted, and created beyond the limit, are named as such', async () => {
    const world = commandWorld({ env: { ...limits, PORTAL_DELETE_POLICY: 'delete', CREATION_LIMIT: '30' } });
    await crowd(world, 30);
    deleteUsers(world, 0, 3);
    for (let index = 0; index < 31; index += 1)
      world.database.putPortalDocument(`new-${String(index)}`, {
        email: `new-${String(index)}@example.com`,
        firstName: 'New',
        lastName: 'Person',
      });
    const { runId } = await world.run();
    const { err } = await world.devsync('holds', 'approve', runId);
    expect(err).toContain('3 people would be deleted, a developer with all apps and keys\n');
    expect(err).toContain('1 person would be created beyond CREATION_LIMIT\n');
    expect(err).toMatch(/delete +person-0@example\.com/u);
    expect(err).toMatch(/create +new-\d+@example\.com/u);
  });
});

const many = ['holds', 'release', '--reason-is', 'destructive-limit', '--all'] as const;

/** Of four whose portal users went in one hour, three are one too many. */
async function heldOnes(world: CommandWorld): Promise<readonly string[]> {
  await crowd(world, 10);
  deleteUsers(world, 0, 4);
  const type = 'google.cloud.firestore.document.v1.written';
  for (let index = 0; index < 4; index += 1)
    await handlePortalEdit(world.services, { type, document: `portalUsers/${idOf(index)}` });
  return [1, 2, 3].map(emailOf);
}

const oneAnHour = { DESTRUCTIVE_LIMIT: '1', DESTRUCTIVE_LIMIT_PERCENT: '100' };

describe('devsync holds release', () => {
  test('of one person asks before it lets a deletion over the hourly limit pass (rule 39)', async () => {
    const { asked, ask } = operator('no');
    const world = commandWorld({ env: oneAnHour }, { ask });
    const [one = ''] = await heldOnes(world);
    expect(await world.devsync('holds', 'release', one)).toMatchObject({ code: 1, out: '' });
    expect({ asked, gone: inactive(world) }).toEqual({ asked: ['Type yes to go on: '], gone: [emailOf(0)] });
    expect((await world.devsync('holds', 'release', one, '--yes', '--reason', 'left')).code).toBe(0);
    expect(inactive(world)).toEqual([emailOf(0), one]);
    expect(await world.services.audit.recent({ before: undefined, limit: 1 })).toMatchObject([{ reason: 'left' }]);
  });

  test('--reason-is REASON --all releases everyone in that group, once the number is typed', async () => {
    const { asked, ask } = operator('3');
    const world = commandWorld({ env: oneAnHour }, { ask });
    await heldOnes(world);
    const listed = await world.devsync('holds');
    expect(listed.out).toContain('deletions over the hourly limit: 3\n');
    expect(listed.out.match(/find out who deletes/gu)).toHaveLength(1);
    expect(listed.out).toContain(`devsync ${many.join(' ')}\n`);
    expect(JSON.parse((await world.devsync('holds', '--json')).out)).toMatchObject({
      groups: [{ reason: 'destructive-limit', people: 3, release: `devsync ${many.join(' ')}` }],
    });
    const { code, out, err } = await world.devsync(...many, '--reason', 'they left');
    expect({ code, out, asked }).toEqual({
      code: 0,
      out: '3 released, 0 held still, 0 failed.\n',
      asked: ['Type 3 to go on: '],
    });
    expect(err).toContain('3 people are held: deletions over the hourly limit. Releasing deactivates or deletes them.');
    expect(inactive(world)).toHaveLength(4);
    expect(await world.services.audit.recent({ before: undefined, limit: 1 })).toMatchObject([
      { action: 'release-group', people: 3, reason: 'they left', end: { state: 'done' } },
    ]);
  });

  test('one who fails stops no one else: exit 2, and who it was is said', async () => {
    const world = commandWorld({
      env: oneAnHour,
      wrap: (developers) => ({
        ...developers,
        setStatus: async (email, status) => {
          if (email === emailOf(2)) throw new Error('the line is cut');
          return developers.setStatus(email, status);
        },
      }),
    });
    await heldOnes(world);
    const { code, out, err } = await world.devsync(...many, '--yes', '--json');
    expect(code).toBe(2);
    expect(JSON.parse(out)).toEqual({ reason: many[3], released: 2, held: 0, failed: 1, notLookedAt: 0 });
    expect(err).toContain(`${emailOf(2)}: failed, `);
    expect(inactive(world)).toEqual([0, 1, 3].map(emailOf));
  });

  test('people who cannot be released are counted as held still: exit 2', async () => {
    const world = commandWorld();
    await crowd(world, 2);
    for (const index of [0, 1]) world.database.putPortalDocument(`twin-${String(index)}`, documentOf(index));
    await world.run();
    const { code, out } = await world.devsync('holds', 'release', '--reason-is', 'portal-collision', '--all', '--yes');
    expect({ code, out }).toEqual({ code: 2, out: '0 released, 2 held still, 0 failed.\n' });
  });

  test('--all needs --yes where nobody is there, and says so where nobody is held', async () => {
    const world = commandWorld({ env: oneAnHour });
    expect(await world.devsync(...many)).toMatchObject({ code: 0, out: 'Nobody is held for that reason.\n' });
    await heldOnes(world);
    expect((await world.devsync(...many)).err).toContain('give --yes if it is meant');
    expect(inactive(world)).toEqual([emailOf(0)]);
  });

  test('while every write is stopped nobody is released, and the first refusal ends it', async () => {
    const world = commandWorld({ env: oneAnHour });
    await heldOnes(world);
    await world.devsync('stop', '--reason', 'looking');
    const { code, out } = await world.devsync(...many, '--yes');
    expect(code).toBe(2);
    expect(out).toMatch(/^0 released, \d held still, 0 failed/u);
    expect(inactive(world)).toEqual([emailOf(0)]);
  });
});
