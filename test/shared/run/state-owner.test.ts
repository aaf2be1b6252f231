import { describe, expect, test } from 'vitest';
import { handleFanOut, handlePortalEdit, handleReconcileBatch } from '../../../shared/wiring/handlers.ts';
import { newMeter } from '../../../shared/state/meter.ts';
import type { Control } from '../../../shared/state/control.ts';
import { commandWorld } from '../../cli/command-world.ts';
import { crowd, documentOf, emailOf, idOf } from '../../support/crowd.ts';
import { inProcess, type InProcess } from '../../support/in-process.ts';

const event = { type: 'google.cloud.firestore.document.v1.written', document: `portalUsers/${idOf(0)}` };
const controlOf = (world: InProcess): Promise<Control> => world.services.runs(newMeter()).control();
const owner = { type: 'x', org: 'acme', project: 'demo', database: '(default)', collection: 'portalUsers' } as const;

/** Everything that is stored on either side, and which calls were made. */
async function everything(world: InProcess): Promise<unknown> {
  return structuredClone([
    world.database.portalDocuments(),
    [...world.database.links.after(undefined)],
    world.database.runs,
    world.developers.all(),
  ]);
}

const wrong = [
  { APIGEE_ORG: 'acne' },
  { APIGEE_TYPE: 'edge' },
  { PORTAL_COLLECTION: 'users' },
  { FIRESTORE_DATABASE: 'copy' },
  { GOOGLE_CLOUD_PROJECT: 'staging' },
] as const;

describe('state belongs to one organisation and one collection (rule 38)', () => {
  test.each(wrong)('with %j nothing is done and nothing is acknowledged, until that is put right', async (env) => {
    const world = inProcess();
    await crowd(world, 3);
    world.database.putPortalDocument(idOf(0), { ...documentOf(0), firstName: 'Edited' });
    const [request] = [await requestOf(world)];
    const before = await everything(world);

    const mistaken = inProcess({ env, sharing: world });
    expect(await handlePortalEdit(mistaken.services, event)).toBe('again');
    expect(await handleFanOut(mistaken.services, request.body)).toBe('again');
    expect(await handleFanOut(mistaken.services, 'no message at all')).toBe('again');
    expect(await handleReconcileBatch(mistaken.services, {})).toBe('again');
    expect(await everything(world)).toEqual(before);
    expect(mistaken.calls).toEqual({ list: 0, get: 0, create: 0, update: 0, status: 0, delete: 0 });
    const [entry] = mistaken.logs;
    expect(entry).toMatchObject({ event: 'settings_refused', severity: 'ERROR' });
    expect(entry?.message).toContain(`another ${Object.keys(env).join('')}:`);

    expect(await handlePortalEdit(world.services, event)).toBe('done');
    expect(world.developers.all().find(({ email }) => email === emailOf(0))?.firstName).toBe('Edited');
  });

  test.each([
    ['status'],
    ['explain', emailOf(0)],
    ['holds'],
    ['holds', 'approve', 'run-1'],
    ['holds', 'release', emailOf(0)],
    ['sync'],
    ['sync', '--background'],
    ['sync', emailOf(0)],
    ['verify'],
    ['replay'],
  ])('devsync %s %s %s says with which settings the state was made, and what to set', async (...args) => {
    const world = inProcess();
    await crowd(world, 2);
    const before = await everything(world);
    const mistaken = commandWorld({ env: { APIGEE_ORG: 'acne', PORTAL_COLLECTION: 'users' }, sharing: world });
    const { code, out, err } = await mistaken.devsync(...args);
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).toBe(
      'The state of STATE_PREFIX=developerSync was made with APIGEE_ORG=acme PORTAL_COLLECTION=portalUsers, so that ' +
        'nothing was done: set that, or another STATE_PREFIX. docs/runbook.md says how these settings can take the ' +
        'state over\n',
    );
    expect(mistaken.queue).toEqual([]);
    expect(await everything(world)).toEqual(before);
  });

  test('the first use says whose state it is, and one that an earlier version left is taken over', async () => {
    const world = inProcess();
    expect((await controlOf(world)).owner).toBeUndefined();
    await handlePortalEdit(world.services, event);
    expect((await controlOf(world)).owner).toEqual(owner);

    await world.run();
    const { owner: _, ...earlier } = await controlOf(world);
    await world.services
      .runs(newMeter())
      .updateControl(() => ({ control: { ...earlier, owner: undefined }, result: 0 }));
    const upgraded = inProcess({ sharing: world });
    expect((await upgraded.run({ mode: 'incremental' })).state).toBe('done');
    expect(await controlOf(world)).toMatchObject({ owner, lastFull: earlier.lastFull });
  });

  test('what only looks claims nothing', async () => {
    const world = commandWorld({ env: { APIGEE_ORG: 'acne' } });
    for (const args of [['status'], ['explain', emailOf(0)], ['holds'], ['verify']]) await world.devsync(...args);
    expect((await controlOf(world)).owner).toBeUndefined();
    expect(await handlePortalEdit(inProcess({ sharing: world }).services, event)).toBe('done');
  });

  test('of two processes that begin at once, one gets the state', async () => {
    const one = inProcess();
    const other = inProcess({ env: { APIGEE_ORG: 'other' }, sharing: one });
    const answers = [one, other].map(({ services }) => handlePortalEdit(services, event));
    expect((await Promise.all(answers)).toSorted()).toEqual(['again', 'done']);
  });

  test('a hybrid organisation that was taken for one of X is the same organisation', async () => {
    const world = inProcess();
    await world.run();
    expect(await handlePortalEdit(inProcess({ env: { APIGEE_TYPE: 'hybrid' }, sharing: world }).services, event)).toBe(
      'done',
    );
  });

  test('a process asks once, and a mistaken one again and again', async () => {
    const world = inProcess();
    await crowd(world, 1);
    const cost = async ({ services }: InProcess): Promise<number> => {
      const meter = newMeter();
      await services.guard.claim(services.runs(meter));
      return meter.bookkeeping;
    };
    const fresh = inProcess({ sharing: world });
    expect([await cost(fresh), await cost(fresh)]).toEqual([1, 0]);
    const mistaken = inProcess({ env: { APIGEE_ORG: 'acne' }, sharing: world });
    expect([await cost(mistaken), await cost(mistaken)]).toEqual([1, 1]);
  });
});

/** A sync request as it would be delivered; the queue is left as it was. */
async function requestOf({ services, queue }: InProcess) {
  await services.publisher.requestSync({ mode: 'full', dryRun: false, reason: undefined }, 'run-x');
  const message = queue.pop();
  if (message === undefined) throw new Error('nothing was published');
  return message;
}
