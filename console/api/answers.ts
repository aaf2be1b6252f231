import type { ActivityAnswer } from './answers/activity.ts';
import type { AttentionAnswer, AttentionGroupAnswer, BulkLine } from './answers/attention.ts';
import type { DevelopersAnswer, ScanLine, SearchAnswer } from './answers/developers.ts';
import type { AppsAnswer, ExplainAnswer, PersonAnswer, PersonDone } from './answers/person.ts';
import type { BegunRun, ChangedAnswer, ForgottenAnswer, PlanAnswer, WhatStopsAnswer } from './answers/plans.ts';
import type {
  HoldsAnswer,
  JudgedRun,
  PlannedAnswer,
  RequestedRun,
  RunAnswer,
  RunPeopleAnswer,
  RunsAnswer,
} from './answers/runs.ts';
import type { DeadLettersAnswer, Done, ScheduleAnswer, SessionAnswer } from './answers/session.ts';
import type { StatusAnswer, StopAnswer } from './answers/status.ts';

/** What each route answers: JSON, or of a stream each line. A download is a file, and any failure is a `Problem`. */
export interface Answers {
  readonly session: SessionAnswer;
  readonly signIn: Done;
  readonly status: StatusAnswer;
  /** `?before=CURSOR`: older ones; `?limit=`: 1 to 200, default 100. */
  readonly runs: RunsAnswer;
  readonly run: RunAnswer;
  readonly runPeople: RunPeopleAnswer;
  readonly requestRun: RequestedRun;
  readonly exportRun: never;
  readonly plan: PlanAnswer;
  readonly changedPeople: ChangedAnswer;
  readonly exportChanges: never;
  readonly applyPlan: BegunRun;
  readonly lookAtUndo: BegunRun;
  readonly undo: BegunRun;
  readonly plannedPeople: PlannedAnswer;
  readonly approveRun: JudgedRun;
  readonly rejectRun: JudgedRun;
  readonly cancelRun: JudgedRun;
  readonly stopWrites: StopAnswer;
  readonly resumeWrites: StopAnswer;
  readonly schedule: ScheduleAnswer;
  readonly pauseSchedule: ScheduleAnswer;
  readonly resumeSchedule: ScheduleAnswer;
  readonly runSchedule: ScheduleAnswer;
  readonly attention: AttentionAnswer;
  readonly attentionGroup: AttentionGroupAnswer;
  readonly retryGroup: BulkLine;
  readonly releaseGroup: BulkLine;
  readonly holds: HoldsAnswer;
  readonly explain: ExplainAnswer;
  readonly person: PersonAnswer;
  readonly apps: AppsAnswer;
  readonly syncPerson: PersonDone;
  readonly releasePerson: PersonDone;
  readonly planPeople: BegunRun;
  readonly whatStops: WhatStopsAnswer;
  readonly forgetPerson: ForgottenAnswer;
  readonly listDevelopers: DevelopersAnswer;
  readonly searchDevelopers: SearchAnswer;
  readonly scanDevelopers: ScanLine;
  readonly exportDevelopers: never;
  readonly createDeveloper: PersonDone;
  readonly editDeveloper: PersonDone;
  readonly activateDeveloper: PersonDone;
  readonly deactivateDeveloper: PersonDone;
  readonly deleteDeveloper: PersonDone;
  readonly bulkDevelopers: BulkLine;
  readonly lookAtDeadLetters: DeadLettersAnswer;
  readonly replayDeadLetters: DeadLettersAnswer;
  /** `?before=CURSOR`: older entries. */
  readonly activity: ActivityAnswer;
}
