import { describe, expect, test } from 'vitest';
import type { Change } from '../../../shared/core/model/change.ts';
import { inProcess, type InProcess } from '../../support/in-process.ts';
import { manualClock } from '../../support/manual-clock.ts';
import { ann, annDocument, linked, unheard } from './ann.ts';

const kept = (world: InProcess): Promise<readonly Change[]> =>
  world.services.changes.ofPerson(ann, { before: undefined, limit: 100 });

describe('what is changed is kept, with the values before and after (rule 34)', () => {
  test('a push that changes a name', async () => {
    const world = await linked();
    const before = await kept(world);
    world.database.putPortalDocument('ann', { ...annDocument, firstName: 'Annie' });
    await world.push('ann');
    const [change, ...rest] = await kept(world);
    expect(rest).toEqual(before);
    expect(change).toMatchObject({
      by: { kind: 'push' },
      situation: 'portal-changed',
      userId: 'ann',
      acts: { portal: undefined, apigee: 'updated' },
      fields: [{ side: 'apigee', field: 'firstName', before: annDocument.firstName, after: 'Annie' }],
    });
  });

  test('a push and a run that change nothing keep nothing (rule 12)', async () => {
    // The run that brings two alike together writes a link, and changes nobody.
    const world = await linked();
    const before = await kept(world);
    expect(before).toEqual([]);
    await world.push('ann');
    await world.run();
    world.database.putPortalDocument('ann', { ...annDocument, somethingElse: 1 });
    await world.push('ann');
    expect(await kept(world)).toEqual(before);
  });

  test('a push that writes nothing but the link keeps nothing (rule 12)', async () => {
    const world = await linked({ env: { PORTAL_DELETE_POLICY: 'keep' } });
    world.database.deletePortalDocument('ann');
    await world.push('ann');
    expect(world.database.linkOf(ann)?.tombstone).toMatchObject({ side: 'portal' });
    expect(await kept(world)).toEqual([]);
  });

  test('a run that changes the portal user names the run', async () => {
    const world = await linked();
    const found = await world.developers.get(ann);
    if (!found.ok || found.value === undefined) throw new Error('there is no developer');
    await world.developers.update(ann, { ...found.value, userName: ann, firstName: 'Ann', lastName: 'Smith' });
    const run = await world.run();
    expect((await kept(world))[0]).toMatchObject({
      by: { kind: 'run', runId: run.runId },
      acts: { portal: 'updated', apigee: undefined },
      fields: [{ side: 'portal', field: 'lastName', after: 'Smith' }],
    });
  });

  test('a creation, with everything that the new record has', async () => {
    const world = inProcess();
    world.database.putPortalDocument('ann', annDocument);
    await world.push('ann');
    const created = (await kept(world)).at(-1);
    expect(created?.acts).toEqual({ portal: undefined, apigee: 'created' });
    expect(created?.developerId).toBeDefined();
    expect(created?.fields.map(({ field, before }) => [field, before])).toContainEqual(['email', undefined]);
    expect(created?.fields).toContainEqual({ side: 'apigee', field: 'status', before: undefined, after: 'active' });
  });

  test('a dry run changes nobody, and keeps what it would change as its plan (rule 36)', async () => {
    const world = await linked();
    const before = await kept(world);
    world.database.putPortalDocument('ann', { ...annDocument, firstName: 'Annie' });
    const { runId } = await world.run({ dryRun: true });
    expect(await kept(world)).toEqual(before);
    const planned = await world.services.planned(runId).ofPerson(ann, { before: undefined, limit: 10 });
    expect(planned.map(({ fields }) => fields)).toEqual([
      [{ side: 'apigee', field: 'firstName', before: annDocument.firstName, after: 'Annie' }],
    ]);
  });

  test('a write of ours of which nobody had heard is kept once it is found, and once only', async () => {
    let isHeard = true;
    const clock = manualClock(Date.now());
    const world = await linked({
      clock,
      wrap: (developers) => ({
        ...developers,
        async update(email, draft) {
          const answer = await developers.update(email, draft);
          return isHeard ? answer : unheard('update');
        },
      }),
    });
    const before = (await kept(world)).length;
    world.database.putPortalDocument('ann', { ...annDocument, firstName: 'Annie' });
    isHeard = false;
    await world.push('ann');
    expect(await kept(world)).toHaveLength(before);
    isHeard = true;
    clock.advance(3_600_000);
    await world.push('ann');
    await world.run();
    const [change, ...rest] = await kept(world);
    expect(rest).toHaveLength(before);
    expect(change?.fields).toEqual([
      { side: 'apigee', field: 'firstName', before: annDocument.firstName, after: 'Annie' },
    ]);
  });
});
