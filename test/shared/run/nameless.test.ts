import { expect, test } from 'vitest';
import { inProcess } from '../../support/in-process.ts';
import { manualClock } from '../../support/manual-clock.ts';
import { annDocument } from '../sync/ann.ts';

test('a document that got an email is one person, under that email (rules 18, 26)', async () => {
  const world = inProcess();
  world.database.putPortalDocument('odd', { ...annDocument, email: 'nobody' });
  expect((await world.run()).totals?.counts).toMatchObject({ seen: 1, failed: 1 });
  expect((await world.run()).totals).toMatchObject({ counts: { seen: 1, failed: 1 }, traffic: { writes: 0 } });
  world.database.putPortalDocument('odd', annDocument);
  const run = await world.run();
  expect(run.totals?.counts).toMatchObject({ seen: 1, created: { apigee: 1 }, unchanged: 0 });
  expect(world.database.allLinks().map(({ key }) => key)).toEqual([annDocument.email]);
  expect((await world.run()).totals).toMatchObject({ counts: { seen: 1, unchanged: 1 }, traffic: { writes: 0 } });
});

test('a document without an email that is gone is nobody any more (rules 18, 26)', async () => {
  const world = inProcess();
  world.database.putPortalDocument('odd', { ...annDocument, email: 'nobody' });
  await world.run();
  world.database.deletePortalDocument('odd');
  expect((await world.run()).totals?.counts).toMatchObject({ seen: 0, failed: 0 });
  expect(world.database.allLinks()).toEqual([]);
});

test('a document that got an email has a developer after a run, wherever its push crashed (rules 3, 24)', async () => {
  for (let at = 0; at < 8; at += 1) {
    let effects = 0;
    let armed = false;
    const clock = manualClock(Date.now());
    const world = inProcess({
      async around(_, happen) {
        if (!armed) return happen();
        effects += 1;
        if (effects > at) throw new Error('a crash');
        return happen();
      },
      clock,
    });
    world.database.putPortalDocument('odd', { ...annDocument, email: 'nobody' });
    await world.run();
    world.database.putPortalDocument('odd', annDocument);
    armed = true;
    await world.push('odd').catch(() => undefined);
    armed = false;
    // A crashed process leaves its lease to run out.
    clock.advance(3_600_000);
    await world.run();
    expect([at, world.developers.all().length]).toEqual([at, 1]);
    expect((await world.run()).totals).toMatchObject({ counts: { seen: 1, unchanged: 1 }, traffic: { writes: 0 } });
  }
});
