import { describe, expect, test } from 'vitest';
import { plainLayout } from '../../cli/render/layout.ts';
import { runCli } from '../../cli/run-cli.ts';
import { newChangeId } from '../../shared/state/change-document.ts';
import { newMeter } from '../../shared/state/meter.ts';
import { commandWorld, hostileValues, steers, type CommandWorld } from './command-world.ts';

const ann = { email: 'ann@example.com', firstName: 'Ann', lastName: 'Archer' };

interface Shown {
  readonly runId: string;
  readonly people: readonly { readonly email?: string; readonly id?: string; readonly changes: readonly object[] }[];
}

async function lastRun(world: CommandWorld): Promise<string> {
  const [run] = await world.services.runs(newMeter()).recent(1);
  if (run === undefined) throw new Error('there was no run');
  return run.runId;
}

async function shown(world: CommandWorld): Promise<Shown> {
  const { code, out } = await world.devsync('runs', 'show', await lastRun(world), '--json');
  expect(code).toBe(0);
  return JSON.parse(out) as Shown;
}

/** Whole numbers of people; one of them is held, one fails. */
function manyPeople(count: number): CommandWorld {
  const world = commandWorld();
  for (let place = 0; place < count; place += 1)
    world.developers.seed({ ...ann, email: `p${String(place)}@${place % 3 === 0 ? 'partner.com' : 'example.com'}` });
  world.database.putPortalDocument('u1', { ...ann, email: 'twice@example.com' });
  world.database.putPortalDocument('u2', { ...ann, email: 'twice@example.com' });
  world.database.putPortalDocument('u3', { ...ann, email: 'nonsense' });
  return world;
}

