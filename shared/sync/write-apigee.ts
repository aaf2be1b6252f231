import type { ApigeeError } from '../apigee/developers.ts';
import { developerAsFound } from '../core/link-changes/aftermath.ts';
import type { ApigeeStep, Subject } from '../core/model/decision.ts';
import type { Developer } from '../core/model/profile.ts';
import type { SyncDeps } from './deps.ts';
import { hasTimeForCall, type OwnLease } from './lease.ts';

/** `applied`: something was or may have been written to Apigee before the end. */
export type Written =
  /** Every call was made; `developer` as Apigee left it, undefined where there is none. */
  | { readonly kind: 'done'; readonly developer: Developer | undefined }
  /** Too little of the lease is left for the next call. */
  | { readonly kind: 'out-of-time'; readonly applied: boolean }
  | { readonly kind: 'failed'; readonly error: ApigeeError; readonly step: ApigeeStep; readonly applied: boolean };

/** Makes a decision's calls to Apigee, in order. */
export async function writeApigee(
  deps: SyncDeps,
  lease: OwnLease,
  subject: Subject,
  steps: readonly ApigeeStep[],
): Promise<Written> {
  let developer = developerAsFound(subject.developer);
  let applied = false;
  for (const step of steps) {
    if (!hasTimeForCall(deps, lease)) return { kind: 'out-of-time', applied };
    const answer = await call(deps, step, developer);
    if (!answer.ok) return { kind: 'failed', error: answer.error, step, applied: applied || answer.error.ambiguous };
    developer = answer.value;
    applied = true;
  }
  return { kind: 'done', developer };
}

type Called =
  | { readonly ok: true; readonly value: Developer | undefined }
  | { readonly ok: false; readonly error: ApigeeError };

async function call({ developers }: SyncDeps, step: ApigeeStep, developer: Developer | undefined): Promise<Called> {
  switch (step.kind) {
    case 'create':
      return developers.create(step.developer);
    case 'update':
      return developers.update(step.email, step.developer);
    case 'set-status': {
      const answer = await developers.setStatus(step.email, step.status);
      return answer.ok ? { ok: true, value: developer && { ...developer, status: step.status } } : answer;
    }
    case 'delete': {
      const answer = await developers.delete(step.email);
      return answer.ok ? { ok: true, value: undefined } : answer;
    }
  }
}
