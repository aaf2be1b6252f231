import { canonicalEmail, documentKey, type CanonicalEmail, type PersonKey } from '../core/model/email.ts';
import type { People, PortalDocument } from '../state/people.ts';
import { comparedFields, comparedInApigee, digestOf } from './fields.ts';
import type { Finding } from './finding.ts';
import { lookAgain, type Suspect, type VerifyDeps } from './look-again.ts';
import { readApigee } from './read-apigee.ts';

export type Verification =
  | ({ readonly kind: 'complete' } & VerificationCounts)
  /** A listing could not be read to its end: nothing is proven about anyone (rule 25). */
  | { readonly kind: 'incomplete'; readonly problem: string };

/** Counts only people whom PORTAL_FILTER selects. */
export interface VerificationCounts {
  readonly developers: number;
  readonly portalUsers: number;
  readonly explained: number;
  readonly unexplained: number;
  /** People whose status differs. This is no finding: a status travels only when it is edited (rule 14). */
  readonly statusesDiffer: number;
}

const portalPage = 500;

/**
 * A second opinion: reads both sides completely, and calls `report` for every person whose two sides differ. Shares no
 * code with what decides and merges. Writes nothing.
 *
 * Both sides change while they are read, so a person whose sides seem to differ is read again, alone, before `report`.
 *
 * Costs two Apigee calls per 1,000 developers and one read per portal document; for each person whose sides seem to
 * differ, one more call, a query and about three reads. Profiles pass through page by page. What is kept of a person is
 * an email with a digest, or an email with a document id: less than 400 MB for a million people. Throws where the store
 * fails.
 */
export async function verifyPeople(deps: VerifyDeps, report: (finding: Finding) => void): Promise<Verification> {
  const { policy, people, now } = deps;
  const startedAt = now();
  const counts = { developers: 0, portalUsers: 0, explained: 0, unexplained: 0, statusesDiffer: 0 };
  const tell = (finding: Finding): void => {
    counts[finding.because.kind] += 1;
    report(finding);
  };

  const listed = new Map<CanonicalEmail, string>();
  const statuses = new Map<CanonicalEmail, string>();
  const spellings = new Map<CanonicalEmail, string[]>();
  const reading = await readApigee(deps.developers, (email, developer) => {
    const key = canonicalEmail(email);
    if (key === undefined || developer === undefined) {
      counts.developers += 1;
      const because = { kind: 'explained', explanation: { kind: 'unusable-email' } } as const;
      return tell({ key: `#developer:${email}`, difference: { kind: 'unusable-developer' }, because });
    }
    if (!policy.inScope(key)) return undefined;
    counts.developers += 1;
    const isTwin = listed.has(key);
    if (isTwin || email !== key) spellings.set(key, [...(spellings.get(key) ?? (isTwin ? [key] : [])), email]);
    listed.set(key, digestOf(comparedInApigee(developer, policy, undefined).fields));
    if (developer.status !== 'active') statuses.set(key, developer.status);
    return undefined;
  });
  if (reading.kind === 'incomplete') return reading;

  const suspects = new Map<PersonKey, Suspect>();
  const suspect = (key: PersonKey, userIds: readonly string[]): void => {
    const known = suspects.get(key)?.userIds ?? [];
    const email = canonicalEmail(key);
    const emails = email === undefined || !listed.has(email) ? [] : (spellings.get(email) ?? [email]);
    suspects.set(key, { key, userIds: [...new Set([...known, ...userIds])], emails });
  };
  const owners = new Map<CanonicalEmail, string>();
  for await (const { id, reading: document } of portalDocuments(people)) {
    if (document.kind === 'absent') continue;
    const key = canonicalEmail(document.kind === 'user' ? document.user.email : document.email);
    if (key === undefined) {
      counts.portalUsers += 1;
      suspect(documentKey(id), [id]);
      continue;
    }
    if (!policy.inScope(key)) continue;
    counts.portalUsers += 1;
    const other = owners.get(key);
    owners.set(key, id);
    const isSame =
      document.kind === 'user' && listed.get(key) === digestOf(comparedFields(document.user.profile, policy));
    if (other !== undefined || (spellings.get(key)?.length ?? 1) > 1 || !isSame)
      suspect(key, other === undefined ? [id] : [other, id]);
    const status = document.kind === 'user' ? document.user.profile.status : undefined;
    if (status !== undefined && listed.has(key) && status !== (statuses.get(key) ?? 'active'))
      counts.statusesDiffer += 1;
  }
  for (const key of listed.keys()) if (!owners.has(key)) suspect(key, []);

  const problem = await lookAgain(deps, [...suspects.values()], startedAt, tell);
  return problem === undefined ? { kind: 'complete', ...counts } : { kind: 'incomplete', problem };
}

async function* portalDocuments(people: People): AsyncGenerator<PortalDocument> {
  let after: string | undefined;
  for (;;) {
    const { documents, more } = await people.portalPage({ after, limit: portalPage });
    yield* documents;
    after = documents.at(-1)?.id;
    if (!more) return;
  }
}
