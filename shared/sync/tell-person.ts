import type { Decision } from '../core/model/decision.ts';
import type { PersonKey } from '../core/model/email.ts';
import type { Recipient } from '../portal/mail.ts';
import type { Mail, SyncDeps } from './deps.ts';

/** A first load tells thousands of people at once: only where that is asked for. */
export async function mailOf({ mail, isEveryoneLinked }: SyncDeps): Promise<Mail | undefined> {
  return mail === undefined || mail.firstLoad || (await isEveryoneLinked()) ? mail : undefined;
}

/** Who a new portal user is told as. */
export function recipientOf({ portal }: Decision, key: PersonKey, userId: string): Recipient {
  const user = portal?.kind === 'create' ? portal.user : undefined;
  return { email: user?.email ?? key, userName: user?.userName ?? key, userId };
}

export function sayTold({ log }: Pick<SyncDeps, 'log'>, key: PersonKey): void {
  const message = 'a mail tells the person of the new account on the portal';
  log({ event: 'person_told', severity: 'INFO', message, person: key });
}
