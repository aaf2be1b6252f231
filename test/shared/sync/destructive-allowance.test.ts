import { describe, expect, test } from 'vitest';
import type { Answer } from '../../../shared/apigee/developers.ts';
import { handlePortalEdit } from '../../../shared/wiring/handlers.ts';
import { crowd, deleteUsers, documentOf, idOf, inactive } from '../../support/crowd.ts';
import { inProcess, type InProcess } from '../../support/in-process.ts';
import { commandWorld } from '../../cli/command-world.ts';
import { manualClock } from '../../support/manual-clock.ts';

const type = 'google.cloud.firestore.document.v1.written';
const hour = 60 * 60_000;

/** The events of everybody's deletion, all at once. */
async function deletedAtOnce(world: InProcess, from: number, to: number): Promise<void> {
  deleteUsers(world, from, to);
  const events = Array.from({ length: to - from }, (_, index) => ({
    type,
    document: `portalUsers/${idOf(from + index)}`,
  }));
  await Promise.all(events.map((event) => handlePortalEdit(world.services, event)));
}

const held = (world: InProcess): readonly string[] =>
  world.database
    .allLinks()
    .filter(({ hold }) => hold?.reason === 'destructive-limit')
    .map(({ key }) => key);

interface HoldsJson {
  readonly runs: readonly unknown[];
  readonly people: readonly { readonly person: string; readonly reason: string }[];
}

describe('deletions in real time (rule 16)', () => {
  test('one that fails for a while is counted once, however often it is tried', async () => {
    const clock = manualClock();
    let failing: 'get' | 'status' | undefined;
    const unavailable = <T>(operation: 'get' | 'status'): Answer<T> => {
      const message = `${operation}: not this time`;
      const error = {
        kind: 'unavailable',
        operation,
        status: 503,
        code: undefined,
        message,
        ambiguous: false,
      } as const;
      return { ok: false, error };
    };
    const world = inProcess({
      clock,
      env: { DESTRUCTIVE_LIMIT: '2', DESTRUCTIVE_LIMIT_PERCENT: '100' },
      wrap: (developers) => ({
        ...developers,
        get: async (email) => (failing === 'get' ? unavailable('get') : developers.get(email)),
        setStatus: async (email, status) =>
          failing === 'status' ? unavailable('status') : developers.setStatus(email, status),
      }),
    });
    await crowd(world, 3);
    for (const step of ['status', 'get', 'status', 'status', undefined] as const) {
      failing = step;
      await deletedAtOnce(world, 0, 1);
      clock.advance(60_000);
    }
    expect(inactive(world)).toHaveLength(1);
    await deletedAtOnce(world, 1, 3);
    expect(inactive(world)).toHaveLength(2);
    expect(held(world)).toHaveLength(1);
  });

  test('60 at once and a limit of 50: 50 are passed on, 10 are held, listed, and released one by one', async () => {
    const world = commandWorld({ env: { DESTRUCTIVE_LIMIT: '50', DESTRUCTIVE_LIMIT_PERCENT: '100' } });
    await crowd(world, 80);
    await deletedAtOnce(world, 0, 60);
    expect(world.calls.status).toBe(50);
    expect(inactive(world)).toHaveLength(50);
    expect(held(world)).toHaveLength(10);

    const listed = JSON.parse((await world.devsync('holds', '--json')).out) as HoldsJson;
    expect(listed.people.map(({ person }) => person).sort()).toEqual([...held(world)].sort());
    const [first = ''] = held(world);
    const { code, out } = await world.devsync('holds', 'release', first.toUpperCase(), '--yes');
    expect(code).toBe(0);
    expect(out).toContain('Held until now: deletions over the hourly limit');
    expect(out).toContain(`${first}: portal user deleted`);
    expect(inactive(world)).toHaveLength(51);
    expect(inactive(world)).toContain(first);
    expect(held(world)).toHaveLength(9);

    // The gate of the next full run counts those who are left.
    expect(await world.run()).toMatchObject({
      state: 'done',
      gate: { planned: 9, seen: 80, open: true },
      totals: { counts: { updated: { apigee: 9 }, held: 0, failed: 0 } },
    });
    expect(inactive(world)).toHaveLength(60);
    expect(held(world)).toEqual([]);
    expect((await world.devsync('holds')).out).toBe('Nothing is held: no run and nobody.\n');
  });

  test('those who are held are planned by a full run, and held with it where they are over its limit', async () => {
    const world = commandWorld({ env: { DESTRUCTIVE_LIMIT: '3', DESTRUCTIVE_LIMIT_PERCENT: '100' } });
    await crowd(world, 20);
    await deletedAtOnce(world, 0, 7);
    expect(held(world)).toHaveLength(4);
    const run = await world.run();
    expect(run).toMatchObject({ state: 'held', gate: { planned: 4 }, totals: { counts: { held: 4 } } });
    expect(world.calls.status).toBe(3);
    const { code } = await world.devsync('holds', 'approve', run.runId, '--yes');
    expect(code).toBe(0);
    expect(world.calls.status).toBe(7);
    expect(held(world)).toEqual([]);
  });

  test('around the full hour no more pass than at any other time', async () => {
    const clock = manualClock(Date.UTC(2026, 0, 1, 10, 59, 30));
    const world = commandWorld({ clock, env: { DESTRUCTIVE_LIMIT: '5', DESTRUCTIVE_LIMIT_PERCENT: '100' } });
    await crowd(world, 20);
    await deletedAtOnce(world, 0, 5);
    clock.advance(60_000);
    await deletedAtOnce(world, 5, 10);
    expect(inactive(world)).toHaveLength(5);
    expect(held(world)).toHaveLength(5);
  });

  test('an hour later there is a new allowance, which is no reason to touch those who are held', async () => {
    const clock = manualClock();
    const world = commandWorld({ clock, env: { DESTRUCTIVE_LIMIT: '2' } });
    await crowd(world, 10);
    await deletedAtOnce(world, 0, 3);
    expect(inactive(world)).toHaveLength(2);
    clock.advance(hour + 60_000);
    await deletedAtOnce(world, 3, 5);
    expect(inactive(world)).toHaveLength(4);
    expect(held(world)).toHaveLength(1);
  });

  test('somebody held who comes back is let go by the edit, and nothing is deactivated', async () => {
    const world = commandWorld({ env: { DESTRUCTIVE_LIMIT: '0' } });
    await crowd(world, 3);
    await deletedAtOnce(world, 0, 1);
    expect(held(world)).toHaveLength(1);
    world.database.putPortalDocument(idOf(0), documentOf(0));
    await handlePortalEdit(world.services, { type, document: `portalUsers/${idOf(0)}` });
    expect(held(world)).toEqual([]);
    expect(world.calls).toMatchObject({ status: 0, delete: 0 });
  });
});
