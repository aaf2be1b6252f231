import type { ApigeeError } from '../apigee/developers.ts';
import { foundIn, writtenBy, type Found } from '../core/changes/written.ts';
import type { Change } from '../core/model/change.ts';
import type { ApigeeStep, Decision, PortalStep, Subject } from '../core/model/decision.ts';
import { canonicalEmail, type PersonKey } from '../core/model/email.ts';
import type { Developer, PortalUser } from '../core/model/profile.ts';
import { noDeveloper, type Evidence } from '../core/next-step/evidence.ts';
import { assess, type Assessment } from '../core/next-step/next-step.ts';
import { versionOf } from '../state/people.ts';
import type { SyncDeps } from './deps.ts';
import { changeOf } from './keep-change.ts';
import { acquire, newLeaseWait, type OwnLease } from './lease.ts';
import { look, readDeveloper, type Look, type Person } from './look.ts';
import { forgetClaim, noteNewClaimants, recordInterruption } from './record.ts';
import { lookAfterWrite } from './unclear-write.ts';
import { writeApigee } from './write-apigee.ts';

/** What an operator's order comes to for a person as found under the lease. */
export type Order<R> =
  | { readonly kind: 'write'; readonly steps: readonly ApigeeStep[] }
  /** The developer is as ordered already. */
  | { readonly kind: 'nothing' }
  | { readonly kind: 'refused'; readonly why: R };

export type Ordered<R> =
  /** `developer` as Apigee left it; undefined: there is none any more. */
  | { readonly kind: 'written'; readonly developer: Developer | undefined }
  | { readonly kind: 'nothing' }
  | { readonly kind: 'refused'; readonly why: R }
  /**
   * Apigee did not do as asked; or nobody knows whether it did (`unclear`), after looking at the developer again. What may be
   * on its way is waited for by whoever looks at the person next.
   */
  | { readonly kind: 'failed'; readonly error: ApigeeError; readonly unclear: boolean }
  /** Somebody else is writing this person. */
  | { readonly kind: 'busy' }
  /** An operator stopped every write while this one waited (rule 33). */
  | { readonly kind: 'stopped' };

const mostTries = 6;

/**
 * Carries out what an operator orders about a developer, under the person's lease and on a fresh read (rules 13, 21).
 * `order` is pure and may be called again. It is an edit made in Apigee: what becomes of it on the portal is decided by
 * the sync that follows, by `decide()` as for every other edit. A crash in between leaves such an edit, and the next run
 * finds it (rule 24).
 */
export async function orderDeveloper<R>(
  deps: SyncDeps,
  person: Person,
  order: (subject: Subject) => Order<R>,
  before: (subject: Subject) => Promise<R | undefined> = async () => undefined,
): Promise<Ordered<R>> {
  const waitForLease = newLeaseWait(deps);
  for (let tries = 0; tries < mostTries;) {
    const found = await look(deps, person);
    const acquired = await acquire(deps, found);
    if (acquired.kind === 'busy') {
      if (!(await waitForLease())) return { kind: 'busy' };
      continue;
    }
    tries += 1;
    if (acquired.kind === 'changed') continue;
    const wasLinked = found.view.links.has(person.key);
    const ordered = await underLease(deps, acquired.lease, acquired.look, wasLinked, order, before);
    if (ordered !== 'again') return ordered;
  }
  return { kind: 'busy' };
}

