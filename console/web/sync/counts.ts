import type { ApigeeCalls, RunCounts, RunSummary } from '../../api/answers/runs.ts';
import { counted, number } from '../components/time.tsx';

/** The parts that make up everyone seen (rule 26). */
export function partsOf({
  created,
  updated,
  unchanged,
  held,
  failed,
}: RunCounts): readonly (readonly [string, number])[] {
  return [
    ['created in Apigee', created.apigee],
    ['created on the portal', created.portal],
    ['updated in Apigee', updated.apigee],
    ['updated on the portal', updated.portal],
    ['unchanged', unchanged],
    ['held', held],
    ['failed', failed],
  ];
}

/** `30 people: 3 created in Apigee, 27 unchanged.` */
export function countsWords(counts: RunCounts): string {
  const parts = partsOf(counts).filter(([, people]) => people > 0);
  const words = parts.map(([name, people]) => `${number(people)} ${name}`).join(', ');
  return `${counted(counts.seen, 'person', 'people')}${words === '' ? '' : `: ${words}`}.`;
}

export function changedIn({ created, updated }: RunCounts): number {
  return created.apigee + created.portal + updated.apigee + updated.portal;
}

export function callsOf({ list, get, create, update, status, delete: deleted }: ApigeeCalls): number {
  return list + get + create + update + status + deleted;
}

/** How long a run took, ms; null until it is over. */
export function tookMs({ startedAt, finishedAt }: RunSummary): number | null {
  return startedAt === null || finishedAt === null ? null : finishedAt - startedAt;
}
