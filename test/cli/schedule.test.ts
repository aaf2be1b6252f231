import { describe, expect, test } from 'vitest';
import type { OpenScheduler, ScheduledJob } from '../../shared/operator/actions/schedule.ts';
import { inProcess } from '../support/in-process.ts';
import { commandWorld, say, type Said } from './command-world.ts';

const env = { GOOGLE_CLOUD_PROJECT: 'acme-portal', GOOGLE_CLOUD_REGION: 'europe-west1' };

/** Cloud Scheduler with two jobs, noting what is asked of it. */
function fakeScheduler(names: readonly string[] = ['developer-sync-incremental', 'developer-sync-full']) {
  const calls: string[] = [];
  const jobs = new Map(
    names.map((name): [string, ScheduledJob] => [
      name,
      {
        state: 'ENABLED',
        schedule: '*/15 * * * *',
        timeZone: 'Etc/UTC',
        next: 1_700_000_000_000,
        lastAttempt: undefined,
      },
    ]),
  );
  const openScheduler: OpenScheduler = async ({ project, location }) => {
    calls.push(`open ${project} ${location}`);
    const change = (call: string, state?: string) => async (name: string) => {
      calls.push(`${call} ${name}`);
      const job = jobs.get(name);
      if (job !== undefined && state !== undefined) jobs.set(name, { ...job, state });
      return jobs.get(name);
    };
    return {
      get: change('get'),
      pause: change('pause', 'PAUSED'),
      resume: change('resume', 'ENABLED'),
      run: change('run'),
      close: async () => void calls.push('close'),
    };
  };
  const { services } = inProcess();
  const openServices = async () => services;
  const schedule = (...args: readonly string[]): Promise<Said> =>
    say(['schedule', ...args], { env: { ...env, USER: 'opal' }, openScheduler, openServices });
  return { calls, schedule, openScheduler, services };
}

describe('devsync schedule', () => {
  test('shows both jobs, also without an action', async () => {
    const { schedule, calls } = fakeScheduler();
    const { code, out } = await schedule();
    expect(code).toBe(0);
    expect(out).toBe(
      'developer-sync-incremental: enabled, */15 * * * * (Etc/UTC), never run, next 2023-11-14T22:13:20Z\n' +
        'developer-sync-full: enabled, */15 * * * * (Etc/UTC), never run, next 2023-11-14T22:13:20Z\n',
    );
    expect(await schedule('show')).toMatchObject({ code: 0, out });
    expect(calls[0]).toBe('open acme-portal europe-west1');
    expect(calls.at(-1)).toBe('close');
  });

  test('tells scripts the same, and of a job that is not there that it is not', async () => {
    const { schedule } = fakeScheduler(['developer-sync-full']);
    const { code, out } = await schedule('--json');
    expect(code).toBe(1);
    expect(JSON.parse(out)).toEqual({
      jobs: [
        {
          name: 'developer-sync-incremental',
          state: null,
          schedule: null,
          timeZone: null,
          next: null,
          lastAttempt: null,
        },
        {
          name: 'developer-sync-full',
          state: 'ENABLED',
          schedule: '*/15 * * * *',
          timeZone: 'Etc/UTC',
          next: '2023-11-14T22:13:20.000Z',
          lastAttempt: null,
        },
      ],
    });
  });

  test('pauses and resumes both jobs', async () => {
    const { schedule, calls } = fakeScheduler();
    const paused = await schedule('pause');
    expect(paused.out).toMatch(/developer-sync-full: paused/u);
    expect(paused.out).not.toContain('next');
    expect((await schedule('resume')).out).toMatch(/developer-sync-full: enabled/u);
    expect(calls).toContain('pause developer-sync-incremental');
  });

  test('runs the incremental job now, and only that', async () => {
    const { schedule, calls } = fakeScheduler();
    expect((await schedule('run')).out).toContain('has sent its request');
    expect(calls.filter((call) => call.startsWith('run'))).toEqual(['run developer-sync-incremental']);
  });

  test('takes other names and another location', async () => {
    const { schedule, calls } = fakeScheduler(['a', 'b']);
    expect((await schedule('show', '--location', 'us-east1', '--incremental-job', 'a', '--full-job', 'b')).code).toBe(
      0,
    );
    expect(calls).toEqual(['open acme-portal us-east1', 'get a', 'get b', 'close']);
  });

  test('a job that does not exist is said to be missing: exit 1', async () => {
    const { code, out } = await fakeScheduler(['developer-sync-incremental']).schedule('pause');
    expect(code).toBe(1);
    expect(out).toContain('developer-sync-full: there is no such job in acme-portal, europe-west1');
  });

  test('asks for what it has to know, and needs no other setting', async () => {
    const { openScheduler } = fakeScheduler();
    const without = async (name: string): Promise<string> =>
      (await say(['schedule'], { env: { ...env, [name]: undefined }, openScheduler })).err;
    expect(await without('GOOGLE_CLOUD_PROJECT')).toContain('GOOGLE_CLOUD_PROJECT is not set');
    expect(await without('GOOGLE_CLOUD_REGION')).toContain('--location');
  });

  test('who pauses, resumes or runs it is recorded with the reason before anything is done (rule 39)', async () => {
    const { schedule, services, calls } = fakeScheduler(['developer-sync-incremental']);
    await schedule('pause', '--reason', 'import of the weekend');
    await schedule('run');
    await schedule('show');
    expect(await services.audit.recent({ before: undefined, limit: 9 })).toMatchObject([
      { action: 'run-schedule', end: { state: 'done' } },
      {
        action: 'pause-schedule',
        reason: 'import of the weekend',
        operator: { name: expect.stringMatching(/^opal@/) },
        end: { state: 'failed', words: 'one of the jobs is not there' },
      },
    ]);
    calls.length = 0;
    services.audit.begin = () => Promise.reject(new Error('the store is away'));
    expect((await schedule('resume')).code).toBe(1);
    expect(calls).toEqual([]);
  });

  test('the local stack has no scheduler, and it says so', async () => {
    const { code, err } = await commandWorld().devsync('schedule', 'pause');
    expect(code).toBe(1);
    expect(err).toContain('The local stack has no schedule');
  });
});
