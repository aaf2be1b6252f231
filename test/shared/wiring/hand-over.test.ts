import { describe, expect, test } from 'vitest';
import { handOver, isTooMany, mostWaiting } from '../../../shared/wiring/hand-over.ts';
import { newPulls } from '../../../shared/wiring/pulls.ts';
import { pullAllowance } from '../../../shared/wiring/allowances.ts';
import { openSession } from '../../../shared/wiring/services.ts';
import { crowd, emailOf, idOf } from '../../support/crowd.ts';
import { inProcess } from '../../support/in-process.ts';
import { manualClock } from '../../support/manual-clock.ts';
import { deliverEntry, pullEnv, saveInApigee } from '../../support/pulling.ts';

describe('more edits in Apigee than are looked at one by one (rule 40)', () => {
  test('are brought over by one run, and each of them arrives', { timeout: 120_000 }, async () => {
    const world = inProcess({ env: pullEnv });
    const count = mostWaiting + 60;
    await crowd(world, count);
    const saved = Array.from({ length: count }, (_, index) =>
      saveInApigee(world, { email: emailOf(index), firstName: `New${String(index)}` }),
    );
    world.logs.splice(0);
    world.calls.get = 0;
    const answers = await Promise.all(
      saved.map((entry, index) => deliverEntry(world, 'UpdateDeveloper', emailOf(index), entry)),
    );
    expect(new Set(answers)).toEqual(new Set(['done']));
    expect(world.calls.get).toBeLessThanOrEqual(mostWaiting);
    expect(world.queue).toHaveLength(1);
    expect(world.logs.filter(({ event }) => event === 'pull_handed_over')).toHaveLength(1);
    await world.drain();
    for (const index of saved.keys())
      expect(world.user(idOf(index))).toMatchObject({ firstName: `New${String(index)}` });
  });

  test('and deletions, states and attributes, which an incremental run does not find, wait for their turn', () => {
    const isLeft = (does: Parameters<typeof isTooMany>[1]['does'], waiting: number) => isTooMany({ waiting }, { does });
    expect(isLeft('update', mostWaiting)).toBe(false);
    expect(isLeft('update', mostWaiting + 1)).toBe(true);
    expect(isLeft('create', mostWaiting + 1)).toBe(true);
    for (const does of ['attributes', 'status', 'delete'] as const) expect(isLeft(does, 10_000)).toBe(false);
  });

  test('ask for another run once the one before has begun, and never for two that wait', async () => {
    const clock = manualClock();
    const world = inProcess({ env: pullEnv, clock });
    const session = openSession(world.services, pullAllowance);
    const pulls = newPulls();
    await Promise.all([handOver(pulls, session), handOver(pulls, session), handOver(pulls, session)]);
    await handOver(pulls, session);
    expect(world.queue).toHaveLength(1);
    await world.drain();
    clock.advance(1);
    await handOver(pulls, session);
    expect(world.queue).toHaveLength(1);
    // A request that was lost makes no run, and is made again.
    world.queue.splice(0);
    clock.advance(61_000);
    await handOver(pulls, session);
    expect(world.queue).toHaveLength(1);
  });

  test('are looked at by an operator first where a scheduled run would be (APPROVAL)', async () => {
    const world = inProcess({ env: { ...pullEnv, APPROVAL: 'first-run' } });
    world.developers.seed({ email: emailOf(1) });
    const pulls = newPulls();
    await handOver(pulls, openSession(world.services, pullAllowance));
    await world.drain();
    const run = await openSession(world.services, pullAllowance).runs.get(pulls.handedTo ?? '');
    expect(run).toMatchObject({ state: 'held', mode: 'full', gate: { review: true, planned: 1 } });
    expect(world.database.portalDocuments()).toEqual([]);
  });

  test('that cannot ask for a run come again', async () => {
    const world = inProcess({ env: pullEnv });
    const pulls = newPulls();
    const session = openSession(world.services, pullAllowance);
    const publisher = { ...session.publisher, requestSync: () => Promise.reject(new Error('away')) };
    const both = [handOver(pulls, { ...session, publisher }), handOver(pulls, { ...session, publisher })];
    expect((await Promise.allSettled(both)).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    await handOver(pulls, session);
    expect(world.queue).toHaveLength(1);
  });
});
