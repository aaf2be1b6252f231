import { decide } from '../../core/decide/decide.ts';
import { isVerified } from '../../core/decide/ownership.ts';
import { leftAloneIntro, policyFor } from '../../core/decide/left-alone.ts';
import type { Decision, Subject } from '../../core/model/decision.ts';
import { canonicalEmail, type CanonicalEmail } from '../../core/model/email.ts';
import type { Policy } from '../../core/model/policy.ts';
import type { Developer, PortalUser } from '../../core/model/profile.ts';
import type { PortalMapping } from '../../portal/mapping.ts';
import { readPortalUser, type RawPortalDocument } from '../../portal/read-user.ts';

/** What a first run would do with a sample of the portal's documents. */
export interface SampleCheck {
  readonly documents: number;
  /** Of the documents: people who have a developer already. */
  readonly linked: number;
  /** People for whom a developer would be created. */
  readonly created: number;
  readonly failed: number;
  /** Two or more documents with one email. */
  readonly collided: number;
  /** Left alone by PORTAL_FILTER, PORTAL_SELECT or an unverified email. */
  readonly leftOut: number;
  /** The most frequent first. */
  readonly problems: readonly SampleProblem[];
}

export interface SampleProblem {
  /** `person`: nothing of the person is synchronised. `field`: only that field is not. `left-out`: nothing is wrong. */
  readonly kind: 'person' | 'field' | 'left-out';
  /** A sentence without values. */
  readonly what: string;
  readonly count: number;
  /** The id of one such document. */
  readonly example: string;
}

/** Decides for each document as a first run would. Writes nothing. */
export function checkSample(
  documents: readonly RawPortalDocument[],
  developers: ReadonlyMap<CanonicalEmail, Developer>,
  mapping: PortalMapping,
  policy: Policy,
): SampleCheck {
  const counts = { linked: 0, created: 0, failed: 0, collided: 0, leftOut: 0 };
  const problems = new Map<string, SampleProblem>();
  const note = (kind: SampleProblem['kind'], what: string, example: string): void => {
    const known = problems.get(what);
    problems.set(what, { kind, what, count: (known?.count ?? 0) + 1, example: known?.example ?? example });
  };
  const decided = (email: CanonicalEmail, user: PortalUser): Decided => {
    const developer = developers.get(email);
    const subject: Subject = {
      key: email,
      portal: { kind: 'user', user, email },
      developer: developer === undefined ? { kind: 'absent' } : { kind: 'developer', developer },
      link: undefined,
      rivals: [],
      renameTarget: 'free',
    };
    const decision = decide(subject, policy);
    // Fields that are left alone are counted by themselves.
    const [reason = ''] = decision.reason.split(leftAloneIntro);
    return { decision: { ...decision, reason }, left: [...(policyFor(subject, policy).leftAlone?.values() ?? [])] };
  };
  const users = new Map<CanonicalEmail, PortalUser[]>();
  for (const document of documents) {
    const reading = readPortalUser(document, mapping);
    if (reading.kind === 'absent') continue;
    if (reading.kind === 'malformed') {
      counts.failed += 1;
      for (const problem of reading.problems) note('person', problem, document.id);
      continue;
    }
    const email = canonicalEmail(reading.user.email);
    if (email !== undefined) users.set(email, [...(users.get(email) ?? []), reading.user]);
  }
  for (const [email, all] of users) {
    // Who is not selected or not verified contests nothing (rule 19).
    const contesting = all.filter((user) => isVerified({ kind: 'user', user }));
    const [user = all[0]] = contesting;
    if (user === undefined) continue;
    for (const other of all.filter((one) => one !== user && !contesting.includes(one))) {
      counts.leftOut += 1;
      note('left-out', decided(email, other).decision.reason, other.id);
    }
    if (contesting.length > 1) {
      counts.collided += contesting.length;
      note('person', 'Two or more documents have one email: change or delete all but one.', user.id);
      continue;
    }
    const { decision, left } = decided(email, user);
    const fate = fateOf(decision);
    counts[fate] += 1;
    if (fate === 'failed' || fate === 'leftOut')
      note(fate === 'failed' ? 'person' : 'left-out', decision.reason, user.id);
    for (const problem of new Set(left)) note('field', problem, user.id);
  }
  return {
    documents: documents.length,
    ...counts,
    problems: [...problems.values()].toSorted((a, b) => b.count - a.count),
  };
}

interface Decided {
  readonly decision: Decision;
  /** What is wrong with fields that are left alone, a sentence each. */
  readonly left: readonly string[];
}

function fateOf({ outcome, situation }: Decision): 'linked' | 'created' | 'failed' | 'leftOut' {
  if (outcome === 'failed' || outcome === 'held') return 'failed';
  if (outcome === 'ignored' || situation === 'unselected' || situation === 'unverified') return 'leftOut';
  return outcome === 'created-apigee' ? 'created' : 'linked';
}
