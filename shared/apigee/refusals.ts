import type { Answer, Operation } from './developers.ts';

/**
 * Whether a path can name this developer. An empty email would name the listing. Dots are resolved as path segments, encoded
 * or not: deleting `..` would delete the organisation.
 */
export function canBeNamed(email: string): boolean {
  return email.trim() !== '' && email !== '.' && email !== '..' && email.isWellFormed();
}

export function unusableEmail(operation: Operation): Answer<never> {
  return refusedHere(operation, 'this email cannot name a developer');
}

/**
 * The answer to a rename on X and hybrid, given without a call: X refuses it, and tries were seen to leave two
 * developers behind (rule 17).
 */
export function renameRefused(): Answer<never> {
  return refusedHere('update', 'Apigee X and hybrid do not rename a developer');
}

/** A refusal of our own: no call is made. */
function refusedHere(operation: Operation, why: string): Answer<never> {
  const message = `${operation}: ${why}`;
  return {
    ok: false,
    error: { kind: 'refused', operation, status: undefined, code: undefined, message, ambiguous: false },
  };
}
