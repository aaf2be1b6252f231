import { describe, expect, test } from 'vitest';
import { mostRows, type Audits } from '../../../shared/apigee/audits.ts';
import type { EdgeAudit } from '../../../shared/messages/edge-audit.ts';
import { newMeter } from '../../../shared/state/meter.ts';
import { overlap } from '../../../shared/sync/poll-audits.ts';
import { handlePullEdit } from '../../../shared/wiring/pull-handler.ts';
import { mostWaiting } from '../../../shared/wiring/hand-over.ts';
import { pushed } from '../../support/audit-entries.ts';
import { crowd, emailOf, idOf } from '../../support/crowd.ts';
import { inProcess, type InProcess, type InProcessOptions } from '../../support/in-process.ts';
import { manualClock } from '../../support/manual-clock.ts';
import { unavailable } from './ann.ts';

const minute = 60_000;

interface EdgeWorld extends InProcess {
  readonly history: EdgeAudit[];
  /** Windows that were asked for. */
  readonly asked: (readonly [number, number])[];
  poll(): Promise<'done' | 'again'>;
  advance(ms: number): void;
  /** Somebody saves a developer on Edge, which its history tells of. */
  save(index: number, firstName: string): void;
  now(): number;
}

async function edge(
  people: number,
  { audits, ...options }: Omit<InProcessOptions, 'audits'> & { readonly audits?: (own: Audits) => Audits } = {},
): Promise<EdgeWorld> {
  const clock = manualClock();
  const history: EdgeAudit[] = [];
  const asked: (readonly [number, number])[] = [];
  const own: Audits = {
    async between(from, to) {
      asked.push([from, to]);
      const found = history.filter(({ timeStamp }) => timeStamp >= from && timeStamp <= to).toReversed();
      return { ok: true, value: found.slice(0, mostRows) };
    },
  };
  const env = { APIGEE_TYPE: 'edge', APIGEE_USERNAME: 'sync@example.com', APIGEE_PASSWORD: 'x', PULL: 'audit-poll' };
  const world = inProcess({
    ...options,
    clock,
    audits: audits?.(own) ?? own,
    env: { ...env, APIGEE_ACCESS_TOKEN: '', ...options.env },
  });
  await crowd(world, people);
  world.calls.get = 0;
  world.logs.splice(0);
  return {
    ...world,
    history,
    asked,
    now: clock.now,
    poll: () => handlePullEdit(world.services, pushed({}, { poll: 'edge' })),
    advance: (ms) => clock.advance(ms),
    save(index, firstName) {
      const email = emailOf(index);
      const known = world.developers.all().find((one) => one.email === email);
      const at = clock.now();
      world.developers.seed({ ...known, email, firstName, lastModifiedAt: at });
      history.push(recordOf('UPDATE', email, at));
    },
  };
}

function recordOf(operation: string, email: string, timeStamp: number, user = 'somebody@example.com'): EdgeAudit {
  const requestUri = `/v1/organizations/acme/developers/${email}`;
  return { operation, requestUri, request: undefined, responseCode: 200, timeStamp, user };
}

const named = (world: InProcess, index: number) => world.user(idOf(index))?.['firstName'];
const events = (world: InProcess) => world.logs.splice(0).map(({ event }) => event);

