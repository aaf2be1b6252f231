import { describe, expect, test } from 'vitest';
import { approveHeldRun, releaseHeldPerson } from '../../../../shared/operator/actions/holds.ts';
import { refusalWords } from '../../../../shared/operator/words/refusals.ts';
import { crowd, deleteUsers, documentOf, emailOf } from '../../../support/crowd.ts';
import { inProcess } from '../../../support/in-process.ts';
import { manualClock } from '../../../support/manual-clock.ts';
import { email } from '../../state/samples.ts';

const day = 24 * 60 * 60_000;

describe('approving a held run', () => {
  test('answers the run, when it began, and that it had been approved before', async () => {
    const clock = manualClock();
    const world = inProcess({ clock, env: { DESTRUCTIVE_LIMIT: '0' } });
    await crowd(world, 2);
    deleteUsers(world, 0, 1);
    const began = clock.now();
    const { runId } = await world.run();
    clock.advance(day);
    expect(await approveHeldRun(world.services, runId)).toMatchObject({
      kind: 'approved',
      run: { runId, state: 'queued' },
      beganAt: began,
      again: false,
    });
    await world.drain();
    expect(await approveHeldRun(world.services, runId)).toMatchObject({ kind: 'approved', again: true });
  });

  test('is refused with the reason as a value, for a run that cannot be approved', async () => {
    const clock = manualClock();
    const world = inProcess({ clock, env: { DESTRUCTIVE_LIMIT: '0' } });
    await crowd(world, 2);
    const refused = async (runId: string): Promise<unknown> => {
      const answer = await approveHeldRun(world.services, runId);
      return answer.kind === 'refused' ? answer.reason : answer;
    };
    const done = await world.run();
    deleteUsers(world, 0, 1);
    const dry = await world.run({ dryRun: true });
    const held = await world.run();
    clock.advance(8 * day);
    expect(await refused('nothing')).toEqual({ kind: 'run-unknown', runId: 'nothing' });
    expect(await refused(done.runId)).toEqual({ kind: 'run-not-held', runId: done.runId, state: 'done' });
    expect(await refused(dry.runId)).toEqual({ kind: 'run-dry', runId: dry.runId });
    expect(await refused(held.runId)).toEqual({ kind: 'run-too-old', runId: held.runId });
  });
});

describe('releasing a held person', () => {
  test('answers what became of the person, and what still holds them', async () => {
    const world = inProcess();
    await crowd(world, 1);
    world.database.putPortalDocument('twin', documentOf(0));
    await world.run();
    const key = email(emailOf(0));
    expect(await releaseHeldPerson(world.services, key)).toMatchObject({
      kind: 'looked-at',
      was: 'portal-collision',
      result: { outcome: 'held' },
      hold: { reason: 'portal-collision' },
    });
    world.database.deletePortalDocument('twin');
    expect(await releaseHeldPerson(world.services, key)).toMatchObject({
      result: { outcome: 'unchanged' },
      hold: undefined,
    });
  });

  test('is refused for a person who is not held, and for nobody', async () => {
    const world = inProcess();
    const { services, database } = world;
    const known = email('known@example.com');
    database.putPortalDocument('known', { email: known, firstName: 'K', lastName: 'N' });
    await world.run();
    const answer = await releaseHeldPerson(services, known);
    expect(answer).toEqual({ kind: 'refused', reason: { kind: 'person-not-held', key: known } });
    if (answer.kind === 'refused')
      expect(refusalWords(answer.reason)).toBe('known@example.com is not held: nothing was released');
    const key = email('nobody@example.com');
    expect(await releaseHeldPerson(services, key)).toEqual({
      kind: 'refused',
      reason: { kind: 'person-unknown', key },
    });
  });
});
