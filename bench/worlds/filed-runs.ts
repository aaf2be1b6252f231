import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { deserialize, serialize } from 'node:v8';
import { batchDocumentId, compareBatches, isOfPhase } from '../../shared/state/batch-id.ts';
import { batchPhases, type Batch, type BatchId, type BatchPhase, type BatchResult } from '../../shared/state/batch.ts';
import { withResult } from '../../shared/state/batch-document.ts';
import type { InMemoryDatabase } from '../../shared/state/in-memory/database.ts';
import { createInMemoryRuns } from '../../shared/state/in-memory/runs.ts';
import { billBookkeepingWrites, countReads, queryReads, type Meter } from '../../shared/state/meter.ts';
import type { Runs } from '../../shared/state/runs.ts';

/** What is remembered of a batch that lies in a file. */
interface Filed {
  readonly id: BatchId;
  readonly finishedAt: number | undefined;
}

/**
 * `Runs` whose batches lie in files, so that the memory of the process is that of the product: on Firestore they lie elsewhere,
 * too. Everything else is kept in memory, and small. Costs what Firestore bills.
 */
export function filedRuns(database: InMemoryDatabase, meter: Meter, folder: string): Runs {
  const bill = (reads: number, writes = 0): void => {
    meter.bookkeeping += reads;
    billBookkeepingWrites(meter, writes);
  };
  const all = filedIn(database);
  const keyOf = ({ runId, ...id }: BatchId): string => join(runId, batchDocumentId(id));
  const read = (id: BatchId): Batch => deserialize(readFileSync(join(folder, keyOf(id)))) as Batch;
  const write = (batch: Batch): void => {
    const { runId, phase, seq } = batch;
    mkdirSync(join(folder, runId), { recursive: true });
    const path = join(folder, keyOf(batch));
    // Whoever reads meanwhile finds the one or the other.
    writeFileSync(`${path}.new`, serialize(batch));
    renameSync(`${path}.new`, path);
    all.set(keyOf(batch), { id: { runId, phase, seq }, finishedAt: batch.result?.finishedAt });
  };
  const filed = (runId: string, phase: BatchPhase): readonly Filed[] =>
    [...all.values()]
      .filter(({ id }) => id.runId === runId && id.phase === phase)
      .sort((a, b) => compareBatches(a.id, b.id));

  return {
    ...createInMemoryRuns({ database, meter }),
    async createBatch(batch) {
      bill(0, 1);
      if (all.has(keyOf(batch))) return false;
      write(batch);
      return true;
    },
    async getBatch<P extends BatchPhase>(id: BatchId<P>) {
      bill(1);
      const batch = all.has(keyOf(id)) ? read(id) : undefined;
      return batch !== undefined && isOfPhase(batch, id.phase) ? batch : undefined;
    },
    async completeBatch(id: BatchId, result: BatchResult) {
      // A batch as it was read is completed on condition that it still is; anything else has to be read first.
      if (!('result' in id)) bill(1);
      const present = all.get(keyOf(id));
      if (present === undefined) throw new Error(`The run ${id.runId} has no batch ${batchDocumentId(id)}.`);
      if (present.finishedAt !== undefined) return false;
      bill(0, 1);
      write(withResult(read(id), result));
      return true;
    },
    async rewriteBatch(id, step) {
      bill(1);
      const next = all.has(keyOf(id)) ? step(read(id)) : undefined;
      if (next === undefined) return false;
      bill(0, 1);
      write(next);
      return true;
    },
    async countDone(runId, phase) {
      const done = filed(runId, phase).filter(({ finishedAt }) => finishedAt !== undefined).length;
      bill(countReads(done));
      return done;
    },
    async unfinished(runId, phase, limit) {
      const open = filed(runId, phase).filter(({ finishedAt }) => finishedAt === undefined);
      const first = open.slice(0, limit);
      bill(queryReads(first.length));
      return first.map(({ id }) => id);
    },
    async *batches(runId, from) {
      for (const phase of from === undefined ? batchPhases : batchPhases.slice(batchPhases.indexOf(from.phase))) {
        const found = filed(runId, phase).filter(({ id }) => phase !== from?.phase || id.seq >= from.seq);
        bill(queryReads(found.length));
        for (const { id } of found) yield read(id);
      }
    },
    async lastProgress(runId) {
      bill(1);
      const times = [...all.values()].flatMap(({ id, finishedAt }) => (id.runId === runId ? (finishedAt ?? []) : []));
      return times.reduce<number | undefined>((last, at) => Math.max(last ?? at, at), undefined);
    },
  };
}

/** Adapters on one database know the same files. */
const filedBy = new WeakMap<InMemoryDatabase, Map<string, Filed>>();

function filedIn(database: InMemoryDatabase): Map<string, Filed> {
  const known = filedBy.get(database) ?? new Map<string, Filed>();
  filedBy.set(database, known);
  return known;
}
