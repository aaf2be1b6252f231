import type { OpenDeadLetters } from '../../shared/operator/actions/replay.ts';
import type { ScheduleJobs, Scheduler } from '../../shared/operator/actions/schedule.ts';
import type { Services } from '../../shared/wiring/services.ts';

/** What the handlers work with: one for the whole process. */
export interface Desk {
  readonly services: Services;
  /** Of the product. */
  readonly version: string;
  readonly offers: Offers;
}

/** What this installation offers besides looking, and by what. */
export interface Offers {
  /** Whether people may be synchronised one by one, and developers edited: the account may be one that only reads. */
  readonly editDevelopers: boolean;
  /** Undefined: nothing is known of a schedule, as in the local stack. */
  readonly schedule: Schedule | undefined;
  /** Undefined: there are no dead letters to look at. */
  readonly openDeadLetters: OpenDeadLetters | undefined;
}

export interface Schedule {
  readonly open: () => Promise<Scheduler>;
  readonly jobs: ScheduleJobs;
}
