import type { ApigeeError } from '../apigee/developers.ts';
import type { ApigeeStep, Subject } from '../core/model/decision.ts';
import type { Developer } from '../core/model/profile.ts';
import type { SyncDeps } from './deps.ts';
import { newWaitAfterFailure } from './lease.ts';
import { readDeveloper, type Look } from './look.ts';

type Side = Subject['developer'];

/** What came of a write that may have taken effect although Apigee did not say so. */
export type Came =
  /** `developer` as Apigee has it now; undefined: there is none. */
  | { readonly kind: 'made'; readonly developer: Developer | undefined }
  | { readonly kind: 'not-made' }
  /** Nobody can tell: it may be on its way, Apigee cannot be asked, or somebody else has written since. */
  | { readonly kind: 'unknown' };

/** Looks at the developer again, under the same lease: who ordered the write is told what happened. */
export async function lookAfterWrite(
  deps: SyncDeps,
  { half }: Look,
  step: ApigeeStep,
  before: Side,
  { lookAgainAfterMs }: ApigeeError,
): Promise<Came> {
  const wait = newWaitAfterFailure(deps)(lookAgainAfterMs);
  if (wait !== undefined) await wait();
  const read = await readDeveloper(deps, half, undefined);
  if (!read.ok) return { kind: 'unknown' };
  const came = cameOf(step, before, read.value.side);
  // What is not there yet may still arrive.
  return came.kind === 'not-made' && lookAgainAfterMs === undefined ? { kind: 'unknown' } : came;
}

function cameOf(step: ApigeeStep, before: Side, now: Side): Came {
  if (now.kind === 'collision') return { kind: 'unknown' };
  if (now.kind === 'absent') {
    if (step.kind === 'delete') return { kind: 'made', developer: undefined };
    return { kind: step.kind === 'create' ? 'not-made' : 'unknown' };
  }
  const { developer } = now;
  const was = before.kind === 'developer' ? before.developer : undefined;
  const isSame = was?.developerId === developer.developerId;
  switch (step.kind) {
    case 'create':
    case 'update':
      if (isLike(developer, step.developer)) return { kind: 'made', developer };
      return { kind: isSame && was?.lastModifiedAt === developer.lastModifiedAt ? 'not-made' : 'unknown' };
    case 'set-status':
      if (developer.status === step.status) return { kind: 'made', developer };
      return { kind: isSame ? 'not-made' : 'unknown' };
    case 'delete':
      return { kind: isSame ? 'not-made' : 'unknown' };
  }
}

type Written = Pick<Developer, 'firstName' | 'lastName' | 'attributes'>;

function isLike(a: Written, b: Written): boolean {
  const isSameName = a.firstName === b.firstName && a.lastName === b.lastName;
  const isSameSize = a.attributes.size === b.attributes.size;
  return isSameName && isSameSize && [...a.attributes].every(([name, value]) => b.attributes.get(name) === value);
}
