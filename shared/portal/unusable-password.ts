import { createHash, randomBytes } from 'node:crypto';

/**
 * A hash for which nobody knows a password: the salted SHA-512 of 32 random bytes that are not kept (rule 6). A slow hash
 * would not protect more, because the input cannot be guessed. Form: `sha512$SALT$HASH`, in base64url.
 */
export function unusablePasswordHash(): string {
  const salt = randomBytes(16);
  const hash = createHash('sha512').update(salt).update(randomBytes(32)).digest();
  return `sha512$${salt.toString('base64url')}$${hash.toString('base64url')}`;
}
