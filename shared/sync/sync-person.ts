import type { Answer, ApigeeError } from '../apigee/developers.ts';
import type { Log } from '../log/log.ts';
import { decide } from '../core/decide/decide.ts';
import type { Decision, DeveloperSide, Subject } from '../core/model/decision.ts';
import { nothingNewOnPortal, quiet } from '../core/next-step/no-op.ts';
import { carryOut, developerOf, type CarriedOut } from './write-apigee.ts';
import type { SyncDeps } from './deps.ts';
import { recordSetback, wasTried } from './failures.ts';
import { gather, withDeveloper, type Found, type Person } from './look.ts';
import { isHearsay, isNews, isOutdated, isUnheard, type Listed } from '../core/next-step/evidence.ts';
import { acquire, type Acquired } from './lease.ts';
import { noteBeforeOverwriting } from './note-before-overwriting.ts';
import { readDeveloper } from './read-developer.ts';
import { newPatience } from './patience.ts';
import { record } from './record.ts';
import {
  denied,
  leftToNextRun,
  outOfScope,
  planned,
  resultOf,
  retryLater,
  settledResult,
  suspended,
  type PersonResult,
} from './result.ts';
import { recordRefused } from './refused-by-store.ts';
import { tellWaiting } from './tell-waiting.ts';

/** How often one person is looked at again because somebody else was writing at the same time. */
const rounds = 6;

/**
 * Brings one person in step, whatever made us look at them (rule 20): read both sides, decide, and where something is to
 * be written do it under the person's lease, deciding anew on what is read there.
 */
export async function syncPerson(outer: SyncDeps, person: Person, listed?: Listed): Promise<PersonResult> {
  const started = outer.now();
  const log: Log = (entry) => outer.log({ durationMs: outer.now() - started, ...entry });
  const deps = { ...outer, log };
  if (!isDocumentKey(person.key) && !deps.policy.inScope(person.key)) return outOfScope(person.key);
  const isPatient = newPatience(deps);
  let isFirst = true;
  for (let round = 0; round < rounds; round += 1) {
    const found = await gather(deps.people, person, deps.policy);
    await tellWaiting(deps, found);
    // That there are two, only a listing tells: a hold for it is good whatever we attempted.
    const isTold = listed?.kind === 'collision' || !isUnheard(found.subject.link);
    const isUsable = isFirst && isTold && !isOutdated(deps, listed, found);
    const known = isDocumentKey(person.key) ? nobody : isUsable ? listed : undefined;
    // Where what was listed goes unheeded, and is news, Apigee has to be asked.
    const isDoubtful = known === undefined && listed !== undefined && (!isFirst || isNews(listed, found));
    const early = isDoubtful ? 'lease' : await withoutLease(deps, found, known);
    isFirst = false;
    if (early !== 'again' && early !== 'lease') return early;
    if (early === 'again') continue;

    const acquired = await acquire(deps, person, found);
    if (acquired.kind === 'busy') {
      if (!(await isPatient())) return retryLater(found, 'somebody else is writing this person');
      round -= 1;
      continue;
    }
    if (acquired.kind === 'again') continue;
    const result = await underLease(
      deps,
      acquired,
      acquired.intentsBefore.length > 0 || isOutdated(deps, known, acquired.found) ? undefined : known,
      listed,
    );
    if (result !== 'again') return result;
  }
  return retryLater(
    await gather(deps.people, person, deps.policy),
    'the person kept changing while being synchronised',
  );
}

const nobody: Listed = { kind: 'absent' };

/** What can be told, or noted on the link, without the right to write anywhere else. */
async function withoutLease(
  deps: SyncDeps,
  found: Found,
  known: Listed | undefined,
): Promise<PersonResult | 'again' | 'lease'> {
  if (known === undefined) {
    return nothingNewOnPortal(found.subject, deps.policy) ? settledResult(found, deps.by) : 'lease';
  }
  const subject = withDeveloper(found, known);
  const decision = decide(subject, deps.policy);
  if (hasEffects(decision))
    return decision.destructive && deps.gate.kind === 'plan' ? planned(subject, decision) : 'lease';
  if (isHearsay(subject, decision)) return 'lease';
  if (quiet(subject, deps.policy)) return resultOf(subject, decision, deps.by);
  const version = found.stored?.version;
  const recorded = await record(deps, found, subject, decision, developerOf(subject), { kind: 'unchanged', version });
  if (recorded === 'refused') throw new Error('the store refuses a link of ours');
  if (recorded !== 'done') return 'again';
  return decision.end.kind === 'moved' ? 'again' : resultOf(subject, decision, deps.by, deps.log);
}

