import { useCallback, useEffect, useRef, useState } from 'react';
import type { DeveloperRow } from '../../api/answers/developers.ts';
import type { DeveloperFilter } from '../../api/requests.ts';
import { stream } from '../api/client.ts';
import { ApiProblem, problemOf } from '../api/problem.ts';

/** A look through all developers, as far as it is. */
export interface Scan {
  readonly developers: readonly DeveloperRow[];
  /** How many developers were looked at. */
  readonly looked: number;
  readonly isRunning: boolean;
  /** From where it can go on; null: from nowhere. */
  readonly next: string | null;
  /** Everyone was looked at. */
  readonly isComplete: boolean;
  readonly problem: ApiProblem | undefined;
}

export interface Scanning {
  readonly scan: Scan;
  readonly stop: () => void;
  /** Goes on from where it was stopped. */
  readonly goOn: () => void;
}

const nothing: Scan = {
  developers: [],
  looked: 0,
  isRunning: false,
  next: null,
  isComplete: false,
  problem: undefined,
};

/** As many are shown before the look pauses by itself. */
const pauseAfter = 200;

/** Looks through all developers as long as a filter is given. Another filter begins anew. */
export function useScan(filter: DeveloperFilter | undefined): Scanning {
  const [scan, setScan] = useState(nothing);
  const running = useRef<AbortController>(undefined);
  const wanted = filter === undefined ? undefined : JSON.stringify(filter);

  const run = useCallback(async (text: string, from: Scan): Promise<void> => {
    const abort = new AbortController();
    running.current = abort;
    let state: Scan = { ...from, isRunning: true, problem: undefined };
    const isCurrent = (): boolean => running.current === abort;
    const show = (next: Scan): void => {
      state = next;
      if (isCurrent()) setScan(next);
    };
    show(state);
    const before = from.developers.length;
    const lookedBefore = from.looked;
    try {
      const after = from.next ?? undefined;
      const lines = stream('scanDevelopers', {
        body: { filter: JSON.parse(text) as DeveloperFilter, ...(after === undefined ? {} : { after }) },
        signal: abort.signal,
      });
      for await (const line of lines) {
        if (line.kind === 'developer') state = { ...state, developers: [...state.developers, line.developer] };
        else if (line.kind === 'progress') {
          show({ ...state, looked: lookedBefore + line.looked, next: line.next });
          if (state.developers.length - before >= pauseAfter && line.next !== null) break;
        } else {
          const problem = line.problem === null ? undefined : new ApiProblem('unavailable', line.problem);
          show({ ...state, looked: lookedBefore + line.looked, next: line.next, isComplete: line.complete, problem });
        }
      }
    } catch (error) {
      if (!abort.signal.aborted) state = { ...state, problem: problemOf(error) };
    }
    show({ ...state, isRunning: false });
  }, []);

  const stop = useCallback((): void => {
    running.current?.abort();
    setScan((before) => ({ ...before, isRunning: false }));
  }, []);

  useEffect(() => {
    if (wanted === undefined) return undefined;
    void run(wanted, nothing);
    return () => running.current?.abort();
  }, [run, wanted]);

  const goOn = (): void => {
    if (wanted !== undefined) void run(wanted, scan);
  };
  return { scan: wanted === undefined ? nothing : scan, stop, goOn };
}
