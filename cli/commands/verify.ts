import { verifyBothSides } from '../../shared/operator/actions/verify.ts';
import { toVerificationJson } from '../../shared/operator/json/verification.ts';
import { safeText } from '../../shared/operator/words/safe-text.ts';
import type { Services } from '../../shared/wiring/services.ts';
import type { CliIo, ExitCode } from '../process/cli-io.ts';
import { renderVerification } from '../render/verification.ts';

/** Compares both sides and prints every difference, up to a limit. Changes nothing. */
export async function verify(
  services: Services,
  io: CliIo,
  { json, limit }: { readonly json: boolean; readonly limit: number },
): Promise<ExitCode> {
  const verified = await verifyBothSides(services, limit);
  const { verification, findings } = verified;
  if (json) io.out(`${JSON.stringify(toVerificationJson(verified))}\n`);
  if (verification.kind === 'incomplete') {
    io.err(`Not everything could be read, so nothing is proven: ${safeText(verification.problem)}\n`);
    return 1;
  }
  if (!json) io.out(renderVerification(verification, findings, io.layout));
  return verification.unexplained === 0 ? 0 : 2;
}
