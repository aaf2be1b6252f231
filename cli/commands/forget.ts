import type { PersonKey } from '../../shared/core/model/email.ts';
import { canonicalEmail } from '../../shared/core/model/email.ts';
import { forgetPerson, type ForgottenPerson } from '../../shared/operator/actions/forget-person.ts';
import { personWords } from '../../shared/operator/words/results.ts';
import { safeText } from '../../shared/operator/words/safe-text.ts';
import type { Services } from '../../shared/wiring/services.ts';
import { actingAs } from '../process/acting.ts';
import { Refusal, type CliIo, type ExitCode } from '../process/cli-io.ts';
import { confirm } from '../process/confirm.ts';
import { refusalOf } from '../render/refusal.ts';

export interface ForgetOptions {
  readonly person: PersonKey;
  readonly reason: string | undefined;
  readonly yes: boolean;
  readonly json: boolean;
}

/** Removes all that is kept of a person who is on neither side (rule 37). */
export async function forget(
  services: Services,
  io: CliIo,
  { person, reason, yes, json }: ForgetOptions,
): Promise<ExitCode> {
  if (!yes) {
    io.err(
      `Removes all that is kept of ${safeText(personWords(person))}, for good: history, and that they were deleted.\n`,
    );
    await confirm(io, person, (typed) => typed.trim() === person || canonicalEmail(typed) === person);
  }
  const done = await forgetPerson(services, actingAs(io, reason), person);
  switch (done.kind) {
    case 'refused':
      throw refusalOf(done.reason);
    case 'on-a-side':
      throw new Refusal(
        `${personWords(person)} is ${sideWords[done.side]}: nothing was forgotten. ${sideAdvice[done.side]}`,
      );
    case 'not-reached':
      throw new Refusal(`Nothing was forgotten: Apigee could not be asked. ${safeText(done.error.message)}`);
    case 'forgotten':
      return report(io, done, json);
  }
}

const sideWords = { portal: 'on the portal', apigee: 'in Apigee' } as const;
const sideAdvice = {
  portal: 'Delete the portal user first, or both sides with devsync developers delete EMAIL',
  apigee:
    'Delete the developer first, or both sides with devsync developers delete EMAIL; if that is done, let a run see it: devsync sync --full',
} as const;

function report(
  io: CliIo,
  { removed, left }: Extract<ForgottenPerson, { kind: 'forgotten' }>,
  json: boolean,
): ExitCode {
  const isNobody = left.length === 0 && Object.values(removed).every((count) => count === 0);
  if (json) io.out(`${JSON.stringify({ removed, left })}\n`);
  else if (isNobody) io.out('Nothing is kept of this person.\n');
  else {
    for (const [what, count] of Object.entries(removed)) io.out(`${what}: ${String(count)} removed\n`);
    for (const what of left) io.out(`still kept: ${what}\n`);
  }
  if (isNobody) return 3;
  return left.length > 0 ? 2 : 0;
}
