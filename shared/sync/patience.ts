import type { SyncDeps } from './deps.ts';

const firstPause = 100;
const longestPause = 5000;

/**
 * Waits while somebody else writes the person: ever longer, since each look costs a transaction on a busy document and a
 * lease left by a crash lasts two minutes. Answers false once `patienceMs` are over.
 */
export function newPatience({ now, wait, timing }: Pick<SyncDeps, 'now' | 'wait' | 'timing'>): () => Promise<boolean> {
  const until = now() + timing.patienceMs;
  let pause = firstPause;
  return async () => {
    const left = until - now();
    if (left <= 0) return false;
    await wait(Math.min(pause, left));
    pause = Math.min(pause * 2, longestPause);
    return true;
  };
}
