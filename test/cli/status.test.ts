import { describe, expect, test } from 'vitest';
import { newMeter } from '../../shared/state/meter.ts';
import type { Services } from '../../shared/wiring/services.ts';
import { email, linkOf, newRun, putLinks } from '../shared/state/samples.ts';
import { manualClock } from '../support/manual-clock.ts';
import { commandWorld, say } from './command-world.ts';

const minute = 60_000;

function portalUser(name: string): Record<string, unknown> {
  return { email: `${name}@example.com`, firstName: name, lastName: name };
}

describe('devsync status', () => {
  test('before the first run it says that there was none', async () => {
    const { code, out } = await commandWorld().devsync('status');
    expect(code).toBe(0);
    expect(out).toContain('There has been no run yet');
    expect(out).toContain('0 pending, 0 held, 0 failed');
  });

  test('names the last runs, and the people who are held or failed with the reason', async () => {
    const world = commandWorld();
    world.database.putPortalDocument('u1', portalUser('ann'));
    world.database.putPortalDocument('u2', portalUser('ann'));
    world.database.putPortalDocument('u3', { email: 'bob@example.com' });
    await world.devsync('sync');
    await world.devsync('sync', '--dry-run', '--full');
    const { out } = await world.devsync('status');
    expect(out).toMatch(/│ full, dry +│ done /u);
    expect(out).toMatch(/ann@example\.com +│ held .*once it is resolved .*two or more portal users/u);
    expect(out).toMatch(/bob@example\.com +│ failed .*once either side changes .*firstName and lastName missing/u);
    expect(out).toContain('0 pending, 1 held, 1 failed');
  });

  test('tells how fresh both kinds of run are, by when the last complete one began', async () => {
    const clock = manualClock();
    const world = commandWorld({ clock });
    await world.devsync('sync');
    clock.advance(30 * minute);
    await world.devsync('sync');
    clock.advance(5 * minute);
    const { out } = await world.devsync('status');
    expect(out).toMatch(/Full +last complete run began 35 min 0 s ago/u);
    expect(out).toMatch(/Incremental +last complete run began 5 min 0 s ago/u);
    const { freshness } = JSON.parse((await world.devsync('status', '--json')).out) as Record<string, unknown>;
    expect(freshness).toMatchObject({ full: { ageSeconds: 2100 }, incremental: { ageSeconds: 300 } });
  });

  test('shows the active run and whether it stands still, and who waits behind it', async () => {
    const clock = manualClock();
    const world = commandWorld({ clock });
    const runs = world.services.runs(newMeter());
    await runs.create(newRun('r1', { state: 'running', phase: 'apigee', heartbeatAt: clock.now() }));
    await runs.create(newRun('r2', { state: 'queued' }));
    await runs.updateControl((control) => ({ control: { ...control, activeRunId: 'r1' }, result: undefined }));
    clock.advance(19 * minute);
    expect((await world.devsync('status')).out).toMatch(
      /Active +r1, full, reconciling developers; last moved 19 min 0 s ago\nQueued +r2/u,
    );
    clock.advance(minute);
    expect((await world.devsync('status')).out).toContain('STANDS STILL');
    expect(JSON.parse((await world.devsync('status', '--json')).out)).toMatchObject({
      active: { runId: 'r1', state: 'running', stalled: true },
      queued: [{ runId: 'r2' }],
    });
  });

  test('counts people who are pending, and names the oldest who is not synchronised', async () => {
    const clock = manualClock();
    const world = commandWorld({ clock });
    const at = clock.now();
    const people = world.services.people(newMeter());
    const failure = { kind: 'transient', message: 'no answer', fingerprint: '', attempts: 3 } as const;
    await putLinks(people, [
      linkOf(email('new@example.com'), { due: at - 2 * minute }),
      linkOf(email('old@example.com'), { due: at - 9 * minute }),
      linkOf(email('failing@example.com'), { due: at + 4 * minute, failure: { ...failure, since: at - 3 * minute } }),
    ]);
    const { out } = await world.devsync('status');
    expect(out).toContain('2 pending, 0 held, 1 failed');
    expect(out).toMatch(/Oldest +old@example\.com, since /u);
    expect(out).toMatch(/failing@example\.com +│ failed, 3 tries .*in 4 min 0 s .*no answer/u);
    expect(JSON.parse((await world.devsync('status', '--json')).out)).toMatchObject({
      people: {
        pending: { count: 2, atLeast: false },
        failed: { count: 1 },
        oldestUnsynchronised: { person: 'old@example.com' },
        troubled: [{ person: 'failing@example.com', kind: 'failed', attempts: 3 }],
      },
    });
  });

  test('beyond fifty people the table ends with how many more there are, the JSON has them all', async () => {
    const world = commandWorld();
    const hold = { reason: 'rename-refused', detail: 'Apigee refuses new emails', since: 1 } as const;
    const links = Array.from({ length: 1200 }, (_, place) => linkOf(email(`p${place}@example.com`), { hold }));
    await putLinks(world.services.people(newMeter()), links);
    expect((await world.devsync('status')).out).toContain('and 1,150 more: devsync status --json lists them');
    const { people } = JSON.parse((await world.devsync('status', '--json')).out) as { people: { troubled: unknown[] } };
    expect(people.troubled).toHaveLength(1200);
  });

  test('shows messages that could not be used', async () => {
    const world = commandWorld();
    const runs = world.services.runs(newMeter());
    await runs.reject({ id: 'm1', source: 'fan-out', reason: 'not JSON', at: Date.now() - 5000 });
    expect((await world.devsync('status')).out).toMatch(/Rejected messages\n {2}5 s ago, fan-out: not JSON/u);
    expect(JSON.parse((await world.devsync('status', '--json')).out)).toMatchObject({
      rejections: [{ source: 'fan-out', reason: 'not JSON' }],
    });
  });

  test.each([
    [7, 'roles/datastore.user'],
    [14, 'cannot be reached'],
    [16, 'gcloud auth application-default login'],
    ['ECONNREFUSED', 'cannot be reached'],
    ['E_STRANGE', 'Something unexpected went wrong (Error E_STRANGE)'],
  ])('a store that fails with %s ends with exit 1 and one sentence', async (code, advice) => {
    const world = commandWorld();
    const broken = Object.assign(new Error('secret-token ann@example.com'), { code });
    const services: Services = {
      ...world.services,
      people() {
        throw broken;
      },
    };
    const said = await say(['status'], { services });
    expect(said).toMatchObject({ code: 1, out: '' });
    expect(said.err).toContain(advice);
    expect(said.err).not.toMatch(/secret-token|ann@|^\s+at /mu);
    expect(said.err.trim().split('\n')).toHaveLength(1);
    expect((await say(['status'], { services, env: { DEBUG: 'devsync' } })).err).toMatch(/^\s+at /mu);
  });
});