describe('a poll of the Edge audit history (rule 40)', () => {
  test('brings over what was edited since the last one, for one GET each, and looks at nothing twice', async () => {
    const world = await edge(5);
    await world.poll();
    world.advance(minute);
    world.save(0, 'One');
    world.save(1, 'Two');
    world.advance(5000);
    expect(await world.poll()).toBe('done');
    expect([named(world, 0), named(world, 1)]).toEqual(['One', 'Two']);
    expect(world.calls.get).toBe(2);
    world.advance(minute);
    await world.poll();
    expect(world.calls.get).toBe(2);
    world.save(0, 'Three');
    await world.poll();
    expect(named(world, 0)).toBe('Three');
    expect(world.calls.get).toBe(3);
  });

  test('asks for the time before once more, so that a record that comes late is found', async () => {
    const world = await edge(2);
    await world.poll();
    world.advance(minute);
    await world.poll();
    world.save(0, 'Late');
    world.history.splice(0, 1, { ...recordOf('UPDATE', emailOf(0), world.now() - overlap + 1000) });
    await world.poll();
    expect(named(world, 0)).toBe('Late');
  });

  test('skips what we did ourselves, by the user who did it', async () => {
    const world = await edge(2);
    await world.poll();
    world.history.push(recordOf('UPDATE', emailOf(0), world.now(), 'Sync@Example.com'));
    await world.poll();
    expect(world.calls.get).toBe(0);
  });

  test('halves the time while an answer is full, and finds everybody', async () => {
    const world = await edge(300);
    await world.poll();
    world.advance(minute);
    for (let index = 0; index < 300; index += 1) {
      world.save(index, `New${String(index)}`);
      for (let reads = 0; reads < 4; reads += 1) world.history.push(recordOf('GET', emailOf(index), world.now()));
      world.advance(100);
    }
    world.asked.splice(0);
    await world.poll();
    expect(world.asked.length).toBeGreaterThan(1);
    for (let index = 0; index < 300; index += 1) expect(named(world, index)).toBe(`New${String(index)}`);
  });

  test('never overlaps another one; one that died is followed once its lease is over (rule 24)', async () => {
    let isSlow = true;
    const { promise, resolve } = Promise.withResolvers<void>();
    const entered = Promise.withResolvers<void>();
    const world = await edge(2, {
      audits: (own) => ({
        async between(from, to) {
          entered.resolve();
          if (isSlow) await promise;
          return own.between(from, to);
        },
      }),
    });
    const first = world.poll();
    await entered.promise;
    world.save(0, 'One');
    isSlow = false;
    await world.poll();
    expect(world.asked).toHaveLength(0);
    // The first one is as good as dead: whoever comes after its lease does its work.
    world.advance(6 * minute);
    await world.poll();
    expect(world.asked).toHaveLength(1);
    resolve();
    await first;
    const { lease, watermark } = await world.services.runs(newMeter()).polling();
    expect({ lease, watermark }).toEqual({ lease: undefined, watermark: world.now() });
  });

  test('comes back to whom Apigee gave no answer for, and to nobody else', async () => {
    let away = emailOf(0);
    const world = await edge(3, {
      wrap: (developers) => ({
        ...developers,
        get: async (id, turn) =>
          id === away
            ? { ...unavailable, error: { ...unavailable.error, operation: 'get' } }
            : developers.get(id, turn),
      }),
    });
    await world.poll();
    world.advance(minute);
    for (const index of [0, 1, 2]) world.save(index, 'New');
    await world.poll();
    expect([named(world, 0), named(world, 1), named(world, 2)]).toEqual(['First0', 'New', 'New']);
    world.advance(10 * minute);
    await world.poll();
    world.advance(10 * minute);
    away = '';
    const gets = world.calls.get;
    await world.poll();
    expect(named(world, 0)).toBe('New');
    expect(world.calls.get - gets).toBe(1);
  });

  test('is off where there is no audit history, says so once, and asks again after an hour', async () => {
    let isThere = false;
    const world = await edge(1, {
      audits: (own) => ({
        between: async (from, to) => (isThere ? own.between(from, to) : { ok: true, value: undefined }),
      }),
    });
    await world.poll();
    expect(events(world)).toEqual(['pull_unavailable']);
    for (let minutes = 0; minutes < 130; minutes += 1) {
      world.advance(minute);
      expect(await world.poll()).toBe('done');
    }
    expect(events(world)).toEqual([]);
    isThere = true;
    world.advance(61 * minute);
    world.save(0, 'New');
    await world.poll();
    expect(named(world, 0)).toBe('New');
  });

  test('that Apigee does not answer is made again, from where the last one got to', async () => {
    let isAway = false;
    const world = await edge(1, {
      audits: (own) => ({
        between: async (from, to) =>
          isAway ? { ...unavailable, error: { ...unavailable.error, operation: 'list' } } : own.between(from, to),
      }),
    });
    await world.poll();
    isAway = true;
    world.advance(minute);
    world.save(0, 'New');
    expect(await world.poll()).toBe('done');
    expect(events(world)).toContain('pull_unavailable');
    isAway = false;
    world.advance(30 * minute);
    await world.poll();
    expect(named(world, 0)).toBe('New');
  });

  test('a deletion that the history tells of, and a read, are proof (rule 29)', async () => {
    const world = await edge(2, { env: { APIGEE_DELETE_POLICY: 'delete', DESTRUCTIVE_LIMIT_PERCENT: '100' } });
    await world.poll();
    world.advance(minute);
    world.save(0, 'Gone');
    world.advance(10);
    world.developers.remove(emailOf(0));
    world.history.push(recordOf('DELETE', emailOf(0), world.now()));
    await world.poll();
    expect(world.user(idOf(0))).toBeUndefined();
    expect(world.user(idOf(1))).toBeDefined();
  });

  test(
    'more people than are looked at one by one are left to a run, which finds them',
    { timeout: 120_000 },
    async () => {
      const count = mostWaiting + 1;
      const world = await edge(count);
      await world.poll();
      world.advance(minute);
      for (let index = 0; index < count; index += 1) {
        world.save(index, `New${String(index)}`);
        world.advance(10);
      }
      await world.poll();
      expect(world.calls.get).toBe(0);
      expect(world.queue).toHaveLength(1);
      await world.drain();
      for (let index = 0; index < count; index += 1) expect(named(world, index)).toBe(`New${String(index)}`);
    },
  );
});
