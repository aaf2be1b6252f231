import { describe, expect, test } from 'vitest';
import type { Developers } from '../../shared/apigee/developers.ts';
import { newMeter } from '../../shared/state/meter.ts';
import { commandWorld } from './command-world.ts';

const ann = { email: 'ann@example.com', firstName: 'Ann', lastName: 'Archer' };
const bob = { email: 'bob@example.com', firstName: 'Bob', lastName: 'Baker' };

/** Everything Apigee is asked fails in one way. */
function failing(kind: 'denied' | 'unavailable', status: number) {
  return (developers: Developers): Developers => {
    const fail = async () =>
      ({
        ok: false,
        error: { kind, operation: 'get', status, code: undefined, message: `get: HTTP ${status}`, ambiguous: false },
      }) as const;
    return { ...developers, get: fail, listEmails: fail, listDevelopers: fail };
  };
}

describe('devsync sync', () => {
  test('requests a run, waits for it and reports what changed and why: exit 0', async () => {
    const world = commandWorld();
    world.developers.seed(ann);
    world.database.putPortalDocument('u1', bob);
    const { code, out } = await world.devsync('sync', '--reason', 'first try');
    expect(code).toBe(0);
    expect(out).toMatch(/^The full run cli-\d{8}T\d{6}Z-[\da-f]{8} is complete and adds up\.\n/u);
    expect(out).toContain('first try');
    expect(out).toContain('2 seen: 1 created in Apigee, 1 on the portal');
    expect(out).toMatch(
      /ann@example\.com .* only in Apigee .* created on the portal .* no portal user has this email/u,
    );
    expect(world.developers.all()).toHaveLength(2);
  });

  test('the JSON has the documented members and no others', async () => {
    const world = commandWorld();
    world.developers.seed(ann);
    const { out } = await world.devsync('sync', '--json', '--full');
    const report: unknown = JSON.parse(out);
    expect(out).toBe(`${JSON.stringify(report)}\n`);
    expect(report).toEqual({
      runId: expect.stringMatching(/^cli-/u),
      mode: 'full',
      dryRun: false,
      state: 'done',
      counts: {
        seen: 1,
        created: { apigee: 0, portal: 1 },
        updated: { apigee: 0, portal: 0 },
        unchanged: 0,
        held: 0,
        failed: 0,
      },
      apigeeCalls: { list: expect.any(Number), get: 0, create: 0, update: 0, status: 0, delete: 0 },
      startedAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/u),
      finishedAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/u),
    });
  });

  test('a dry run changes nothing, and says so', async () => {
    const world = commandWorld();
    world.developers.seed(ann);
    const { code, out } = await world.devsync('sync', '--dry-run');
    expect(code).toBe(0);
    expect(out).toContain('DRY RUN: nothing was written');
    expect(out).toContain('would be created on the portal');
    expect(world.database.portalDocuments()).toEqual([]);
  });

  test('the first run ever is full, the next one incremental unless --full is given', async () => {
    const world = commandWorld();
    const modes: unknown[] = [];
    for (const flags of [[], [], ['--full']]) {
      const { out } = await world.devsync('sync', '--json', ...flags);
      modes.push((JSON.parse(out) as { mode: unknown }).mode);
    }
    expect(modes).toEqual(['full', 'incremental', 'full']);
  });

  test('people who failed or are held make it exit 2', async () => {
    const world = commandWorld();
    world.database.putPortalDocument('u1', ann);
    world.database.putPortalDocument('u2', ann);
    expect((await world.devsync('sync')).code).toBe(2);
    const other = commandWorld();
    other.database.putPortalDocument('u1', { email: 'ann@example.com' });
    const { code, out } = await other.devsync('sync');
    expect(code).toBe(2);
    expect(out).toContain('failed');
  });

  test('rule 16: a run held at the gate makes it exit 2, and says what it waits for', async () => {
    const world = commandWorld({ env: { DESTRUCTIVE_LIMIT: '0' } });
    world.developers.seed(ann);
    await world.devsync('sync');
    for (const { id } of world.database.portalDocuments()) world.database.deletePortalDocument(id);
    const { code, out } = await world.devsync('sync', '--full');
    expect(code).toBe(2);
    expect(out).toMatch(/is HELD until someone decides: 1 of 1 people would be deactivated or deleted/u);
    expect(out).toContain('gate');
  });

  test('a run that fails makes it exit 1, with the reason', async () => {
    const world = commandWorld({ wrap: failing('denied', 403) });
    const { code, out } = await world.devsync('sync');
    expect(code).toBe(1);
    expect(out).toMatch(/FAILED: .*HTTP 403/u);
    const asJson = await world.devsync('sync', '--json');
    expect(asJson.code).toBe(1);
    expect(JSON.parse(asJson.out)).toMatchObject({ state: 'failed', counts: { seen: 0 } });
  });

  test('in the background it only requests, and says where to look', async () => {
    const world = commandWorld();
    const { code, out } = await world.devsync('sync', '--background', '--json', '--full');
    expect(code).toBe(0);
    const { runId } = JSON.parse(out) as { runId: string };
    expect(world.queue).toHaveLength(1);
    await world.drain();
    expect(await world.services.runs(newMeter()).get(runId)).toMatchObject({ state: 'done', mode: 'full' });
    expect((await world.devsync('sync', '--background')).out).toContain('devsync status');
  });

  test('a run that waits for another one says behind which', async () => {
    const world = commandWorld();
    await world.devsync('sync');
    const runs = world.services.runs(newMeter());
    await runs.updateControl((control) => ({ control: { ...control, activeRunId: 'other' }, result: undefined }));
    let looks = 0;
    const clock = {
      now: Date.now,
      async wait() {
        await world.drain();
        looks += 1;
        if (looks < 3) return;
        await runs.updateControl((control) => ({ control: { ...control, activeRunId: undefined }, result: undefined }));
        const [waiting] = await runs.queued(1);
        if (waiting !== undefined) await world.services.publisher.continueRun(waiting.runId);
      },
    };
    // The other run is really under way, or nobody would wait for it.
    const [before] = await runs.recent(1);
    if (before === undefined) throw new Error('there was no run');
    await runs.create({ ...before, runId: 'other', state: 'running', heartbeatAt: Date.now() });
    const { code, err } = await commandWorld({}, { services: { ...world.services, clock } }).devsync('sync');
    expect(err).toContain('queued behind the run other');
    expect(code).toBe(0);
  });

  test('a request that nobody takes up ends with exit 1 and what to look at', async () => {
    const world = commandWorld();
    const services = { ...world.services, clock: { now: Date.now, wait: async () => undefined } };
    const { code, out, err } = await commandWorld({}, { services }).devsync('sync', '--json');
    expect(code).toBe(1);
    expect(out).toBe('');
    expect(err).toMatch(/was not taken up within 3 min\. Is fan-out deployed/u);
  });
});

