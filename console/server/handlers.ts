import type { RouteName } from '../api/routes.ts';
import type { Handler } from './asked.ts';
import { activity } from './handlers/activity.ts';
import * as attention from './handlers/attention.ts';
import * as deadLetters from './handlers/dead-letters.ts';
import * as developers from './handlers/developers.ts';
import * as exports from './handlers/exports.ts';
import { forgetPerson } from './handlers/forget.ts';
import * as people from './handlers/people.ts';
import * as plans from './handlers/plans.ts';
import * as runs from './handlers/runs.ts';
import * as schedule from './handlers/schedule.ts';
import { session } from './handlers/session.ts';
import * as stop from './handlers/stop.ts';
import { status } from './handlers/status.ts';
import * as undo from './handlers/undo.ts';
import { whatStops } from './handlers/what-stops.ts';

/** One for each route, so that none is missing. Signing in is no action of an operator. */
export const handlers: { readonly [N in Exclude<RouteName, 'signIn'>]: Handler<N> } = {
  session,
  status,
  activity,
  ...attention,
  ...deadLetters,
  ...schedule,
  ...stop,
  ...undo,
  forgetPerson,
  whatStops,
  plan: plans.plan,
  changedPeople: plans.changedPeople,
  planPeople: plans.planPeople,
  applyPlan: plans.applyPlan,
  exportChanges: exports.exportChanges,
  exportDevelopers: exports.exportDevelopers,
  exportRun: exports.exportRun,
  holds: runs.holds,
  runs: runs.runs,
  run: runs.run,
  runPeople: runs.runPeople,
  requestRun: runs.requestRun,
  plannedPeople: runs.plannedPeople,
  approveRun: runs.approveRun,
  rejectRun: runs.rejectRun,
  explain: people.explain,
  person: people.person,
  apps: people.apps,
  syncPerson: people.syncPerson,
  releasePerson: people.releasePerson,
  ...developers,
};
