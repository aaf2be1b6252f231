import type { Finding } from '../../verify/finding.ts';
import { verifyPeople, type Verification } from '../../verify/verify-people.ts';
import { batchAllowance } from '../../wiring/allowances.ts';
import { openSession, type Services } from '../../wiring/services.ts';

export interface Verified {
  readonly verification: Verification;
  /** The unexplained ones first. */
  readonly findings: readonly Finding[];
}

/** Compares both sides completely and answers at most `limit` of the differences. Changes nothing. */
export async function verifyBothSides(services: Services, limit: number): Promise<Verified> {
  const unexplained: Finding[] = [];
  const explained: Finding[] = [];
  const verification = await verifyPeople(openSession(services, batchAllowance), (finding) => {
    const list = finding.because.kind === 'unexplained' ? unexplained : explained;
    if (list.length < limit) list.push(finding);
  });
  return { verification, findings: [...unexplained, ...explained].slice(0, limit) };
}
