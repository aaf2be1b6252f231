import { expect, test } from 'vitest';
import { syncPerson } from '../../../shared/sync/sync-person.ts';
import { batchAllowance } from '../../../shared/wiring/allowances.ts';
import { openSession } from '../../../shared/wiring/services.ts';
import { inProcess } from '../../support/in-process.ts';
import { manualClock } from '../../support/manual-clock.ts';
import { ann, annDocument, developer, linked } from './ann.ts';

test('a developer who was missing from a listing, and is there by now, is not taken for deleted (rules 15, 25)', async () => {
  const world = await linked({ env: { APIGEE_DELETE_POLICY: 'hold' } });
  const session = openSession(world.services, batchAllowance);
  const deps = { ...session, by: { kind: 'run', runId: 'run' }, gate: { kind: 'closed' } } as const;
  const person = { key: ann, hints: [] };
  expect(await syncPerson(deps, person, { kind: 'absent' })).toMatchObject({
    situation: 'in-step',
    outcome: 'unchanged',
  });
  world.developers.remove(ann);
  expect(await syncPerson(deps, person, { kind: 'absent' })).toMatchObject({ outcome: 'held' });
});

test('a developer who was missing from a listing, and is there by now, is not created once more (rule 25)', async () => {
  const world = await linked();
  const session = openSession(world.services, batchAllowance);
  const deps = { ...session, by: { kind: 'run', runId: 'run' }, gate: { kind: 'closed' } } as const;
  const result = await syncPerson(deps, { key: ann, hints: [] }, { kind: 'absent' });
  expect(result).toMatchObject({ situation: 'in-step', outcome: 'unchanged' });
  expect(world.calls).toMatchObject({ create: 0, get: 1 });
});

test('nobody loses a portal user because the run created their developer after the listing (rules 15, 20)', async () => {
  const world = inProcess({ env: { APIGEE_DELETE_POLICY: 'delete' } });
  world.database.putPortalDocument('ann', annDocument);
  const session = openSession(world.services, batchAllowance);
  const deps = { ...session, by: { kind: 'run', runId: 'run' }, gate: { kind: 'closed' } } as const;
  const person = { key: ann, hints: ['ann'] };
  expect(await syncPerson(deps, person, { kind: 'absent' })).toMatchObject({ outcome: 'created-apigee' });
  const { writes } = session.usage.meter;
  const again = await syncPerson(deps, person, { kind: 'absent' });
  expect(again).toMatchObject({ outcome: 'created-apigee', disposition: 'final' });
  expect(world.calls).toMatchObject({ create: 1, get: 0 });
  expect(session.usage.meter.writes).toBe(writes);
});

test('a developer who was deleted since the listing wins over nobody once a push has made a new one (rules 20, 24)', async () => {
  const message = 'status: not this time';
  const world = inProcess({
    wrap: (developers) => ({
      ...developers,
      setStatus: async () => ({
        ok: false,
        error: { kind: 'unavailable', operation: 'status', status: 503, code: undefined, message, ambiguous: false },
      }),
    }),
  });
  world.developers.seed({ email: ann, firstName: 'Old', lastModifiedAt: Date.now() + 60_000 });
  const old = developer(world);
  if (old === undefined) throw new Error('there is no developer');
  world.developers.remove(ann);
  world.database.putPortalDocument('ann', { ...annDocument, status: 'inactive' });
  expect(await world.push('ann')).toMatchObject([{ outcome: 'failed', disposition: 'retry' }]);
  const session = openSession(world.services, batchAllowance);
  const deps = { ...session, by: { kind: 'run', runId: 'run' }, gate: { kind: 'closed' } } as const;
  await syncPerson(deps, { key: ann, hints: ['ann'] }, { kind: 'developer', developer: old });
  expect(world.user('ann')).toMatchObject({ firstName: 'Ann' });
  expect(developer(world)).toMatchObject({ firstName: 'Ann' });
});

