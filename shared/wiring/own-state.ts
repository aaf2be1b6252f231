import { settingOf } from '../config/owner-of.ts';
import type { Session } from '../run/session.ts';
import { reportError, type Answer } from './http-push.ts';
import type { Services } from './services.ts';

/**
 * Rule 38: nothing is handled on the state of another organisation or collection. Whatever was to be handled comes again,
 * so that no edit is lost while the settings are put right.
 */
export async function onOwnState(
  { guard, config }: Services,
  { runs, log }: Session,
  source: string,
  handle: () => Promise<Answer>,
): Promise<Answer> {
  try {
    const ownership = await guard.claim(runs);
    if (ownership.kind === 'ours') return await handle();
    const names = ownership.differs.map((part) => settingOf[part]).join(', ');
    const message = `${source}: the state of STATE_PREFIX=${config.statePrefix} was made with another ${names}: set what it was made with, or another STATE_PREFIX`;
    log({ event: 'settings_refused', severity: 'ERROR', message });
  } catch (error) {
    reportError(log, source, error);
  }
  return 'again';
}
