import type { BatchId } from '../state/batch.ts';

/** The batches that this process works on. */
export interface UnderWay {
  /**
   * Notes that a batch begins that is not done. The answer is called once it is over, and says whether no other batch of its
   * phase is under way here: as long as one is, that one is not done, and asks itself whether the phase is over.
   */
  begin(id: BatchId): () => boolean;
}

/** One for a process. */
export function newUnderWay(): UnderWay {
  const phases = new Map<string, Map<symbol, number>>();
  return {
    begin({ runId, phase, seq }) {
      const name = `${phase} ${runId}`;
      const batches = phases.get(name) ?? new Map<symbol, number>();
      const own = Symbol(name);
      phases.set(name, batches.set(own, seq));
      return () => {
        batches.delete(own);
        if (batches.size === 0 && phases.get(name) === batches) phases.delete(name);
        // Another delivery of the same batch may never end: it is done without it.
        return [...batches.values()].every((other) => other === seq);
      };
    },
  };
}
