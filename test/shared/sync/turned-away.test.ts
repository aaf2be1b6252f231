import { describe, expect, test } from 'vitest';
import type { Answer, DeveloperBody, Developers, Operation } from '../../../shared/apigee/developers.ts';
import { handlePortalEdit } from '../../../shared/wiring/handlers.ts';
import type { InProcess } from '../../support/in-process.ts';
import { manualClock, type ManualClock } from '../../support/manual-clock.ts';
import { ann, annDocument, developer, linked } from './ann.ts';

interface Failing {
  readonly operation: 'update' | 'status' | 'delete';
  readonly times: number;
  readonly lookAgainAfterMs?: number;
  /** The call takes effect all the same, and its answer does not say so. */
  readonly applied?: boolean;
  /** Happens as the call fails. */
  readonly meanwhile?: (world: InProcess) => void;
  readonly env?: Readonly<Record<string, string>>;
}

interface Scene {
  readonly world: InProcess;
  readonly clock: ManualClock;
  readonly waits: readonly number[];
  readonly bodies: readonly DeveloperBody[];
}

/** Ann in step, and an Apigee that fails the first calls of one kind. */
async function scene({
  operation,
  times,
  lookAgainAfterMs,
  applied = false,
  meanwhile,
  env = {},
}: Failing): Promise<Scene> {
  const waits: number[] = [];
  const manual = manualClock(Date.now());
  const wait = async (ms: number): Promise<void> => {
    waits.push(ms);
    await manual.wait(ms);
  };
  const bodies: DeveloperBody[] = [];
  let left = times;
  async function failing<T>(called: Operation, call: () => Promise<Answer<T>>): Promise<Answer<T>> {
    if (called !== operation || left === 0) return call();
    left -= 1;
    if (applied) await call();
    meanwhile?.(world);
    const message = `${called}: not this time`;
    const again = lookAgainAfterMs === undefined ? {} : { lookAgainAfterMs };
    const error = { kind: 'unavailable', operation: called, status: 503, code: undefined, message } as const;
    return { ok: false, error: { ...error, ambiguous: applied, ...again } };
  }
  const wrap = (developers: Developers): Developers => ({
    ...developers,
    async update(email, body) {
      bodies.push(body);
      return failing('update', () => developers.update(email, body));
    },
    setStatus: (email, status) => failing('status', () => developers.setStatus(email, status)),
    delete: (email) => failing('delete', () => developers.delete(email)),
  });
  const world: InProcess = await linked({ clock: { ...manual, wait }, wrap, env });
  return { world, clock: manual, waits, bodies };
}

const edited = { ...annDocument, lastName: 'Leigh' };
const deliver = ({ services }: InProcess) =>
  handlePortalEdit(services, { type: 'google.cloud.firestore.document.v1.written', document: 'portalUsers/ann' });

