import { createHmac, randomBytes } from 'node:crypto';

/**
 * Makes the keyed hash that stands for a person where the email may not stand: in logs (rule 27), and in what is kept of an
 * action after the person was forgotten (rule 37). `key` undefined: a new key, so that hashes can be compared within one
 * process only.
 */
export function personHasher(key: string | undefined): (person: string) => string {
  const secret = key ?? randomBytes(32).toString('hex');
  return (person) => createHmac('sha256', secret).update(person).digest('hex').slice(0, 16);
}
