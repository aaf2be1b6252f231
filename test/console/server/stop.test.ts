import { describe, expect, test } from 'vitest';
import { crowd } from '../../support/crowd.ts';
import { inProcess } from '../../support/in-process.ts';
import { talk } from './talk.ts';

const reason = 'wrong mapping';

describe('stopping and resuming', () => {
  test('an admin stops every write, everybody sees who did it and why, and resuming lets runs go on (rules 33, 39)', async () => {
    const { call, world } = talk();
    await world.run();
    expect((await call('status', { as: 'viewer' })).value.stopped).toBeNull();
    expect(await call('stopWrites', { body: { reason } })).toMatchObject({ status: 200 });
    expect((await call('status', { as: 'viewer' })).value).toMatchObject({
      state: 'stopped',
      stopped: { by: 'admin@example.org', reason, at: expect.any(Number) },
    });
    const again = await call('stopWrites', { body: { reason: 'another reason' } });
    expect(again.value.words.join(' ')).toContain(reason);
    const run = { mode: 'full', dryRun: false, reason } as const;
    expect(await call('requestRun', { body: run })).toMatchObject({ status: 422, problem: { kind: 'refused' } });
    expect(await call('resumeWrites', { body: { reason: 'mended' } })).toMatchObject({ status: 200 });
    expect((await call('status')).value.stopped).toBeNull();
    expect(await call('requestRun', { body: run })).toMatchObject({ status: 200 });
    const records = await world.services.audit.recent({ before: undefined, limit: 4 });
    expect(records.map((it) => [it.action, it.reason]).toReversed()).toEqual([
      ['stop', reason],
      ['stop', 'another reason'],
      ['resume', 'mended'],
      ['request-run', reason],
    ]);
    expect((await call('resumeWrites', { body: { reason } })).value.words).toEqual(['Nothing was stopped.']);
  });

  test('both need a reason', async () => {
    const { call } = talk();
    for (const name of ['stopWrites', 'resumeWrites'] as const)
      expect(await call(name, { body: { reason: '' } })).toMatchObject({ status: 400 });
  });
});

describe('cancelling a run', () => {
  test('ends one that is under way as failed, with who and why, also while everything is stopped', async () => {
    const world = inProcess();
    await crowd(world, 3);
    const { call } = talk(world);
    const { runId } = (await call('requestRun', { body: { mode: 'full', dryRun: false, reason } })).value;
    const [request] = world.queue.splice(0, 1);
    if (request !== undefined) await world.deliver(request);
    await call('stopWrites', { body: { reason } });
    const params = { runId };
    expect((await call('run', { params })).value.progress).toMatchObject({
      waitsFor: 'an admin to resume: every write is stopped',
      stalled: false,
    });
    const done = await call('cancelRun', { as: 'operator', params, body: { reason: 'by mistake' } });
    expect(done.value.words.join(' ')).toContain('is cancelled');
    const { value } = await call('run', { params });
    expect(value.run).toMatchObject({ state: 'failed', problem: expect.stringContaining('operator@example.org') });
    expect(value.run.problem).toContain('by mistake');
    expect(await call('cancelRun', { params, body: { reason } })).toMatchObject({
      status: 422,
      problem: { kind: 'refused' },
    });
  });

  test('of a run that is not there is not found', async () => {
    const { call } = talk();
    expect(await call('cancelRun', { params: { runId: 'none' }, body: { reason } })).toMatchObject({ status: 404 });
  });
});