describe('an update that Apigee turned away', () => {
  test('is read and decided anew after as long as Apigee asked for: what an administrator edits meanwhile stays (rules 11, 13)', async () => {
    const { world, waits } = await scene({
      operation: 'update',
      times: 1,
      lookAgainAfterMs: 2100,
      meanwhile: (it) =>
        it.developers.seed({
          ...developer(it),
          email: ann,
          firstName: 'Annabel',
          attributes: new Map([...(developer(it)?.attributes ?? []), ['MINT_PLAN', 'paid']]),
          others: { members: { accessType: 'new' }, entries: [] },
          lastModifiedAt: Date.now(),
        }),
    });
    world.database.putPortalDocument('ann', edited);
    expect(await deliver(world)).toBe('done');
    expect(developer(world)).toMatchObject({
      firstName: 'Annabel',
      lastName: 'Leigh',
      others: { members: { accessType: 'new' } },
    });
    expect(developer(world)?.attributes.get('MINT_PLAN')).toBe('paid');
    expect(world.user('ann')).toMatchObject({ firstName: 'Annabel', lastName: 'Leigh' });
    expect(waits).toEqual([2100]);
    expect(world.calls).toMatchObject({ get: 2, update: 2 });
  });

  test('and that was undone on the portal meanwhile is not made at all', async () => {
    const { world } = await scene({
      operation: 'update',
      times: 1,
      lookAgainAfterMs: 100,
      meanwhile: (it) => it.database.putPortalDocument('ann', annDocument),
    });
    world.database.putPortalDocument('ann', edited);
    expect(await deliver(world)).toBe('done');
    expect(world.calls).toMatchObject({ update: 1 });
    expect(developer(world)).toMatchObject({ lastName: 'Lee' });
  });

  test('keeps nobody else from the person while it waits', async () => {
    const { world } = await scene({ operation: 'update', times: 1, lookAgainAfterMs: 100 });
    let leased: unknown = 'never waited';
    const clock = world.services.clock;
    const services = {
      ...world.services,
      clock: {
        ...clock,
        wait: async (ms: number) => {
          leased = world.database.linkOf(ann)?.lease;
          await clock.wait(ms);
        },
      },
    };
    world.database.putPortalDocument('ann', edited);
    await deliver({ ...world, services });
    expect(leased).toBeUndefined();
  });

  test.each([
    ['asks for more time than a push has', 3500, 1, 1],
    ['fails again and again', 100, 10, 4],
    ['does not say that there is nothing on its way', undefined, 1, 1],
  ])(
    'that %s comes again with the event, and the person is owed a look (rule 7)',
    async (_, lookAgainAfterMs, times, made) => {
      const { world } = await scene({
        operation: 'update',
        times,
        ...(lookAgainAfterMs === undefined ? {} : { lookAgainAfterMs }),
      });
      world.database.putPortalDocument('ann', edited);
      expect(await deliver(world)).toBe('again');
      expect(world.calls.update).toBe(made);
      expect(world.database.linkOf(ann)).toMatchObject({ failure: { kind: 'transient' } });
      expect(world.database.linkOf(ann)?.lease).toBeUndefined();
      expect(world.database.linkOf(ann)?.due).toBeDefined();
    },
  );

  test('waits longer in a run, which has the time', async () => {
    const { world, waits } = await scene({ operation: 'update', times: 2, lookAgainAfterMs: 40_000 });
    world.database.putPortalDocument('ann', edited);
    expect((await world.run()).totals?.counts).toMatchObject({ updated: { apigee: 1 }, failed: 0 });
    expect(waits).toEqual([40_000, 40_000]);
  });
});

describe('a write that was made, and whose answer does not say so', () => {
  test('is recognised by the next read, and not made twice (rules 23, 24)', async () => {
    const { world } = await scene({ operation: 'update', times: 1, lookAgainAfterMs: 100, applied: true });
    world.database.putPortalDocument('ann', edited);
    expect(await deliver(world)).toBe('done');
    expect(world.calls).toMatchObject({ get: 2, update: 1 });
    const { intents, lease, due } = world.database.linkOf(ann) ?? {};
    expect([intents, lease, due]).toEqual([[], undefined, undefined]);
    expect((await world.run()).totals).toMatchObject({ counts: { unchanged: 1 }, traffic: { writes: 0 } });
  });

  test.each(['deactivate', 'delete'] as const)(
    'is one of the deletions of the hour, however often it is decided: %s (rule 16)',
    async (policy) => {
      const { world } = await scene({
        operation: policy === 'delete' ? 'delete' : 'status',
        times: 2,
        lookAgainAfterMs: 100,
        env: { PORTAL_DELETE_POLICY: policy, DESTRUCTIVE_LIMIT: '1', DESTRUCTIVE_LIMIT_PERCENT: '100' },
      });
      world.database.deletePortalDocument('ann');
      expect(await deliver(world)).toBe('done');
      expect(developer(world)?.status).toBe(policy === 'delete' ? undefined : 'inactive');
    },
  );

  test('is not made again where the read shows it: a status (rules 14, 24)', async () => {
    const { world } = await scene({ operation: 'status', times: 1, applied: true, lookAgainAfterMs: 100 });
    world.database.putPortalDocument('ann', { ...annDocument, status: 'inactive' });
    expect(await deliver(world)).toBe('done');
    expect(world.calls).toMatchObject({ get: 2, status: 1 });
    expect(developer(world)?.status).toBe('inactive');
    expect((await world.run()).totals).toMatchObject({ counts: { unchanged: 1 }, traffic: { writes: 0 } });
  });
});
