import { audited } from '../../shared/operator/actions/audited.ts';
import { openGoogleScheduler } from '../../shared/operator/actions/google-scheduler.ts';
import {
  actOnSchedule,
  type JobAfterAction,
  type ScheduleAction,
  type ScheduleJobs,
} from '../../shared/operator/actions/schedule.ts';
import { refusedToLook } from '../../shared/operator/actions/own-state.ts';
import { isoTime } from '../../shared/operator/json/report.ts';
import { jobWords } from '../../shared/operator/words/runs.ts';
import { safeText } from '../../shared/operator/words/safe-text.ts';
import type { Services } from '../../shared/wiring/services.ts';
import { actingAs } from '../process/acting.ts';
import { Refusal, type CliIo, type ExitCode } from '../process/cli-io.ts';
import { refusalOf } from '../render/refusal.ts';

export interface ScheduleOptions extends ScheduleJobs {
  /** Of the jobs; undefined: as GOOGLE_CLOUD_REGION says. */
  readonly location: string | undefined;
  readonly reason: string | undefined;
  readonly json: boolean;
}

const auditNames = { pause: 'pause-schedule', resume: 'resume-schedule', run: 'run-schedule' } as const;

/**
 * Shows, pauses or resumes the jobs, or has the incremental one send its request now, and prints a line for each. What
 * changes something is recorded first (rule 39): for that, and for nothing else, `open` connects.
 */
export async function schedule(
  io: CliIo,
  action: ScheduleAction,
  options: ScheduleOptions,
  open: () => Promise<Services>,
): Promise<ExitCode> {
  if (action === 'show') return actOnJobs(io, action, options);
  const services = await open();
  try {
    const refused = await refusedToLook(services);
    if (refused !== undefined) throw refusalOf(refused.reason);
    return await audited(services, actingAs(io, options.reason), { action: auditNames[action] }, async () => {
      const code = await actOnJobs(io, action, options);
      const end = code === 0 ? ({ state: 'done', words: 'done' } as const) : missing;
      return { result: code, end };
    });
  } finally {
    await services.close();
  }
}

const missing = { state: 'failed', words: 'one of the jobs is not there' } as const;

async function actOnJobs(io: CliIo, action: ScheduleAction, options: ScheduleOptions): Promise<ExitCode> {
  const project = io.env['GOOGLE_CLOUD_PROJECT'];
  const location = options.location ?? io.env['GOOGLE_CLOUD_REGION'];
  if (!project) throw new Refusal('GOOGLE_CLOUD_PROJECT is not set: set it');
  if (!location)
    throw new Refusal('The location of the jobs is not known: give --location, or set GOOGLE_CLOUD_REGION');
  const scheduler = await (io.openScheduler ?? openGoogleScheduler)({ project, location });
  const absent = `there is no such job in ${safeText(project)}, ${safeText(location)}`;
  try {
    let code: ExitCode = 0;
    const jobs: object[] = [];
    for await (const { name, job } of actOnSchedule(scheduler, action, options)) {
      if (job === undefined) code = 1;
      jobs.push(toJobJson({ name, job }));
      if (options.json) continue;
      const sent = action === 'run' ? 'has sent its request: see devsync status' : undefined;
      io.out(`${safeText(name)}: ${job === undefined ? absent : (sent ?? jobWords(job))}\n`);
    }
    if (options.json) io.out(`${JSON.stringify({ jobs })}\n`);
    return code;
  } finally {
    await scheduler.close();
  }
}

/** A job for scripts. Times are ISO 8601; `state` is null where there is no such job. */
function toJobJson({ name, job }: JobAfterAction): object {
  return {
    name,
    state: job?.state ?? null,
    schedule: job?.schedule ?? null,
    timeZone: job?.timeZone ?? null,
    next: isoTime(job?.next),
    lastAttempt: isoTime(job?.lastAttempt),
  };
}
