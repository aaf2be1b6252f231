import type { ScheduledJob as JobAnswer } from '../../api/answers/session.ts';
import type { AuditAction } from '../../../shared/state/audit.ts';
import { audited, type Acting } from '../../../shared/operator/actions/audited.ts';
import { actOnSchedule, type JobAfterAction, type ScheduleAction } from '../../../shared/operator/actions/schedule.ts';
import { jobWords } from '../../../shared/operator/words/runs.ts';
import { answer, refused, type Handler } from '../asked.ts';
import type { Desk, Schedule } from '../desk.ts';

const none = 'There is no schedule here: the local stack makes runs only when asked';
const missing = 'there is no such job: deploy the schedule, or name the jobs as they are called';

export const schedule: Handler<'schedule'> = async ({ desk }) => {
  const { schedule: offered } = desk.offers;
  if (offered === undefined) return answer({ jobs: [], problem: none });
  return answer({ jobs: await jobsAfter(offered, 'show'), problem: null });
};

export const pauseSchedule: Handler<'pauseSchedule'> = ({ desk, acting, body }) =>
  change(desk, acting(body.reason), 'pause', 'pause-schedule');
export const resumeSchedule: Handler<'resumeSchedule'> = ({ desk, acting, body }) =>
  change(desk, acting(body.reason), 'resume', 'resume-schedule');
export const runSchedule: Handler<'runSchedule'> = ({ desk, acting, body }) =>
  change(desk, acting(body.reason), 'run', 'run-schedule');

async function change(desk: Desk, acting: Acting, action: ScheduleAction, name: AuditAction) {
  const { schedule: offered } = desk.offers;
  if (offered === undefined) return refused(none);
  return audited(desk.services, acting, { action: name }, async () => {
    const jobs = await jobsAfter(offered, action);
    const absent = jobs.filter(({ state }) => state === null).length;
    const words = absent === 0 ? 'done' : `${String(absent)} of the jobs are not there`;
    const all = action === 'run' ? await jobsAfter(offered, 'show') : jobs;
    return { result: answer({ jobs: all, problem: null }), end: { state: absent === 0 ? 'done' : 'failed', words } };
  });
}

async function jobsAfter({ open, jobs }: Schedule, action: ScheduleAction): Promise<readonly JobAnswer[]> {
  const scheduler = await open();
  try {
    const answers: JobAnswer[] = [];
    for await (const after of actOnSchedule(scheduler, action, jobs))
      answers.push(jobAnswer(after, after.name === jobs.fullJob ? 'full' : 'incremental'));
    return answers;
  } finally {
    await scheduler.close();
  }
}

function jobAnswer({ name, job }: JobAfterAction, mode: JobAnswer['mode']): JobAnswer {
  if (job === undefined)
    return { name, mode, state: null, schedule: null, timeZone: null, next: null, lastAttempt: null, words: missing };
  const state = job.state === 'ENABLED' ? 'enabled' : job.state === 'PAUSED' ? 'paused' : 'other';
  const { schedule: cron, timeZone, next = null, lastAttempt = null } = job;
  return {
    name,
    mode,
    state,
    schedule: cron,
    timeZone,
    next: state === 'enabled' ? next : null,
    lastAttempt,
    words: jobWords(job),
  };
}
