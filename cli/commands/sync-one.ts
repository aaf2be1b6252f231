import type { ApigeeError } from '../../shared/apigee/developers.ts';
import { canonicalEmail } from '../../shared/core/model/email.ts';
import type { Link } from '../../shared/core/model/link.ts';
import type { Session } from '../../shared/run/session.ts';
import type { SyncDeps } from '../../shared/sync/deps.ts';
import { look, readDeveloper, type Person } from '../../shared/sync/look.ts';
import { releasePerson } from '../../shared/sync/release-person.ts';
import type { PersonResult } from '../../shared/sync/result.ts';
import { syncPerson } from '../../shared/sync/sync-person.ts';
import { batchAllowance } from '../../shared/wiring/allowances.ts';
import { openSession, type Services } from '../../shared/wiring/services.ts';
import { Refusal, type CliIo, type ExitCode } from '../process/cli-io.ts';
import { findPerson, personKey } from '../process/person-argument.ts';
import { fieldLines } from '../render/report.ts';
import { safeText } from '../../shared/operator/words/safe-text.ts';
import { doneWords, personWords, situationWords } from '../../shared/operator/words/words.ts';
import { newRunId } from './sync-run.ts';

/** Brings one person in step in this process, now: the same steps as every other flow (rule 20). */
export async function syncOne(
  services: Services,
  io: CliIo,
  argument: string,
  { json }: { readonly json: boolean },
): Promise<ExitCode> {
  const key = personKey(argument);
  const session = openSession(services, batchAllowance);
  const deps = manualDeps(session);

  const person = await findPerson(session.people, key);
  // Whoever asks for one person wants it tried again, also what failed for good: its cause may have been elsewhere.
  const known = (await session.people.links([key])).get(key)?.link;
  if (known?.failure?.kind === 'permanent') {
    const released = await releasePerson(deps, person);
    if (released.kind !== 'nothing-held') return reportPerson(io, released.result, json);
  }
  const email = canonicalEmail(key);
  if (email !== undefined && session.policy.inScope(email)) {
    await refuseBeforeFullRun(session, person, known);
    // The developer is read here, so that a person whose portal side says nothing new is compared all the same.
    const developer = await readDeveloper(deps, (await look(session, person)).half, undefined);
    if (!developer.ok) return notReached(io, key, developer.error, json);
    return reportPerson(io, await syncPerson(deps, person, developer.value.side), json);
  }
  return reportPerson(io, await syncPerson(deps, person), json);
}

/**
 * Emails of documents are spelt as people spell them, and a query finds only one spelling: before a full run has read them
 * all, somebody who seems to have no portal user would be given a second one.
 */
async function refuseBeforeFullRun(
  { runs, scope }: Session,
  { hints }: Person,
  known: Link | undefined,
): Promise<void> {
  if (hints.length > 0 || known?.userId !== undefined) return;
  const { lastFull } = await runs.control();
  if (lastFull?.scope !== scope)
    throw new Refusal(
      'No full run was made with these settings, so nobody knows who is on the portal: devsync sync --full',
    );
}

/** Acts in an operator's name, within the hour's allowance (rule 16). */
export function manualDeps(session: Session): SyncDeps {
  const { runs, limits, now } = session;
  const hour = new Date(now()).toISOString().slice(0, 13);
  const gate = { kind: 'allowance', spend: () => runs.spendDestructive(hour, limits.limit) } as const;
  return { ...session, by: { kind: 'operator', actionId: newRunId('manual', now()) }, gate };
}

/** Prints what became of one person. */
export function reportPerson(io: CliIo, result: PersonResult, json: boolean): ExitCode {
  const { key, situation, outcome, reason, fields } = result;
  if (json) io.out(`${JSON.stringify({ person: key, situation, outcome, reason, fields })}\n`);
  else {
    const lines = [
      `${safeText(personWords(key))}: ${situationWords(situation)}`,
      `  done    ${doneWords(outcome, false)}`,
      ...(fields.length === 0 ? [] : [`  fields  ${fieldLines(fields, 18).replaceAll('\n', '\n          ')}`]),
      `  why     ${safeText(reason)}`,
    ];
    io.out(`${lines.join('\n')}\n`);
  }
  if (result.disposition === 'denied') return 1;
  return outcome === 'failed' || outcome === 'held' ? 2 : 0;
}

function notReached(io: CliIo, key: string, { message }: ApigeeError, json: boolean): ExitCode {
  if (json)
    io.out(`${JSON.stringify({ person: key, situation: null, outcome: 'failed', reason: message, fields: [] })}\n`);
  io.err(`Nothing was done: Apigee could not be asked. ${safeText(message)}\n`);
  return 1;
}
