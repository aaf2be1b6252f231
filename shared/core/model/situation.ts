/** What is found for one person. The table beside `decide()` says what each one leads to. */
export const situations = [
  'out-of-scope',
  'malformed',
  'portal-collision',
  'developer-collision',
  'unselected',
  'unverified',
  'nobody',
  'portal-only',
  'apigee-only',
  'first-contact',
  'in-step',
  'portal-changed',
  'apigee-changed',
  'both-changed',
  'conflict',
  'renamed',
  'portal-deleted',
  'developer-deleted',
  'both-deleted',
  'buried',
] as const;
export type Situation = (typeof situations)[number];

/**
 * What a result or a change says. `unknown`: one side could not be read, so nobody knows how the two stand. `ordered`: an
 * operator ordered it. `undone`: an earlier change was undone (rule 35).
 */
export const reportedSituations = [...situations, 'unknown', 'ordered', 'undone'] as const;
export type ReportedSituation = (typeof reportedSituations)[number];
