import { refusalWords } from '../words/refusals.ts';
import type { Check } from '../views/check.ts';
import type { SampleCheck } from '../views/check-sample.ts';

/** What to do about an error of the store, without values. */
export type Advice = (error: unknown) => string;

/** Whether anything of what was found keeps a first run from going well. */
export function needsAttention({ state, rights, sample, apigee }: Check): boolean {
  const lacksRights = rights.some((found) => found.kind === 'unknown' || found.missing.length > 0);
  const hasTrouble = sample === undefined || sample.problems.some(({ kind }) => kind !== 'left-out');
  return state !== undefined || lacksRights || hasTrouble || (apigee.kind === 'read' && apigee.unusable > 0);
}

/** A check for scripts. `settings`: what is wrong with them. Null: could not be looked at. */
export function toCheckJson(settings: readonly string[], check: Check | undefined, advice: Advice): unknown {
  if (check === undefined)
    return { settings, state: null, portal: null, apigee: null, rights: null, sample: null, proposal: null };
  const { portal, apigee, state, rights, sample, proposal } = check;
  return {
    settings,
    state: state === undefined ? null : refusalWords(state),
    portal:
      portal.kind === 'read'
        ? { reachable: true, documents: portal.documents }
        : { reachable: false, problem: advice(portal.error) },
    apigee:
      apigee.kind === 'read'
        ? { reachable: true, developers: apigee.developers, whole: apigee.isWhole, unusable: apigee.unusable }
        : { reachable: false, problem: apigee.error.message },
    rights: rights.map((found) =>
      found.kind === 'known'
        ? { project: found.project, missing: found.missing }
        : { project: found.project, missing: null, problem: found.why },
    ),
    sample: sample === undefined ? null : sampleJson(sample),
    proposal:
      proposal === undefined
        ? null
        : {
            mapping: proposal.mapping,
            select: proposal.select ?? null,
            evidence: Object.fromEntries(proposal.evidence.map(({ key, words }) => [key, words])),
            sample: sampleJson(proposal.sample),
          },
  };
}

function sampleJson({ problems, ...counts }: SampleCheck): object {
  return { ...counts, problems };
}