describe('devsync runs show', () => {
  test('shows the run, its groups, and everyone to the end', async () => {
    const world = manyPeople(1200);
    const report = await world.devsync('sync');
    const runId = await lastRun(world);
    expect(report.out).toContain(`devsync runs show ${runId}`);
    const { code, out } = await world.devsync('runs', 'show', runId);
    expect(code).toBe(0);
    expect(out.startsWith(report.out.slice(0, report.out.indexOf('\n\n')))).toBe(true);
    expect(out.split('\n\n')[2]?.split('\n')).toEqual([
      '1,200 × only in Apigee → created on the portal (example.com 800, partner.com 400)',
      '    1 × unreadable portal user → failed',
      '    1 × several portal users, one email → held (example.com 1)',
    ]);
    const people = out.split('\n').filter((line) => /^(?:[^ ]+@[^ ]+|document u3): /u.test(line));
    expect(new Set(people.map((line) => line.split(': ')[0])).size).toBe(1202);
    expect(people).toHaveLength(1202);
    expect(out).toContain('\n  portal firstName: – → "Ann"\n');
  });

  test('everyone is in the JSON once, with what was changed, as it is documented', async () => {
    const world = manyPeople(1000);
    await world.devsync('sync');
    const { people, ...run } = await shown(world);
    expect(run).toMatchObject({ state: 'done', counts: { seen: 1002, held: 1, failed: 1 } });
    expect(new Set(people.map(({ email, id }) => email ?? id)).size).toBe(1002);
    expect(people.find(({ email }) => email === 'p7@example.com')).toEqual({
      email: 'p7@example.com',
      situation: 'apigee-only',
      outcome: 'created-portal',
      reason: expect.any(String),
      changes: expect.arrayContaining([{ side: 'portal', field: 'firstName', before: null, after: 'Ann' }]),
    });
    expect(people.find(({ id }) => id === 'u3')).toMatchObject({
      situation: 'malformed',
      outcome: 'failed',
      changes: [],
    });
  });

  test('is written piece by piece, each once the one before was taken', async () => {
    const world = manyPeople(1000);
    await world.devsync('sync');
    const runId = await lastRun(world);
    let waiting = 0;
    const pieces: string[] = [];
    const code = await runCli(['runs', 'show', runId, '--format', 'ndjson'], {
      env: {},
      cwd: '/nowhere',
      layout: plainLayout,
      services: world.services,
      err: () => undefined,
      out(piece) {
        pieces.push(piece);
        waiting += 1;
      },
      async written() {
        expect(waiting).toBe(1);
        waiting = 0;
      },
    });
    expect(code).toBe(0);
    expect(pieces.length).toBeGreaterThan(3);
    expect(pieces.join('').trimEnd().split('\n')).toHaveLength(1002);
    for (const piece of pieces) expect(piece.length).toBeLessThan(100_000);
  });

  test('as CSV it has a line for each field, and no formula', async () => {
    const world = commandWorld();
    world.developers.seed({ ...ann, firstName: '=1+1' });
    await world.devsync('sync');
    const { out } = await world.devsync('runs', 'show', await lastRun(world), '--format', 'csv');
    const lines = out.split('\r\n');
    expect(lines[0]).toBe('\uFEFFperson,situation,outcome,reason,side,field,before,after');
    expect(lines).toContain(
      "ann@example.com,apigee-only,created-portal,no portal user has this email,portal,firstName,,'=1+1",
    );
    for (const field of ['email', 'lastName', 'status'])
      expect(lines.filter((line) => line.includes(`,portal,${field},`))).toHaveLength(1);
  });

  test('whatever the values are, no line steers the terminal', async () => {
    const world = commandWorld();
    const values = hostileValues.map((value) => value.toWellFormed().slice(0, 200));
    for (const [place, value] of values.entries())
      world.developers.seed({ email: `p${String(place)}@example.com`, firstName: value, lastName: value });
    await world.devsync('sync');
    const { out } = await world.devsync('runs', 'show', await lastRun(world));
    expect(steers(out.replaceAll('\u200d', ''))).toBe(false);
    expect(out).toContain('\\u{1b}[2J');
    const { out: person } = await world.devsync('explain', 'p0@example.com');
    expect(steers(person)).toBe(false);
  });

  test('of a dry run it says what would be changed, and nothing was', async () => {
    const world = commandWorld();
    world.developers.seed(ann);
    await world.devsync('sync', '--dry-run');
    const { out } = await world.devsync('runs', 'show', await lastRun(world));
    expect(out).toContain('DRY RUN: nothing was written');
    expect(out).toContain('1 × only in Apigee → would be created on the portal (example.com 1)');
    expect(out).toContain('  portal lastName: – → "Archer"');
    expect(world.database.portalDocuments()).toEqual([]);
    expect((await shown(world)).people).toMatchObject([{ email: ann.email, outcome: 'created-portal' }]);
  });

  test('who was changed twice by the run is there once, from the first value to the last', async () => {
    const world = commandWorld();
    world.developers.seed(ann);
    await world.devsync('sync');
    const runId = await lastRun(world);
    const [first] = await world.services.changes.by(runId, { after: undefined, limit: 1 });
    if (first === undefined) throw new Error('nothing was changed');
    const fields = [{ side: 'portal', field: 'lastName', before: 'Archer', after: 'Baker' }] as const;
    const at = first.at + 1000;
    const again = {
      ...first,
      at,
      id: newChangeId(at, 'x'),
      acts: { portal: 'updated', apigee: undefined },
      fields,
    } as const;
    await world.services
      .people(newMeter())
      .transact({ links: [], userIds: [] }, () => ({ result: undefined, changes: [again] }));
    const { out } = await world.devsync('runs', 'show', runId);
    expect(out.split('\n').filter((line) => line.startsWith(ann.email))).toHaveLength(1);
    expect(out).toContain('1 × only in Apigee → created on the portal');
    expect(out).toContain('  portal lastName: – → "Baker"\n');
    const { people } = await shown(world);
    expect(people).toHaveLength(1);
  });

  test('where nothing is kept the names of the fields are shown, without values', async () => {
    const world = commandWorld({ env: { UNDO_DAYS: '0' } });
    world.developers.seed(ann);
    await world.devsync('sync');
    world.developers.seed({ ...ann, lastName: 'Baker', lastModifiedAt: Date.now() + 1 });
    await world.devsync('sync');
    const { out } = await world.devsync('runs', 'show', await lastRun(world));
    expect(out).toContain('  fields lastName: their values are not kept any more\n');
    expect(out).not.toContain('Baker');
    expect((await shown(world)).people).toMatchObject([{ email: ann.email, changes: [] }]);
  });

  test('a run that is unknown: exit 3, and nothing on stdout', async () => {
    for (const format of ['table', 'json', 'csv']) {
      const { code, out, err } = await commandWorld().devsync('runs', 'show', 'nothing', '--format', format);
      expect({ code, out }).toEqual({ code: 3, out: '' });
      expect(err).toContain('devsync runs');
    }
  });

  test('--json beside another format is refused', async () => {
    const { code, err } = await commandWorld().devsync('runs', 'show', 'r', '--json', '--format', 'csv');
    expect(code).toBe(1);
    expect(err).toContain('--json is --format json');
  });

  test('who takes the people away as data is recorded (rule 39)', async () => {
    const world = commandWorld();
    await world.devsync('sync');
    const runId = await lastRun(world);
    await world.devsync('runs', 'show', runId);
    const exports = async () =>
      (await world.services.audit.recent({ before: undefined, limit: 10 })).filter(
        ({ action }) => action === 'export-run',
      );
    expect(await exports()).toEqual([]);
    await world.devsync('runs', 'show', runId, '--format', 'csv');
    expect(await exports()).toMatchObject([{ runId, fields: ['csv'], end: { state: 'done' } }]);
  });
});
