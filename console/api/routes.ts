import type * as z from 'zod/mini';
import type { Role } from './roles.ts';
import * as requests from './requests.ts';

/**
 * Every route of the console's API: how it is called and who may. `none`: whoever gets through to the server.
 *
 * A GET has no body, carries an ETag, and changes nothing. A POST has a JSON body, which its schema checks: it acts, or it
 * asks about people, whose emails are never part of an address (rule 27). `stream`: the answer is NDJSON, one value a line,
 * as it is found; to close the connection is to stop. `download`: the answer is a file.
 */
export interface Route {
  readonly method: 'GET' | 'POST';
  /** With `:name` for a parameter. */
  readonly path: string;
  readonly role: Role | 'none';
  readonly body?: z.core.$ZodType;
  readonly answer?: 'json' | 'stream' | 'download';
}

export const routes = {
  session: { method: 'GET', path: '/api/session', role: 'viewer' },
  signIn: { method: 'POST', path: '/api/sign-in', role: 'none', body: requests.signInSchema },

  status: { method: 'GET', path: '/api/status', role: 'viewer' },
  runs: { method: 'GET', path: '/api/runs', role: 'viewer' },
  run: { method: 'GET', path: '/api/runs/:runId', role: 'viewer' },
  runPeople: { method: 'POST', path: '/api/runs/:runId/people', role: 'viewer', body: requests.runPeopleSchema },
  requestRun: { method: 'POST', path: '/api/runs', role: 'operator', body: requests.runRequestSchema },
  exportRun: {
    method: 'POST',
    path: '/api/runs/:runId/export',
    role: 'operator',
    body: requests.exportRunSchema,
    answer: 'download',
  },
  plan: { method: 'GET', path: '/api/runs/:runId/plan', role: 'viewer' },
  changedPeople: {
    method: 'POST',
    path: '/api/runs/:runId/changes',
    role: 'viewer',
    body: requests.changedPeopleSchema,
  },
  exportChanges: {
    method: 'POST',
    path: '/api/runs/:runId/changes/export',
    role: 'operator',
    body: requests.exportChangesSchema,
    answer: 'download',
  },
  /** What deactivates or deletes, or creates more than a run may, needs an admin. */
  applyPlan: { method: 'POST', path: '/api/runs/:runId/apply', role: 'operator', body: requests.applyPlanSchema },
  lookAtUndo: { method: 'POST', path: '/api/undo/look', role: 'operator', body: requests.lookAtUndoSchema },
  undo: { method: 'POST', path: '/api/runs/:runId/undo', role: 'admin', body: requests.judgeRunSchema },
  plannedPeople: { method: 'GET', path: '/api/runs/:runId/planned', role: 'viewer' },
  approveRun: { method: 'POST', path: '/api/runs/:runId/approve', role: 'admin', body: requests.judgeRunSchema },
  rejectRun: { method: 'POST', path: '/api/runs/:runId/reject', role: 'admin', body: requests.judgeRunSchema },

  cancelRun: { method: 'POST', path: '/api/runs/:runId/cancel', role: 'operator', body: requests.reasonSchema },

  stopWrites: { method: 'POST', path: '/api/stop', role: 'admin', body: requests.reasonSchema },
  resumeWrites: { method: 'POST', path: '/api/resume', role: 'admin', body: requests.reasonSchema },

  schedule: { method: 'GET', path: '/api/schedule', role: 'viewer' },
  pauseSchedule: { method: 'POST', path: '/api/schedule/pause', role: 'operator', body: requests.reasonSchema },
  resumeSchedule: { method: 'POST', path: '/api/schedule/resume', role: 'operator', body: requests.reasonSchema },
  runSchedule: { method: 'POST', path: '/api/schedule/run', role: 'operator', body: requests.reasonSchema },

  attention: { method: 'GET', path: '/api/attention', role: 'viewer' },
  attentionGroup: { method: 'GET', path: '/api/attention/:group', role: 'viewer' },
  retryGroup: {
    method: 'POST',
    path: '/api/attention/:group/retry',
    role: 'admin',
    body: requests.bulkGroupSchema,
    answer: 'stream',
  },
  releaseGroup: {
    method: 'POST',
    path: '/api/attention/:group/release',
    role: 'admin',
    body: requests.bulkGroupSchema,
    answer: 'stream',
  },
  holds: { method: 'GET', path: '/api/holds', role: 'viewer' },

  explain: { method: 'POST', path: '/api/people/explain', role: 'viewer', body: requests.onePersonSchema },
  person: { method: 'POST', path: '/api/people/show', role: 'viewer', body: requests.onePersonSchema },
  apps: { method: 'POST', path: '/api/people/apps', role: 'viewer', body: requests.onePersonSchema },
  syncPerson: { method: 'POST', path: '/api/people/sync', role: 'operator', body: requests.actOnPersonSchema },
  releasePerson: { method: 'POST', path: '/api/people/release', role: 'operator', body: requests.actOnPersonSchema },

  planPeople: { method: 'POST', path: '/api/people/plan', role: 'operator', body: requests.planPeopleSchema },
  whatStops: { method: 'POST', path: '/api/people/what-stops', role: 'viewer', body: requests.whatStopsSchema },
  forgetPerson: { method: 'POST', path: '/api/people/forget', role: 'admin', body: requests.deleteDeveloperSchema },

  listDevelopers: {
    method: 'POST',
    path: '/api/developers/list',
    role: 'viewer',
    body: requests.listDevelopersSchema,
  },
  searchDevelopers: {
    method: 'POST',
    path: '/api/developers/search',
    role: 'viewer',
    body: requests.searchDevelopersSchema,
  },
  scanDevelopers: {
    method: 'POST',
    path: '/api/developers/scan',
    role: 'viewer',
    body: requests.scanDevelopersSchema,
    answer: 'stream',
  },
  exportDevelopers: {
    method: 'POST',
    path: '/api/developers/export',
    role: 'operator',
    body: requests.exportDevelopersSchema,
    answer: 'download',
  },
  createDeveloper: {
    method: 'POST',
    path: '/api/developers/create',
    role: 'operator',
    body: requests.createDeveloperSchema,
  },
  editDeveloper: { method: 'POST', path: '/api/developers/edit', role: 'operator', body: requests.editDeveloperSchema },
  activateDeveloper: {
    method: 'POST',
    path: '/api/developers/activate',
    role: 'operator',
    body: requests.actOnPersonSchema,
  },
  deactivateDeveloper: {
    method: 'POST',
    path: '/api/developers/deactivate',
    role: 'operator',
    body: requests.actOnPersonSchema,
  },
  deleteDeveloper: {
    method: 'POST',
    path: '/api/developers/delete',
    role: 'admin',
    body: requests.deleteDeveloperSchema,
  },
  bulkDevelopers: {
    method: 'POST',
    path: '/api/developers/bulk',
    role: 'admin',
    body: requests.bulkDevelopersSchema,
    answer: 'stream',
  },

  lookAtDeadLetters: {
    method: 'POST',
    path: '/api/dead-letters/look',
    role: 'operator',
    body: requests.lookAtDeadLettersSchema,
  },
  replayDeadLetters: {
    method: 'POST',
    path: '/api/dead-letters/replay',
    role: 'operator',
    body: requests.replaySchema,
  },
  activity: { method: 'GET', path: '/api/activity', role: 'viewer' },
} as const satisfies Readonly<Record<string, Route>>;

export type RouteName = keyof typeof routes;

/** What a POST of each route carries. */
export type Body<N extends RouteName> = (typeof routes)[N] extends { readonly body: infer S extends z.core.$ZodType }
  ? z.input<S>
  : undefined;
