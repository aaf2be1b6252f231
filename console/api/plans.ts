import type { Role } from './roles.ts';

/** What is planned for a person, at its gravest. */
export const planKinds = ['create', 'update', 'deactivate', 'delete'] as const;
export type PlanKind = (typeof planKinds)[number];

/** How many people of these kinds a plan writes, by kind; no kinds: all of it. */
export function chosenOf(
  counts: Readonly<Record<PlanKind, number>>,
  kinds: readonly PlanKind[],
): Readonly<Record<PlanKind, number>> {
  const of = (kind: PlanKind): number => (kinds.length === 0 || kinds.includes(kind) ? counts[kind] : 0);
  return { create: of('create'), update: of('update'), deactivate: of('deactivate'), delete: of('delete') };
}

/**
 * Who may apply what writes so many: applying asks no limit, so that what deactivates or deletes, or creates more than a run
 * may, needs whoever may approve it.
 */
export function roleToApply(chosen: Readonly<Record<PlanKind, number>>, creationLimit: number): Role {
  return chosen.deactivate + chosen.delete > 0 || chosen.create > creationLimit ? 'admin' : 'operator';
}
