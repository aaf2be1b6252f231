import { type PlanKind, planKinds } from '../../api/plans.ts';
import { number } from '../components/time.tsx';

export const kindWords: Readonly<Record<PlanKind, string>> = {
  create: 'created',
  update: 'updated',
  deactivate: 'made inactive',
  delete: 'deleted',
};

/** `2 created, 1 made inactive`. */
export function kindsWords(counts: Readonly<Record<PlanKind, number>>): string {
  return presentKinds(counts)
    .map((kind) => `${number(counts[kind])} ${kindWords[kind]}`)
    .join(', ');
}

export function presentKinds(counts: Readonly<Record<PlanKind, number>>): readonly PlanKind[] {
  return planKinds.filter((kind) => counts[kind] > 0);
}

export function sumOf(counts: Readonly<Record<PlanKind, number>>): number {
  return planKinds.reduce((sum, kind) => sum + counts[kind], 0);
}
