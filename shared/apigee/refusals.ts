import type { Answer, Operation } from './developers.ts';

/**
 * Whether a path can name this developer. An empty id is the listing; dots, encoded or not, are resolved away, so that
 * deleting `..` would delete the organisation.
 */
export function canBeNamed(email: string): boolean {
  return email.trim() !== '' && email !== '.' && email !== '..' && email.isWellFormed();
}

export function unusableEmail(operation: Operation): Answer<never> {
  return refusedHere(operation, 'this email cannot name a developer');
}

/** Rule 17, without asking: X refuses it, and trying has been seen to leave two developers behind. */
export function renameRefused(): Answer<never> {
  return refusedHere('update', 'Apigee X and hybrid do not rename a developer');
}

/** No call is made. */
function refusedHere(operation: Operation, why: string): Answer<never> {
  const message = `${operation}: ${why}`;
  return {
    ok: false,
    error: { kind: 'refused', operation, status: undefined, code: undefined, message, ambiguous: false },
  };
}
