import type { PersonAnswer } from '../../api/answers/person.ts';
import type { ConflictField } from '../../api/answers/problem.ts';

/** Why a request was not answered as hoped. */
export type ProblemKind =
  /** Nobody is signed in any more: the same request can be made again after signing in. */
  | 'signed-out'
  /** The role does not allow it. */
  | 'forbidden'
  | 'not-found'
  /** Something changed since it was looked at. */
  | 'conflict'
  /** What was sent is not valid: `fields` says where. */
  | 'invalid'
  /** Understood, and refused for a reason that the operator can put right. */
  | 'refused'
  /** The console, or what it needs, does not answer. */
  | 'unavailable';

/** What changed since the page was opened, where that is why nothing was done. */
export interface Conflict {
  readonly diff: readonly ConflictField[];
  readonly now: PersonAnswer;
}

export class ApiProblem extends Error {
  override readonly name = 'ApiProblem';
  readonly kind: ProblemKind;
  /** By the name of the field that was sent. */
  readonly fields: Readonly<Record<string, string>>;
  /** What changed meanwhile, where that was told. */
  readonly conflict: Conflict | undefined;

  constructor(kind: ProblemKind, message: string, fields: Readonly<Record<string, string>> = {}, conflict?: Conflict) {
    super(message);
    this.kind = kind;
    this.fields = fields;
    this.conflict = conflict;
  }
}

export function problemOf(error: unknown): ApiProblem {
  return error instanceof ApiProblem
    ? error
    : new ApiProblem('unavailable', error instanceof Error ? error.message : 'Something went wrong in this page');
}
