import type { ApigeeError } from '../apigee/developers.ts';
import type { ApigeeStep, Subject } from '../core/model/decision.ts';
import type { Developer } from '../core/model/profile.ts';
import type { SyncDeps } from './deps.ts';
import { hasTimeFor, type HeldLease } from './lease.ts';

export type CarriedOut =
  | { readonly kind: 'done'; readonly developer: Developer | undefined }
  /** Too little of the lease is left: go round again with a new one. */
  | { readonly kind: 'out-of-time'; readonly landed: boolean }
  /** `landed`: something was or may have been written before it failed. */
  | { readonly kind: 'failed'; readonly error: ApigeeError; readonly step: ApigeeStep; readonly landed: boolean };

/** Makes the calls of a decision, in order, and answers the developer as Apigee left it. */
export async function carryOut(
  deps: SyncDeps,
  lease: HeldLease,
  subject: Subject,
  steps: readonly ApigeeStep[],
): Promise<CarriedOut> {
  let developer = developerOf(subject);
  let landed = false;
  for (const step of steps) {
    if (!hasTimeFor(deps, lease)) return { kind: 'out-of-time', landed };
    const answer = await take(deps, step, developer);
    if (!answer.ok) return { kind: 'failed', error: answer.error, step, landed: landed || answer.error.ambiguous };
    developer = answer.value;
    landed = true;
  }
  return { kind: 'done', developer };
}

type Taken =
  | { readonly ok: true; readonly value: Developer | undefined }
  | { readonly ok: false; readonly error: ApigeeError };

async function take(deps: SyncDeps, step: ApigeeStep, developer: Developer | undefined): Promise<Taken> {
  switch (step.kind) {
    case 'create':
      return deps.developers.create(step.developer);
    case 'update':
      return deps.developers.update(step.email, step.developer);
    case 'set-status': {
      const answer = await deps.developers.setStatus(step.email, step.status);
      return answer.ok ? { ok: true, value: developer && { ...developer, status: step.status } } : answer;
    }
    case 'delete': {
      const answer = await deps.developers.delete(step.email);
      return answer.ok ? { ok: true, value: undefined } : answer;
    }
  }
}

/** The developer as found; of two, the bound one. */
export function developerOf({ developer }: Pick<Subject, 'developer'>): Developer | undefined {
  switch (developer.kind) {
    case 'absent':
      return undefined;
    case 'developer':
      return developer.developer;
    case 'collision':
      return developer.bound;
  }
}
