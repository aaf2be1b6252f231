/** The Cloud Scheduler jobs of one project and location. A job that does not exist answers undefined. */
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
  /** Ms. */
  readonly next: number | undefined;
  readonly lastAttempt: number | undefined;
}

export type OpenScheduler = (place: { readonly project: string; readonly location: string }) => Promise<Scheduler>;
