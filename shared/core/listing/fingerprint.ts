import { hash } from 'node:crypto';
import type { Developer } from '../model/profile.ts';

/** Raised by a version that makes something else of the same developer: then everybody is looked at anew. */
const reading = 1;

/**
 * Stands for everything that a listing says of a developer: 64 bits, as text. Two listings that agree on it say the same,
 * whatever Apigee's times say.
 */
export function developerFingerprint(developer: Developer): string {
  const { email, developerId, userName, firstName, lastName, status, createdAt, lastModifiedAt, others } = developer;
  const named = [email, developerId, userName, firstName, lastName, status, createdAt, lastModifiedAt];
  return digest(JSON.stringify([reading, ...named, [...developer.attributes], others]));
}

/** Stands for a person within one run: what is kept of a run outlives who is forgotten (rule 37). */
export function personDigest(runId: string, key: string): string {
  return digest(`${runId}\0${key}`);
}

function digest(text: string): string {
  return hash('sha256', text, 'buffer').subarray(0, 8).toString('base64url');
}