test('a developer whom a listing left out is none of our making: a first contact copies no status (rules 4, 5, 24)', async () => {
  const world = inProcess();
  world.database.putPortalDocument('ann', { ...annDocument, status: 'inactive' });
  world.developers.seed({ email: ann, firstName: 'Ann', lastName: 'Lee', attributes: new Map([['tier', 'gold']]) });
  const session = openSession(world.services, batchAllowance);
  const deps = { ...session, by: { kind: 'run', runId: 'run' }, gate: { kind: 'closed' } } as const;
  await syncPerson(deps, { key: ann, hints: ['ann'] }, { kind: 'absent' });
  expect(world.calls).toMatchObject({ create: 1, status: 0 });
  expect(developer(world)).toMatchObject({ status: 'active' });
  expect((await world.run()).totals).toMatchObject({ counts: { seen: 1, unchanged: 1 }, traffic: { writes: 0 } });
});

test('a listing older than a push that has just created the developer plans no deletion: Apigee is asked (rules 15, 16)', async () => {
  const world = inProcess({ env: { APIGEE_DELETE_POLICY: 'deactivate' } });
  world.database.putPortalDocument('ann', annDocument);
  const session = openSession(world.services, batchAllowance);
  let isFirst = true;
  const deps = {
    ...session,
    by: { kind: 'run', runId: 'run' },
    gate: { kind: 'closed' },
    people: {
      ...session.people,
      // Nothing is destructive when the run looks; the push is done before the run has the lease.
      async transact(scope, step) {
        if (isFirst) await world.push('ann');
        isFirst = false;
        return session.people.transact(scope, step);
      },
    },
  } satisfies Parameters<typeof syncPerson>[0];
  const result = await syncPerson(deps, { key: ann, hints: ['ann'] }, { kind: 'absent' });
  expect(result).toMatchObject({ situation: 'in-step', outcome: 'unchanged', disposition: 'final' });
});

test('what a listing showed is looked at although somebody else was writing the person (rule 21)', async () => {
  const world = await linked({ clock: manualClock(Date.now()) });
  const known = developer(world);
  if (known === undefined) throw new Error('there is no developer');
  const edited = { ...known, lastName: 'Leigh', lastModifiedAt: known.lastModifiedAt + 1 };
  world.developers.seed(edited);
  const session = openSession(world.services, batchAllowance);
  let isFirst = true;
  const deps = {
    ...session,
    by: { kind: 'run', runId: 'run' },
    gate: { kind: 'closed' },
    people: {
      ...session.people,
      // The document is read once before and once within the transaction: it is another one by then.
      async transact(scope, step) {
        if (isFirst) world.database.putPortalDocument('ann', { ...annDocument, unmapped: true });
        isFirst = false;
        return session.people.transact(scope, step);
      },
    },
  } satisfies Parameters<typeof syncPerson>[0];
  await syncPerson(deps, { key: ann, hints: [] }, { kind: 'developer', developer: edited });
  expect(world.user('ann')).toMatchObject({ lastName: 'Leigh' });
});

test('a failure that passes does not outlive a look that finds both sides gone (rules 7, 15)', async () => {
  const clock = manualClock(Date.now());
  let isAvailable = true;
  const message = 'get: not this time';
  const error = {
    kind: 'unavailable',
    operation: 'get',
    status: 503,
    code: undefined,
    message,
    ambiguous: false,
  } as const;
  const world = inProcess({
    clock,
    wrap: (developers) => ({
      ...developers,
      get: async (email) => (isAvailable ? developers.get(email) : { ok: false, error }),
    }),
  });
  world.database.putPortalDocument('ann', annDocument);
  await world.run();
  world.database.deletePortalDocument('ann');
  world.developers.remove(ann);
  clock.advance(3_600_000);
  await world.run();
  expect(world.database.linkOf(ann)?.presence).toBe('none');
  world.database.putPortalDocument('ann', annDocument);
  isAvailable = false;
  await world.push('ann');
  expect(world.database.linkOf(ann)?.failure?.kind).toBe('transient');
  world.database.deletePortalDocument('ann');
  isAvailable = true;
  clock.advance(3_600_000);
  await world.run();
  expect(world.database.linkOf(ann)?.failure).toBeUndefined();
});
