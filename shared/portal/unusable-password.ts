import { createHash, randomBytes } from 'node:crypto';

/**
 * A password hash that no password has: salted SHA-512 of 32 random bytes which are then forgotten (rule 6). A slow hash
 * would protect nothing here, there is no guessable input. Form: `sha512$SALT$HASH`, base64url.
 */
export function unusablePasswordHash(): string {
  const salt = randomBytes(16);
  const hash = createHash('sha512').update(salt).update(randomBytes(32)).digest();
  return `sha512$${salt.toString('base64url')}$${hash.toString('base64url')}`;
}
