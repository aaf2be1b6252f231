/** The Cloud Scheduler jobs of one project and location. Each method answers undefined where there is no such job. */
export interface Scheduler {
  get(job: string): Promise<ScheduledJob | undefined>;
  pause(job: string): Promise<ScheduledJob | undefined>;
  resume(job: string): Promise<ScheduledJob | undefined>;
  /** Lets the job send its request now, whatever its schedule says. */
  run(job: string): Promise<ScheduledJob | undefined>;
  close(): Promise<void>;
}

export interface ScheduledJob {
  /** As Cloud Scheduler calls it: `ENABLED`, `PAUSED` … */
  readonly state: string;
  /** Unix cron. */
  readonly schedule: string;
  readonly timeZone: string;
  /** Ms since the epoch. */
  readonly next: number | undefined;
  readonly lastAttempt: number | undefined;
}

export type OpenScheduler = (place: { readonly project: string; readonly location: string }) => Promise<Scheduler>;

export const scheduleActions = ['show', 'pause', 'resume', 'run'] as const;
export type ScheduleAction = (typeof scheduleActions)[number];

/** Names of the jobs. */
export interface ScheduleJobs {
  readonly incrementalJob: string;
  readonly fullJob: string;
}

/** A job as the action left it. */
export interface JobAfterAction {
  readonly name: string;
  /** Undefined: there is no job of this name. */
  readonly job: ScheduledJob | undefined;
}

/** Shows, pauses or resumes both jobs, one after the other, or has the incremental job send its request now. */
export async function* actOnSchedule(
  scheduler: Scheduler,
  action: ScheduleAction,
  { incrementalJob, fullJob }: ScheduleJobs,
): AsyncGenerator<JobAfterAction> {
  const names = action === 'run' ? [incrementalJob] : [incrementalJob, fullJob];
  for (const name of names) yield { name, job: await act(scheduler, action, name) };
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