async function underLease<R>(
  deps: SyncDeps,
  lease: OwnLease,
  found: Look,
  wasLinked: boolean,
  order: (subject: Subject) => Order<R>,
  before: (subject: Subject) => Promise<R | undefined>,
): Promise<Ordered<R> | 'again'> {
  const read = await readDeveloper(deps, found.half, undefined);
  const assessed = assessOn(deps, found, read.ok ? read.value : noDeveloper);
  const end = (): Promise<void> => endLease(deps, lease, assessed, wasLinked);
  if (!read.ok) {
    await end();
    return { kind: 'failed', error: read.error, unclear: false };
  }
  const { subject } = assessed;
  const ordered = order(subject);
  if (ordered.kind !== 'write') {
    await end();
    return ordered;
  }
  if (await deps.isStopped()) {
    await end();
    return { kind: 'stopped' };
  }
  const destroys = ordered.steps.some(({ kind }) => kind === 'delete');
  if (destroys && (await noteNewClaimants(deps, lease, found))) return 'again';
  const why = await before(subject);
  if (why !== undefined) {
    await end();
    return { kind: 'refused', why };
  }
  const made = async (developer: Developer | undefined): Promise<Ordered<R>> => {
    const steps = { apigee: ordered.steps, portal: undefined };
    const changes = changesOrdered(deps, subject.key, foundIn(subject), steps, developer);
    // Kept before the lease ends: whoever comes next finds what was done already told.
    await deps.people.transact({ links: [], userIds: [] }, () => ({ result: undefined, changes }));
    await end();
    return { kind: 'written', developer };
  };
  const written = await writeApigee(deps, lease, subject, ordered.steps);
  if (written.kind === 'done') return made(written.developer);
  if (written.kind === 'out-of-time') {
    await end();
    return 'again';
  }
  const { error, step } = written;
  const came = error.ambiguous
    ? await lookAfterWrite(deps, found, step, subject.developer, error)
    : ({ kind: 'not-made' } as const);
  if (came.kind === 'made') return made(came.developer);
  const unclear = came.kind === 'unknown';
  if (error.ambiguous && error.lookAgainAfterMs === undefined) {
    // The call may still be on its way: the lease is kept until it runs out, and somebody looks again after that.
    const failure = { kind: 'transient', message: error.message } as const;
    await recordInterruption(deps, lease, assessed, { kind: 'failed', failure, ambiguous: true, read: true });
    return { kind: 'failed', error, unclear };
  }
  await end();
  return error.kind === 'absent' ? 'again' : { kind: 'failed', error, unclear };
}

/** What an order changes (rule 34). */
function changesOrdered(
  deps: Pick<SyncDeps, 'by' | 'now' | 'newId' | 'policy'>,
  key: PersonKey,
  found: Found,
  steps: Pick<Decision, 'apigee' | 'portal'>,
  now?: Developer,
): readonly Change[] {
  const written = writtenBy(found, steps, deps.policy);
  if (written.fields.length === 0) return [];
  const note = {
    ...written,
    key,
    situation: 'ordered',
    reason: 'an operator ordered it',
    userId: found.user?.id,
    developerId: (found.developer ?? now)?.developerId,
    mapping: deps.policy.mapping,
    destructive: false,
  } as const;
  return [changeOf(deps, note)];
}

function assessOn(deps: SyncDeps, { half }: Look, evidence: Evidence): Assessment {
  return assess(half, evidence, deps.policy, 'open');
}

/** Gives the lease back. Of a person whom PORTAL_FILTER does not select no link is left that was not there before. */
async function endLease(deps: SyncDeps, lease: OwnLease, assessed: Assessment, wasLinked: boolean): Promise<void> {
  const { key } = assessed.subject;
  const email = canonicalEmail(key);
  if (wasLinked || email === undefined || deps.policy.inScope(email)) {
    await recordInterruption(deps, lease, assessed, { kind: 'abandoned' });
    return;
  }
  await forgetClaim(deps, lease, key);
}

/**
 * Writes to a portal user who still is as `user` shows. `changed`: nothing was written, because somebody else wrote.
 * `refused`: the store does not take it, and never will. `stopped`: nothing may be written now (rule 33).
 */
export async function orderPortalUser(
  deps: Pick<SyncDeps, 'people' | 'isStopped' | 'by' | 'now' | 'newId' | 'policy'>,
  key: PersonKey,
  user: PortalUser,
  write: Exclude<PortalStep, { kind: 'create' }>,
): Promise<'written' | 'changed' | 'refused' | 'stopped'> {
  if (await deps.isStopped()) return 'stopped';
  const changes = changesOrdered(deps, key, { user, developer: undefined }, { apigee: [], portal: write });
  const outcome = await deps.people.transact({ links: [], userIds: [write.id] }, (view) =>
    versionOf(view.portal.get(write.id)) === user.version
      ? { result: 'written' as const, portal: [write], changes }
      : { result: 'changed' as const },
  );
  return outcome.kind === 'refused' ? 'refused' : outcome.result;
}
