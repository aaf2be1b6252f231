import { Refusal, type CliIo, type ExitCode } from '../process/cli-io.ts';
import { openGoogleScheduler } from '../../shared/operator/actions/google-scheduler.ts';
import { safeText } from '../../shared/operator/words/safe-text.ts';
import type { ScheduledJob, Scheduler } from '../../shared/operator/actions/scheduler.ts';
import { timeWords } from '../../shared/operator/words/words.ts';

export const scheduleActions = ['show', 'pause', 'resume', 'run'] as const;
export type ScheduleAction = (typeof scheduleActions)[number];

export interface ScheduleOptions {
  readonly location: string | undefined;
  readonly incrementalJob: string;
  readonly fullJob: string;
}

/** Shows, pauses or resumes the jobs, or has the incremental one send its request now. */
export async function schedule(io: CliIo, action: ScheduleAction, options: ScheduleOptions): Promise<ExitCode> {
  const project = io.env['GOOGLE_CLOUD_PROJECT'];
  const location = options.location ?? io.env['GOOGLE_CLOUD_REGION'];
  if (!project) throw new Refusal('GOOGLE_CLOUD_PROJECT is not set: set it');
  if (!location)
    throw new Refusal('The location of the jobs is not known: give --location, or set GOOGLE_CLOUD_REGION');
  const { incrementalJob, fullJob } = options;
  const jobs = action === 'run' ? [incrementalJob] : [incrementalJob, fullJob];
  const scheduler = await (io.openScheduler ?? openGoogleScheduler)({ project, location });
  try {
    let missing = 0;
    for (const job of jobs) {
      const state = await act(scheduler, action, job);
      if (state === undefined) missing += 1;
      io.out(`${safeText(job)}: ${state === undefined ? absent(project, location) : words(action, state)}\n`);
    }
    return missing === 0 ? 0 : 1;
  } finally {
    await scheduler.close();
  }
}

function act(scheduler: Scheduler, action: ScheduleAction, job: string): Promise<ScheduledJob | undefined> {
  switch (action) {
    case 'show':
      return scheduler.get(job);
    case 'pause':
      return scheduler.pause(job);
    case 'resume':
      return scheduler.resume(job);
    case 'run':
      return scheduler.run(job);
  }
}

function absent(project: string, location: string): string {
  return `there is no such job in ${safeText(project)}, ${safeText(location)}`;
}

function words(action: ScheduleAction, { state, schedule: cron, timeZone, next, lastAttempt }: ScheduledJob): string {
  if (action === 'run') return 'has sent its request: see devsync status';
  const last = lastAttempt === undefined ? 'never run' : `last run ${timeWords(lastAttempt)}`;
  const coming = next === undefined || state !== 'ENABLED' ? '' : `, next ${timeWords(next)}`;
  return `${safeText(state.toLowerCase())}, ${safeText(cron)} (${safeText(timeZone)}), ${last}${coming}`;
}
