import type { Explanation, Finding } from '../../verify/finding.ts';
import type { Verified } from '../actions/verify.ts';
import { isoTime } from './report.ts';

/**
 * A comparison of both sides for scripts. Times are ISO 8601; counts are null where a listing was not read to its end.
 */
export function toVerificationJson({ verification, findings }: Verified): unknown {
  const complete = verification.kind === 'complete' ? verification : undefined;
  return {
    state: verification.kind,
    problem: verification.kind === 'incomplete' ? verification.problem : null,
    developers: complete?.developers ?? null,
    portalUsers: complete?.portalUsers ?? null,
    explained: complete?.explained ?? null,
    unexplained: complete?.unexplained ?? null,
    statusesDiffer: complete?.statusesDiffer ?? null,
    findings: findings.map(findingJson),
  };
}

function findingJson({ key, difference, because }: Finding): object {
  return {
    person: key,
    ...difference,
    explanation: because.kind === 'explained' ? explanationJson(because.explanation) : null,
    hint: because.kind === 'unexplained' ? because.hint : null,
  };
}

function explanationJson(explanation: Explanation): object {
  switch (explanation.kind) {
    case 'tombstone':
      return { ...explanation, at: isoTime(explanation.at) };
    case 'pending':
      return { ...explanation, due: isoTime(explanation.due) };
    default:
      return explanation;
  }
}