async function underLease(
  deps: SyncDeps,
  { found, lease, intentsBefore }: Extract<Acquired, { kind: 'held' }>,
  known: Listed | undefined,
  listed: Listed | undefined,
): Promise<PersonResult | 'again'> {
  const answer = await developerFor(deps, found, known, listed);
  const subject = withDeveloper(found, answer.ok ? answer.value : { kind: 'absent' });
  const decision = decide(subject, deps.policy);
  const giveUp = recordSetback.bind(undefined, deps, subject, decision, lease, intentsBefore);
  if (!answer.ok) {
    const isDenied = answer.error.kind === 'denied';
    if (isDenied || answer.error.suspended === true) {
      await giveUp({ kind: 'postponed', landed: false, read: false });
      return isDenied ? denied(subject, answer.error) : suspended(subject, answer.error);
    }
    await giveUp({ kind: 'failure', error: answer.error, landed: false, read: false });
    sayUnavailable(deps, answer.error);
    return retryLater(found, answer.error.message, deps.log);
  }

  if (await isToldBySpelling(deps, subject, decision)) {
    await giveUp({ kind: 'postponed', landed: false, read: true });
    return leftToNextRun(subject, decision);
  }
  if (decision.destructive) {
    if (deps.gate.kind === 'plan') {
      await giveUp({ kind: 'released', landed: false });
      return planned(subject, decision);
    }
    // A deletion that is tried again was counted before.
    if (deps.gate.kind === 'allowance' && !wasTried(subject, decision) && !(await deps.gate.spend())) {
      const detail = 'DESTRUCTIVE_LIMIT deletions have been passed on within this hour already';
      await giveUp({ kind: 'hold', hold: { reason: 'destructive-limit', detail }, landed: false });
      return resultOf(subject, { ...decision, outcome: 'held', reason: detail }, deps.by, deps.log);
    }
  }

  if (!(await noteBeforeOverwriting(deps, subject, decision, lease))) return 'again';
  const done = await carryOut(deps, lease, subject, decision.apigee);
  if (done.kind !== 'done') return afterSetback(deps, subject, decision, done, giveUp);
  const warrant = { kind: 'lease', lease } as const;
  const recorded = await record(deps, found, subject, decision, done.developer, warrant);
  if (recorded === 'moved') await giveUp({ kind: 'released', landed: decision.apigee.length > 0 });
  if (recorded === 'refused') return recordRefused(deps, subject.key, lease);
  if (recorded === 'left') await giveUp({ kind: 'released', landed: false });
  if (recorded !== 'done' || decision.end.kind === 'moved') return 'again';
  return resultOf(subject, decision, deps.by, deps.log);
}

async function afterSetback(
  deps: SyncDeps,
  subject: Subject,
  decision: Decision,
  setback: Exclude<CarriedOut, { kind: 'done' }>,
  giveUp: (setback: Parameters<typeof recordSetback>[5]) => Promise<boolean>,
): Promise<PersonResult | 'again'> {
  const { landed } = setback;
  if (setback.kind === 'out-of-time') {
    await giveUp({ kind: 'released', landed });
    return 'again';
  }
  const { error, step } = setback;
  switch (error.kind) {
    case 'absent':
      // Deleted between our read and our write.
      await giveUp({ kind: 'released', landed });
      return 'again';
    case 'conflict':
      if (step.kind === 'update') {
        const detail = 'the email that the portal user took belongs to another developer';
        await giveUp({ kind: 'hold', hold: { reason: 'rename-collision', detail }, landed });
        return resultOf(subject, { ...decision, outcome: 'held', reason: detail }, deps.by, deps.log);
      }
      // Somebody created it, perhaps an attempt of ours before this one: read it and decide with it.
      await giveUp({ kind: 'released', landed });
      return 'again';
    case 'denied':
      await giveUp({ kind: 'postponed', landed, read: true });
      return denied(subject, error);
    case 'refused':
      await giveUp({ kind: 'failure', error, landed, read: true });
      return resultOf(subject, { ...decision, outcome: 'failed', reason: error.message }, deps.by, deps.log);
    case 'unavailable':
      if (error.suspended === true) {
        await giveUp({ kind: 'postponed', landed, read: true });
        return suspended(subject, error);
      }
      await giveUp({ kind: 'failure', error, landed, read: true });
      sayUnavailable(deps, error);
      return retryLater({ subject }, error.message, deps.log);
  }
}

async function developerFor(
  deps: SyncDeps,
  found: Found,
  known: Listed | undefined,
  listed: Listed | undefined,
): Promise<Answer<DeveloperSide>> {
  if (known === undefined) return readDeveloper(deps, found, listed);
  const subject = withDeveloper(found, known);
  const decision = decide(subject, deps.policy);
  if (isHearsay(subject, decision)) return readDeveloper(deps, found, listed);
  const enough = !decision.destructive && decision.apigee.every((step, index) => index > 0 || step.kind === 'create');
  return enough ? { ok: true, value: known } : readDeveloper(deps, found, listed);
}

/**
 * On Edge emails keep their case: whoever is gone under the spellings that we know may be there in another one. Only the
 * walk of a listing that shows none tells that nobody is there.
 */
async function isToldBySpelling(
  { policy, spellings }: SyncDeps,
  { key, developer, link }: Subject,
  { apigee, end }: Decision,
): Promise<boolean> {
  if (policy.rename !== 'in-place' || developer.kind !== 'absent') return false;
  const isBurial = end.kind === 'developer-buried' || end.kind === 'both-buried' || end.kind === 'moved';
  if (!isBurial && apigee.length === 0) return false;
  return spellings === undefined ? link?.developer !== undefined : (await spellings(key)).length > 0;
}

function isDocumentKey(key: Person['key']): key is `#${string}` {
  return key.startsWith('#');
}

function sayUnavailable({ log }: SyncDeps, { message }: ApigeeError): void {
  log({ event: 'apigee_unavailable', severity: 'WARNING', message });
}

function hasEffects(decision: Decision): boolean {
  return decision.apigee.length > 0 || decision.portal !== undefined;
}
