import { useSyncExternalStore } from 'react';
import type { BulkLine } from '../../api/answers/attention.ts';
import { problemOf } from '../api/problem.ts';
import { refresh } from '../api/queries.ts';

type Person = Extract<BulkLine, { readonly kind: 'person' }>;
type Over = Extract<BulkLine, { readonly kind: 'over' }>;

/** An action on many people, as far as it is. It goes on while other pages are looked at, and ends with this window. */
export interface BulkJob {
  readonly title: string;
  readonly people: number;
  readonly done: number;
  /** Who could not be done, and the latest of the others. */
  readonly results: readonly Person[];
  readonly over: Over | undefined;
  readonly problem: string | undefined;
  readonly isStopped: boolean;
}

const mostResults = 500;
let job: BulkJob | undefined;
let stopping = new AbortController();
const listeners = new Set<() => void>();

function set(next: BulkJob | undefined): void {
  job = next;
  for (const listener of listeners) listener();
}

export function useBulkJob(): BulkJob | undefined {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => job,
  );
}

export function isOver({ over, problem, isStopped }: BulkJob): boolean {
  return over !== undefined || problem !== undefined || isStopped;
}

export function stopBulkJob(): void {
  stopping.abort();
  if (job !== undefined) set({ ...job, isStopped: true });
}

export function dismissBulkJob(): void {
  set(undefined);
}

/**
 * Begins an action and follows its lines. Answers once it has begun; rejects with ApiProblem where it was refused, so that
 * the form which asked for it says so.
 */
export async function beginBulkJob(
  title: string,
  begin: (signal: AbortSignal) => AsyncGenerator<BulkLine>,
): Promise<void> {
  if (job !== undefined && !isOver(job))
    throw new Error('Another action on many people is under way: wait for its end, or stop it.');
  stopping = new AbortController();
  const lines = begin(stopping.signal);
  const first = await lines.next();
  const people = first.done !== true && first.value.kind === 'begun' ? first.value.people : 0;
  set({ title, people, done: 0, results: [], over: undefined, problem: undefined, isStopped: false });
  void follow(lines);
}

async function follow(lines: AsyncGenerator<BulkLine>): Promise<void> {
  try {
    for await (const line of lines) if (job !== undefined) set(after(job, line));
    if (job !== undefined && !isOver(job)) set({ ...job, problem: 'The connection ended before the action was over.' });
  } catch (error) {
    if (job !== undefined && !job.isStopped) set({ ...job, problem: problemOf(error).message });
  }
  await refresh('attention', 'attentionGroup', 'status', 'listDevelopers', 'person', 'activity');
}

function after(before: BulkJob, line: BulkLine): BulkJob {
  switch (line.kind) {
    case 'begun':
      return before;
    case 'person': {
      const isAmiss = ({ result }: Person): boolean => result === 'failed' || result === 'held';
      const rank = (person: Person): number => (isAmiss(person) ? 0 : 1);
      const results = [line, ...before.results].sort((a, b) => rank(a) - rank(b)).slice(0, mostResults);
      return { ...before, done: line.done, results };
    }
    case 'over':
      return { ...before, done: line.done, over: line };
  }
}