describe('devsync sync EMAIL', () => {
  test('brings one person in step now, whatever the case of the email', async () => {
    const world = commandWorld();
    await world.run();
    world.developers.seed(ann, bob);
    const { code, out } = await world.devsync('sync', 'ANN@Example.com');
    expect(code).toBe(0);
    expect(out).toContain('ann@example.com: only in Apigee');
    expect(out).toContain('created on the portal');
    expect(world.database.portalDocuments().map(({ data }) => data['email'])).toEqual(['ann@example.com']);
    expect(world.queue).toEqual([]);
  });

  test('an edit in Apigee is found although the portal has nothing new, and a second time nothing is done', async () => {
    const world = commandWorld();
    world.developers.seed(ann);
    await world.run();
    world.developers.seed({ ...ann, lastName: 'Archer-Smith', lastModifiedAt: Date.now() + 1 });
    const first = await world.devsync('sync', ann.email, '--json');
    expect(JSON.parse(first.out)).toEqual({
      person: ann.email,
      situation: 'apigee-changed',
      outcome: 'updated-portal',
      reason: expect.any(String),
      fields: ['lastName'],
    });
    const second = await world.devsync('sync', ann.email, '--json');
    expect(JSON.parse(second.out)).toMatchObject({ situation: 'in-step', outcome: 'unchanged', fields: [] });
    expect(second.code).toBe(0);
  });

  test('a portal user nobody knew yet is found by the email and created in Apigee', async () => {
    const world = commandWorld();
    world.database.putPortalDocument('u1', bob);
    expect((await world.devsync('sync', bob.email)).out).toContain('created in Apigee');
    expect(world.developers.all()).toHaveLength(1);
  });

  test('held and failed people make it exit 2', async () => {
    const world = commandWorld();
    world.database.putPortalDocument('u1', ann);
    world.database.putPortalDocument('u2', ann);
    world.database.putPortalDocument('u3', { email: bob.email });
    world.database.putPortalDocument('u4', { email: 'nonsense' });
    expect((await world.devsync('sync', ann.email)).code).toBe(2);
    expect((await world.devsync('sync', bob.email)).code).toBe(2);
    expect((await world.devsync('sync', '#u4')).code).toBe(2);
  });

  test('tries what Apigee refused for good once more: its cause may be mended (rule 25)', async () => {
    let refusing = true;
    const world = commandWorld({
      wrap: (developers) => ({
        ...developers,
        create: async (body) => {
          if (!refusing) return developers.create(body);
          const error = { kind: 'refused', operation: 'create', status: 400, code: undefined } as const;
          return { ok: false, error: { ...error, message: 'create: HTTP 400: no seats left', ambiguous: false } };
        },
      }),
    });
    world.database.putPortalDocument('u1', ann);
    expect(await world.devsync('sync', ann.email)).toMatchObject({ code: 2 });
    await world.run();
    await world.run();
    expect(world.calls.create).toBe(1);
    expect((await world.devsync('sync', ann.email)).out).toContain('no seats left');
    expect(world.calls.create).toBe(2);
    refusing = false;
    expect(await world.devsync('sync', ann.email)).toMatchObject({ code: 0 });
    expect(world.developers.all()).toMatchObject([{ email: ann.email }]);
  });

  test('gives nobody a second portal user before a full run has read how emails are spelt there (rule 1)', async () => {
    const world = commandWorld();
    world.database.putPortalDocument('u1', { ...ann, email: 'Ann@Example.com' });
    world.developers.seed(ann);
    const early = await world.devsync('sync', ann.email);
    expect(early).toMatchObject({ code: 1, out: '' });
    expect(early.err).toContain('devsync sync --full');
    await world.run();
    expect(await world.devsync('sync', ann.email)).toMatchObject({ code: 0 });
    expect(world.database.portalDocuments()).toHaveLength(1);
  });

  test('rule 16: a deletion counts against the allowance of the hour', async () => {
    const world = commandWorld({ env: { DESTRUCTIVE_LIMIT: '0' } });
    world.developers.seed(ann);
    await world.run();
    for (const { id } of world.database.portalDocuments()) world.database.deletePortalDocument(id);
    const { code, out } = await world.devsync('sync', ann.email);
    expect(code).toBe(2);
    expect(out).toContain('DESTRUCTIVE_LIMIT');
    expect(world.developers.all()[0]?.status).toBe('active');
  });

  test.each([
    ['denied', 403],
    ['unavailable', 503],
  ] as const)('where Apigee cannot be asked (%s) nothing is done: exit 1', async (kind, status) => {
    const world = commandWorld({ wrap: failing(kind, status) });
    world.database.putPortalDocument('u1', ann);
    const { code, err } = await world.devsync('sync', ann.email);
    expect(code).toBe(1);
    expect(err).toContain(`HTTP ${status}`);
    expect(world.database.allLinks()).toEqual([]);
  });

  test('people outside PORTAL_FILTER are left alone', async () => {
    const world = commandWorld({ env: { PORTAL_FILTER: '@other' } });
    world.developers.seed(ann);
    const { code, out } = await world.devsync('sync', ann.email);
    expect(code).toBe(0);
    expect(out).toContain('left alone');
    expect(world.calls.get).toBe(0);
  });
});
