import { describe, expect, test } from 'vitest';
import type { CanonicalEmail } from '../../../shared/core/model/email.ts';
import { newLink, type Link } from '../../../shared/core/model/link.ts';
import { newMeter } from '../../../shared/state/meter.ts';
import { inProcess, type InProcess } from '../../support/in-process.ts';
import { manualClock } from '../../support/manual-clock.ts';
import { ann, annDocument, developer, linked } from './ann.ts';

const hour = 3_600_000;

describe('a changed email', () => {
  test('on X, holds a changed email and lets the profile flow under the old one (rule 17)', async () => {
    const world = await linked();
    const renamed = { ...annDocument, email: 'ann@new.example.com', firstName: 'Anne' };
    world.database.putPortalDocument('ann', renamed);
    await world.push('ann');
    expect(developer(world)).toMatchObject({ firstName: 'Anne' });
    expect(world.developers.all()).toHaveLength(1);
    const run = await world.run();
    expect(run.totals?.counts).toMatchObject({ seen: 1, held: 1 });
    expect(world.developers.all()).toHaveLength(1);
    expect(world.database.portalDocuments()).toHaveLength(1);
    expect((await world.run()).totals?.traffic.writes).toBe(0);
    world.database.putPortalDocument('ann', { ...renamed, email: ann });
    await world.push('ann');
    expect((await world.run()).totals?.counts).toMatchObject({ seen: 1, unchanged: 1 });
  });

  test('on X, lets nobody appear under the email that a held user moved to (rule 17)', async () => {
    const world = await linked();
    world.database.putPortalDocument('ann', { ...annDocument, email: 'Ann@New.example.com' });
    await world.push('ann');
    world.developers.seed({ email: 'ann@new.example.com', firstName: 'Someone', lastName: 'Else' });
    const run = await world.run();
    expect(run.totals?.counts).toMatchObject({ seen: 2, held: 2 });
    expect(world.database.portalDocuments()).toHaveLength(1);
    expect((await world.run()).totals?.traffic.writes).toBe(0);
  });

  test('on X, finds a developer whose creation under the new email went unheard (rules 17, 24)', async () => {
    const clock = manualClock(Date.now());
    let isHeard = false;
    const world = await linked({
      clock,
      wrap: (developers) => ({
        ...developers,
        async create(body) {
          const answer = await developers.create(body);
          if (isHeard) return answer;
          isHeard = true;
          const message = 'create: no answer';
          const error = {
            kind: 'unavailable',
            operation: 'create',
            status: undefined,
            code: undefined,
            message,
          } as const;
          return { ok: false, error: { ...error, ambiguous: true } };
        },
      }),
    });
    world.developers.remove(ann);
    world.database.putPortalDocument('ann', { ...annDocument, email: 'anne@example.com' });
    clock.advance(hour);
    await world.run();
    for (let delivery = 0; delivery < 3; delivery += 1) {
      await world.push('ann');
      clock.advance(hour);
    }
    expect(await world.push('ann')).toMatchObject([{ outcome: 'unchanged', disposition: 'final' }]);
    expect(world.developers.all()).toMatchObject([{ email: 'anne@example.com' }]);
    expect((await world.run()).totals?.counts).toMatchObject({ seen: 1, unchanged: 1 });
    expect((await world.run()).totals?.traffic.writes).toBe(0);
  });

  test('on Edge, renames the developer in place (rule 17)', async () => {
    const world = await linked({ env: { APIGEE_TYPE: 'edge' } });
    world.database.putPortalDocument('ann', { ...annDocument, email: 'ann@new.example.com', firstName: 'Anne' });
    await world.push('ann');
    expect(world.developers.all()).toMatchObject([{ email: 'ann@new.example.com', firstName: 'Anne' }]);
    const run = await world.run();
    expect(run.totals?.counts).toMatchObject({ seen: 1, unchanged: 1 });
    expect((await world.run()).totals?.traffic.writes).toBe(0);
    expect(world.database.portalDocuments()).toHaveLength(1);
  });

  test('on Edge, holds a rename to an email that another developer has (rule 17)', async () => {
    const world = await linked({ env: { APIGEE_TYPE: 'edge' } });
    world.developers.seed({ email: 'bob@example.com', firstName: 'Bob', lastName: 'B' });
    world.database.putPortalDocument('ann', { ...annDocument, email: 'bob@example.com' });
    await world.push('ann');
    expect(world.database.linkOf(ann)?.hold?.reason).toBe('rename-collision');
    expect(developer(world)).toBeDefined();
    await world.run();
    expect(world.developers.all()).toHaveLength(2);
    expect(world.database.portalDocuments()).toHaveLength(1);
    expect((await world.run()).totals?.traffic.writes).toBe(0);
  });

  test('of somebody without a developer is pushed to the new email at once (rules 2, 17)', async () => {
    const world = inProcess();
    world.database.putPortalDocument('ann', { ...annDocument, firstName: '' });
    await world.push('ann');
    expect(world.database.linkOf(ann)?.failure).toBeDefined();
    world.database.putPortalDocument('ann', { ...annDocument, email: 'ann@new.example.com' });
    const results = await world.push('ann');
    expect(results.map(({ outcome }) => outcome)).toContain('created-apigee');
    expect(world.developers.all()).toMatchObject([{ email: 'ann@new.example.com', firstName: 'Ann' }]);
  });

  test("on Edge, takes nobody's place who appeared under the new email meanwhile (rules 17, 22)", async () => {
    const other = 'ann@new.example.com' as CanonicalEmail;
    const world: InProcess = await linked({
      env: { APIGEE_TYPE: 'edge' },
      // Between the rename in Apigee and the record of it, a run makes a link of the other user's.
      wrap: (developers) => ({
        ...developers,
        async update(email, body) {
          const answer = await developers.update(email, body);
          world.database.putPortalDocument('bob', { ...annDocument, email: other, firstName: 'Bob' });
          const people = world.services.people(newMeter());
          const link: Link = { ...newLink(other), presence: 'portal', userId: 'bob', due: 0 };
          await people.transact({ links: [other], userIds: [] }, () => ({ result: undefined, links: [link] }));
          return answer;
        },
      }),
    });
    world.database.putPortalDocument('ann', { ...annDocument, email: other });
    await world.push('ann');
    expect(world.database.linkOf(other)).toMatchObject({ userId: 'bob' });
    expect(world.database.linkOf(ann)).toMatchObject({ userId: 'ann', hold: { reason: 'rename-collision' } });
  });
});
