import { useSyncExternalStore } from 'react';

/** How often what is told as so long ago is told anew, ms. */
const tickMs = 5000;

let now = Date.now();
let timer: ReturnType<typeof setInterval> | undefined;
const listeners = new Set<() => void>();

function tick(): void {
  now = Date.now();
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  timer ??= setInterval(tick, tickMs);
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  };
}

/** The time, as it was a few seconds ago at most: ms since the epoch. */
export function useNow(): number {
  return useSyncExternalStore(subscribe, () => {
    // Nobody was listening: the time stood still meanwhile.
    if (timer === undefined) now = Math.max(now, Date.now() - (Date.now() % tickMs));
    return now;
  });
}
