import type { Attributes } from './profile.ts';

/** Rule 9: custom attributes per developer, reserved and foreign ones included. */
export const maxAttributes = 18;

/** What Apigee requires of a developer before a name is known to be there. */
export interface DeveloperDraft {
  readonly email: string;
  readonly userName: string;
  readonly firstName: string | undefined;
  readonly lastName: string | undefined;
  readonly attributes: Attributes;
}

/** A draft that Apigee's documented limits let through. */
export interface CompleteDeveloper extends DeveloperDraft {
  readonly firstName: string;
  readonly lastName: string;
}

export type LimitCheck =
  | { readonly kind: 'ok'; readonly developer: CompleteDeveloper }
  /** One sentence naming field and limit (rule 18). */
  | { readonly kind: 'broken'; readonly problem: string };

export function checkLimits(draft: DeveloperDraft): LimitCheck {
  const { firstName, lastName } = draft;
  const missing = [firstName === undefined ? 'firstName' : undefined, lastName === undefined ? 'lastName' : undefined];
  const names = missing.filter((name) => name !== undefined);
  if (firstName === undefined || lastName === undefined) {
    return { kind: 'broken', problem: `${names.join(' and ')} missing: Apigee requires a first and a last name` };
  }
  if (draft.attributes.size > maxAttributes) {
    const count = String(draft.attributes.size);
    return { kind: 'broken', problem: `attributes: ${count} of them, Apigee takes at most ${String(maxAttributes)}` };
  }
  return { kind: 'ok', developer: { ...draft, firstName, lastName } };
}
