import type { PersonKey } from '../../shared/core/model/email.ts';
import { audited, type Ended } from '../../shared/operator/actions/audited.ts';
import { syncOnePerson, type SyncedOne } from '../../shared/operator/actions/sync-one.ts';
import { toNotReachedJson, toResultJson } from '../../shared/operator/json/person.ts';
import { refusalWords } from '../../shared/operator/words/refusals.ts';
import { doneWords } from '../../shared/operator/words/results.ts';
import { safeText } from '../../shared/operator/words/safe-text.ts';
import type { PersonResult } from '../../shared/sync/result.ts';
import type { Services } from '../../shared/wiring/services.ts';
import { actingAs } from '../process/acting.ts';
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
  const acting = actingAs(io, undefined);
  const synced = await audited(services, acting, { action: 'sync-person', person }, async (actionId) => {
    const result = await syncOnePerson(services, person, actionId);
    return { result, end: endOf(result) };
  });
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

function endOf(synced: SyncedOne): Ended {
  switch (synced.kind) {
    case 'refused':
      return { state: 'refused', words: refusalWords(synced.reason) };
    case 'not-reached':
      return { state: 'failed', words: `Apigee could not be asked: ${safeText(synced.error.message)}` };
    case 'synced':
      return endOfResult(synced.result);
  }
}

/** How an action on one person ended, for its record. */
export function endOfResult({ outcome, reason }: PersonResult): Ended {
  const words = `${doneWords(outcome, false)}: ${safeText(reason)}`;
  if (outcome === 'failed' || outcome === 'held') return { state: outcome, words };
  return { state: outcome === 'unchanged' || outcome === 'ignored' ? 'nothing' : 'done', words };
}

/** Prints what became of one person. */
export function reportPerson(io: CliIo, result: PersonResult, json: boolean): ExitCode {
  io.out(json ? `${JSON.stringify(toResultJson(result))}\n` : renderResult(result));
  if (result.disposition === 'denied') return 1;
  if (result.situation === 'nobody') return 3;
  return result.outcome === 'failed' || result.outcome === 'held' ? 2 : 0;
}
