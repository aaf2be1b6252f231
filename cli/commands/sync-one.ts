import type { PersonKey } from '../../shared/core/model/email.ts';
import { syncOnePerson } from '../../shared/operator/actions/sync-one.ts';
import { toNotReachedJson, toResultJson } from '../../shared/operator/json/person.ts';
import { safeText } from '../../shared/operator/words/safe-text.ts';
import type { PersonResult } from '../../shared/sync/result.ts';
import type { Services } from '../../shared/wiring/services.ts';
import type { CliIo, ExitCode } from '../process/cli-io.ts';
import { renderResult } from '../render/person.ts';
import { refusalOf } from '../render/refusal.ts';

/** Brings one person in step, now, and prints what became of the person. */
export async function syncOne(
  services: Services,
  io: CliIo,
  person: PersonKey,
  { json }: { readonly json: boolean },
): Promise<ExitCode> {
  const synced = await syncOnePerson(services, person);
  switch (synced.kind) {
    case 'synced':
      return reportPerson(io, synced.result, json);
    case 'not-reached':
      if (json) io.out(`${JSON.stringify(toNotReachedJson(person, synced.error))}\n`);
      io.err(`Nothing was done: Apigee could not be asked. ${safeText(synced.error.message)}\n`);
      return 1;
    case 'refused':
      throw refusalOf(synced.reason);
  }
}

/** Prints what became of one person. */
export function reportPerson(io: CliIo, result: PersonResult, json: boolean): ExitCode {
  io.out(json ? `${JSON.stringify(toResultJson(result))}\n` : renderResult(result));
  if (result.disposition === 'denied') return 1;
  return result.outcome === 'failed' || result.outcome === 'held' ? 2 : 0;
}
