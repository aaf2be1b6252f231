import { canonicalEmail } from '../core/model/email.ts';
import type { Developer } from '../core/model/profile.ts';

/** Whether an answer is about the developer who was asked for, by email or developerId (rule 25). */
export function isAbout({ email, developerId }: Pick<Developer, 'email' | 'developerId'>, asked: string): boolean {
  return developerId === asked || isSameEmail(email, asked);
}

/** Edge keeps emails as they were written, and two spellings of one email are one person. */
export function isSameEmail(answered: string, asked: string): boolean {
  const canonical = canonicalEmail(asked);
  return answered === asked || (canonical !== undefined && canonicalEmail(answered) === canonical);
}
