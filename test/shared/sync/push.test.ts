import { describe, expect, test } from 'vitest';
import type { Developers } from '../../../shared/apigee/developers.ts';
import { inProcess } from '../../support/in-process.ts';
import { ann, annDocument, developer, linked, unavailable } from './ann.ts';

describe('pushing a portal edit', () => {
  test('costs a GET and a PUT, and its echo nothing (rules 2, 12, 23)', async () => {
    const world = await linked();
    world.database.putPortalDocument('ann', { ...annDocument, lastName: 'Leigh' });
    await world.push('ann');
    expect(world.calls).toEqual({ list: 0, get: 1, create: 0, update: 1, status: 0, delete: 0 });
    expect(developer(world)).toMatchObject({ lastName: 'Leigh' });
    expect(developer(world)?.attributes.get('MINT_PLAN')).toBe('basic');
    await world.push('ann');
    expect(world.calls).toMatchObject({ get: 1, update: 1 });
  });

  test('costs a status call more where the status was edited, and only then (rule 14)', async () => {
    const world = await linked();
    world.database.putPortalDocument('ann', { ...annDocument, status: 'inactive' });
    await world.push('ann');
    expect(world.calls).toMatchObject({ get: 1, update: 0, status: 1 });
    expect(developer(world)?.status).toBe('inactive');
    await world.push('ann');
    expect(world.calls).toMatchObject({ get: 1, status: 1 });
  });

  test('never undoes a deactivation made in Apigee with a profile edit or a run (rule 14)', async () => {
    const world = await linked();
    await world.developers.setStatus(ann, 'inactive');
    world.database.putPortalDocument('ann', { ...annDocument, firstName: 'Anne' });
    await world.push('ann');
    expect(developer(world)).toMatchObject({ firstName: 'Anne', status: 'inactive' });
    await world.run();
    await world.run();
    expect(developer(world)?.status).toBe('inactive');
  });

  test('ignores an edit of a field that is not mapped', async () => {
    const world = await linked();
    world.database.putPortalDocument('ann', { ...annDocument, lastLogin: 'today' });
    await world.push('ann');
    expect(world.calls).toMatchObject({ get: 0, update: 0 });
  });

  test('creates a developer, inactive if the user is (rules 2, 9)', async () => {
    const world = inProcess();
    world.database.putPortalDocument('bob', {
      email: "Bob+o'x@Example.com",
      firstName: 'Bob',
      lastName: 'B',
      status: 'inactive',
    });
    await world.push('bob');
    expect(developer(world, "bob+o'x@example.com")).toMatchObject({ firstName: 'Bob', status: 'inactive' });
    expect(world.calls).toMatchObject({ get: 1, create: 1, status: 1 });
    await world.push('bob');
    expect(world.calls).toMatchObject({ get: 1, create: 1, status: 1 });
  });

  test('deactivates the developer of a deleted user once, and a late event brings nobody back (rule 15)', async () => {
    const world = await linked();
    world.database.deletePortalDocument('ann');
    await world.push('ann');
    await world.push('ann');
    expect(developer(world)?.status).toBe('inactive');
    expect(world.calls.status).toBe(1);
    await world.run();
    await world.run();
    expect(world.database.portalDocuments()).toEqual([]);
    expect(world.calls).toMatchObject({ status: 1, create: 0, update: 0 });
  });

  test('activates again the developer that it deactivated when the person registers again (rule 15)', async () => {
    const world = await linked();
    world.database.deletePortalDocument('ann');
    await world.push('ann');
    world.database.putPortalDocument('ann-2', annDocument);
    await world.push('ann-2');
    expect(developer(world)?.status).toBe('active');
  });

  test.each(['deactivate', 'delete', 'keep'])('follows PORTAL_DELETE_POLICY=%s (rule 15)', async (policy) => {
    const world = await linked({ env: { PORTAL_DELETE_POLICY: policy } });
    world.database.deletePortalDocument('ann');
    await world.push('ann');
    const status = { deactivate: 'inactive', delete: undefined, keep: 'active' }[policy];
    expect(developer(world)?.status).toBe(status);
    await world.run();
    expect(developer(world)?.status).toBe(status);
    expect(world.database.portalDocuments()).toEqual([]);
  });

  test('does not take the developer of an address that was never verified (rule 19)', async () => {
    const world = inProcess({ env: { PORTAL_MAPPING: '{"emailVerified":"verified"}' } });
    world.developers.seed({ email: ann, firstName: 'Ann', lastName: 'Lee' });
    world.database.putPortalDocument('thief', { ...annDocument, firstName: 'Eve', verified: false });
    await world.push('thief');
    await world.run();
    expect(developer(world)).toMatchObject({ firstName: 'Ann' });
    expect(world.user('thief')).toMatchObject({ firstName: 'Eve' });
    expect(world.database.portalDocuments()).toHaveLength(1);
    expect((await world.run()).totals?.traffic.writes).toBe(0);
    world.database.deletePortalDocument('thief');
    await world.push('thief');
    expect(developer(world)?.status).toBe('active');
  });

  test('holds both of two users with one email, and goes on when one is gone (rule 1)', async () => {
    const world = await linked();
    world.database.putPortalDocument('ann-2', { ...annDocument, email: 'ANN@example.com', firstName: 'Other' });
    await world.push('ann-2');
    world.database.putPortalDocument('ann', { ...annDocument, firstName: 'Anne' });
    await world.push('ann');
    expect(developer(world)?.firstName).toBe('Ann');
    const held = await world.run();
    expect(held.totals?.counts).toMatchObject({ seen: 1, held: 1 });
    expect((await world.run()).totals?.traffic.writes).toBe(0);
    world.database.deletePortalDocument('ann-2');
    await world.push('ann-2');
    expect(developer(world)?.firstName).toBe('Anne');
    expect((await world.run()).totals?.counts).toMatchObject({ seen: 1, unchanged: 1 });
  });

  test('fails a document without a usable email under its id, until it has one (rule 18)', async () => {
    const world = inProcess();
    world.database.putPortalDocument('odd', { ...annDocument, email: 'nobody' });
    const [failed] = await world.push('odd');
    expect(failed).toMatchObject({ key: '#odd', outcome: 'failed' });
    expect((await world.run()).totals?.counts).toMatchObject({ seen: 1, failed: 1 });
    world.database.putPortalDocument('odd', annDocument);
    await world.push('odd');
    expect(developer(world)).toMatchObject({ firstName: 'Ann' });
    expect(world.database.allLinks()).toHaveLength(1);
    expect((await world.run()).totals?.counts).toMatchObject({ seen: 1, unchanged: 1 });
  });

  test('does not ask Apigee again about what it refused, until something is different (rules 18, 25)', async () => {
    const refused = {
      ok: false,
      error: { ...unavailable.error, kind: 'refused', status: 400, message: 'update: 400 bad value' },
    } as const;
    const wrap = (real: Developers): Developers => ({
      ...real,
      update: async (email, body) => (body.attributes.get('tier') === 'bad' ? refused : real.update(email, body)),
    });
    const world = await linked({ wrap });
    world.database.putPortalDocument('ann', { ...annDocument, attributes: { tier: 'bad' } });
    expect(await world.push('ann')).toMatchObject([
      { outcome: 'failed', reason: 'update: 400 bad value', disposition: 'final' },
    ]);
    await world.push('ann');
    const run = await world.run();
    expect(run.totals).toMatchObject({ counts: { failed: 1 }, traffic: { writes: 0 } });
    expect(world.calls.update).toBe(1);
    world.database.putPortalDocument('ann', { ...annDocument, attributes: { tier: 'fine' } });
    await world.push('ann');
    expect(developer(world)?.attributes.get('tier')).toBe('fine');
    expect((await world.run()).totals?.counts).toMatchObject({ unchanged: 1 });
  });

  test('keeps an edit that met an outage, and delivers it afterwards (rules 7, 25)', async () => {
    let down = true;
    const wrap = (real: Developers): Developers => ({
      ...real,
      update: async (email, body) => (down ? unavailable : real.update(email, body)),
    });
    const world = await linked({ wrap });
    world.database.putPortalDocument('ann', { ...annDocument, lastName: 'Leigh' });
    expect(await world.push('ann')).toMatchObject([{ outcome: 'failed', disposition: 'retry' }]);
    const link = world.database.linkOf(ann);
    expect(link).toMatchObject({ failure: { kind: 'transient', attempts: 1 } });
    expect(link?.due).toBeGreaterThan(Date.now());
    down = false;
    const run = await world.run({ mode: 'incremental' });
    expect(run.mode).toBe('incremental');
    await world.push('ann');
    expect(developer(world)?.lastName).toBe('Leigh');
    const healed = world.database.linkOf(ann);
    expect([healed?.failure, healed?.due]).toEqual([undefined, undefined]);
  });

  test('lets two handlers at once write one person once, and loses neither edit (rule 21)', async () => {
    const world = await linked();
    world.database.putPortalDocument('ann', { ...annDocument, lastName: 'Leigh' });
    await Promise.all([world.push('ann'), world.push('ann'), world.push('ann')]);
    expect(world.calls).toMatchObject({ update: 1 });
    expect(developer(world)?.lastName).toBe('Leigh');
  });

  test('goes round again for an edit made while it worked (rule 21)', async () => {
    let edit: (() => void) | undefined;
    const wrap = (real: Developers): Developers => ({
      ...real,
      async update(email, body) {
        edit?.();
        edit = undefined;
        return real.update(email, body);
      },
    });
    const world = await linked({ wrap });
    world.database.putPortalDocument('ann', { ...annDocument, lastName: 'Leigh' });
    edit = () => world.database.putPortalDocument('ann', { ...annDocument, lastName: 'Lea' });
    await world.push('ann');
    expect(developer(world)?.lastName).toBe('Lea');
    expect(world.calls.update).toBe(2);
  });

  test('touches nobody outside the filter', async () => {
    const world = inProcess({ env: { PORTAL_FILTER: '@corp\\.example$' } });
    world.database.putPortalDocument('ann', annDocument);
    world.developers.seed({ email: 'dev@example.com', firstName: 'D', lastName: 'E' });
    expect(await world.push('ann')).toEqual([]);
    const run = await world.run();
    expect(run.totals?.counts.seen).toBe(0);
    expect(world.database.allLinks()).toEqual([]);
    expect(world.calls).toMatchObject({ create: 0, update: 0 });
  });
});
