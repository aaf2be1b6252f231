import { verifyPeople } from '../../shared/verify/verify-people.ts';
import { batchAllowance } from '../../shared/wiring/allowances.ts';
import { openSession, type Services } from '../../shared/wiring/services.ts';
import type { CliIo, ExitCode } from '../process/cli-io.ts';
import { keepFindings } from './keep-findings.ts';
import { renderVerification, toVerificationJson } from '../render/verification.ts';
import { safeText } from '../../shared/operator/words/safe-text.ts';

/** Compares both sides with code of its own. Changes nothing. */
export async function verify(
  services: Services,
  io: CliIo,
  { json, limit }: { readonly json: boolean; readonly limit: number },
): Promise<ExitCode> {
  const session = openSession(services, batchAllowance);
  const findings = keepFindings(limit);
  const verification = await verifyPeople(session, findings.add);
  if (json) io.out(`${JSON.stringify(toVerificationJson(verification, findings.kept()))}\n`);
  if (verification.kind === 'incomplete') {
    io.err(`Not everything could be read, so nothing is proven: ${safeText(verification.problem)}\n`);
    return 1;
  }
  if (!json) io.out(renderVerification(verification, findings.kept()));
  return verification.unexplained === 0 ? 0 : 2;
}
