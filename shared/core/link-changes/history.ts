import type { Decision } from '../model/decision.ts';
import { historyBytes, historyLength } from '../model/limits.ts';
import type { LostValue } from '../model/link.ts';

/** The history with the values that are overwritten at `at` (ms). Beyond its limits, the oldest entries are dropped. */
export function withLost(history: readonly LostValue[], lost: Decision['lost'], at: number): readonly LostValue[] {
  // A conflict that is decided again after a crash has been noted already.
  const isNoted = (entry: Decision['lost'][number]): boolean =>
    history.some(({ field, side, value }) => field === entry.field && side === entry.side && value === entry.value);
  const added = lost.filter((entry) => !isNoted(entry));
  if (added.length === 0) return history;
  const all = [...history, ...added.map((entry) => ({ ...entry, at }))];
  let bytes = 0;
  const kept = all.toReversed().filter(({ field, value }, age) => {
    bytes += Buffer.byteLength(field) + Buffer.byteLength(value ?? '');
    return age < historyLength && bytes <= historyBytes;
  });
  return kept.toReversed();
}
