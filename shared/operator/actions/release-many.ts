import type { PersonKey } from '../../core/model/email.ts';
import type { Services } from '../../wiring/services.ts';
import { refusalWords } from '../words/refusals.ts';
import { holdWords } from '../words/holds.ts';
import type { Acting } from './audited.ts';
import { releaseHeldPerson } from './holds.ts';
import { actOnMany, type ManyStep, type OneOfMany } from './many.ts';
import { oneOf } from './many-developers.ts';
import { afterSync } from './person-act.ts';

/**
 * Releases held people, one after the other. Whoever cannot be released, whatever the cause, stops nobody else (rule 7);
 * only where every write is refused is nobody else looked at. `workMs`: for how long; default: one invocation.
 */
export function releaseMany(
  services: Services,
  acting: Acting,
  people: readonly PersonKey[],
  workMs?: number,
): AsyncGenerator<ManyStep> {
  return actOnMany(services, acting, 'release-group', people, (key, id) => releaseOne(services, key, id), workMs);
}

async function releaseOne(services: Services, key: PersonKey, actionId: string): Promise<OneOfMany> {
  try {
    const released = await releaseHeldPerson(services, key, { actionId });
    switch (released.kind) {
      case 'refused': {
        const isGone = released.reason.kind === 'person-not-held' || released.reason.kind === 'person-unknown';
        if (isGone) return { state: 'nothing', words: 'is not held any more' };
        return { state: 'held', words: refusalWords(released.reason), stops: true };
      }
      case 'left-alone':
        return { state: 'held', words: released.result.reason };
      case 'looked-at': {
        if (released.hold !== undefined) return { state: 'held', words: holdWords(released.hold.reason).reason };
        return oneOf(afterSync({ kind: 'synced', result: released.result }, [], actionId), 'retry');
      }
    }
  } catch {
    return { state: 'failed', words: 'ended by an unexpected error: try again' };
  }
}
