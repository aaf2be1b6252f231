import { hourIds, nothingSpent, spendOne } from '../allowance.ts';
import { batchDocumentId, compareBatches, isOfPhase } from '../batch-id.ts';
import { compareIds } from '../id-order.ts';
import { billBookkeepingWrites, countReads, newMeter, queryReads, type Meter } from '../meter.ts';
import { withResult } from '../batch-document.ts';
import { heldAt } from '../run-document.ts';
import { batchPhases, type Batch, type BatchId, type BatchPhase } from '../batch.ts';
import type { Runs } from '../runs.ts';
import type { InMemoryDatabase } from './database.ts';
import type { RunTables } from './run-tables.ts';

export interface InMemoryRunsOptions {
  readonly database: InMemoryDatabase;
  readonly meter?: Meter;
}

/** `Runs` in memory, with the traffic that Firestore would bill. Every method lets other tasks run at least once. */
export function createInMemoryRuns({ database, meter = newMeter() }: InMemoryRunsOptions): Runs {
  const tables = database.runs;
  const { runs, rejections, allowance, creations } = tables;

  /** Lets other tasks run once, as a call over the network does, and counts what the call costs. */
  const bill = async (reads: number, writes = 0): Promise<void> => {
    await Promise.resolve();
    meter.bookkeeping += reads;
    billBookkeepingWrites(meter, writes);
  };
  /** Reads, lets other tasks run, and writes only where nothing has changed meanwhile; otherwise starts again. */
  const atomically = async <V, T>(
    read: () => V,
    step: (value: V) => { readonly value?: V; readonly result: T },
    write: (value: V) => void,
  ): Promise<T> => {
    for (;;) {
      await bill(1);
      const before = read();
      await Promise.resolve();
      const { value, result } = step(before);
      if (read() !== before) continue;
      if (value !== undefined) {
        write(structuredClone(value));
        await bill(0, 1);
      }
      return result;
    }
  };
  const newestFirst = (a: { at: number; id: string }, b: { at: number; id: string }): number =>
    b.at - a.at || compareIds(b.id, a.id);

  return {
    async create(run) {
      await bill(0, 1);
      if (runs.has(run.runId)) return false;
      runs.set(run.runId, structuredClone(run));
      return true;
    },
    async get(runId) {
      await bill(1);
      return runs.get(runId);
    },
    update: async (runId, step) =>
      atomically(
        () => runs.get(runId),
        (run) => {
          if (run === undefined) throw new Error(`There is no run ${runId}.`);
          const { run: value, result } = step(run);
          return value === undefined ? { result } : { value, result };
        },
        (run) => run !== undefined && runs.set(runId, run),
      ),
    async recent(limit, before) {
      const isBehind = (place: { at: number; id: string }): boolean => {
        if (before === undefined) return true;
        const { requestedAt, runId } = before;
        return runId === undefined ? place.at < requestedAt : newestFirst({ at: requestedAt, id: runId }, place) < 0;
      };
      const found = [...runs.values()]
        .map((run) => ({ run, at: run.requestedAt, id: run.runId }))
        .filter(isBehind)
        .sort(newestFirst)
        .slice(0, limit);
      await bill(queryReads(found.length));
      return found.map(({ run }) => run);
    },
    async queued(limit) {
      const found = [...runs.values()]
        .filter((run) => run.state === 'queued')
        .sort((a, b) => a.requestedAt - b.requestedAt || compareIds(a.runId, b.runId))
        .slice(0, limit);
      await bill(queryReads(found.length));
      return found;
    },
    async held(limit) {
      const found = [...runs.values()]
        .filter((run) => run.state === 'held')
        .map((run) => ({ run, at: heldAt(run), id: run.runId }))
        .sort(newestFirst)
        .slice(0, limit);
      await bill(queryReads(found.length));
      return found.map(({ run }) => run);
    },

    async createBatch(batch) {
      await bill(0, 1);
      const batches = tables.batches.get(batch.runId) ?? new Map<string, Batch>();
      const id = batchDocumentId(batch);
      if (batches.has(id)) return false;
      tables.batches.set(batch.runId, batches.set(id, structuredClone(batch)));
      return true;
    },
    async getBatch<P extends BatchPhase>(id: BatchId<P>) {
      await bill(1);
      const batch = findBatch(tables, id);
      return batch !== undefined && isOfPhase(batch, id.phase) ? batch : undefined;
    },
    async completeBatch(id, result) {
      const present = findBatch(tables, id);
      if (present !== undefined && present === id && present.result === undefined) {
        await bill(0, 1);
        if (findBatch(tables, id) === present) {
          tables.batches.get(id.runId)?.set(batchDocumentId(id), structuredClone(withResult(present, result)));
          return true;
        }
      }
      return atomically(
        () => findBatch(tables, id),
        (batch) => {
          if (batch === undefined) throw new Error(`The run ${id.runId} has no batch ${batchDocumentId(id)}.`);
          if (batch.result !== undefined) return { result: false };
          return { value: withResult(batch, result), result: true };
        },
        (batch) => batch !== undefined && tables.batches.get(id.runId)?.set(batchDocumentId(id), batch),
      );
    },
    async rewriteBatch(id, step) {
      await bill(1);
      const batch = findBatch(tables, id);
      const next = batch && step(batch);
      if (next === undefined) return false;
      tables.batches.get(id.runId)?.set(batchDocumentId(id), structuredClone(next));
      await bill(0, 1);
      return true;
    },
    async countDone(runId, phase) {
      const done = batchesOf(tables, runId, phase).filter((batch) => batch.result !== undefined).length;
      await bill(countReads(done));
      return done;
    },
    async unfinished(runId, phase, limit) {
      const all = batchesOf(tables, runId, phase).filter((batch) => batch.result === undefined);
      const open = all.slice(0, limit);
      await bill(queryReads(open.length));
      return open.map(({ seq }) => ({ runId, phase, seq }));
    },
    async *batches(runId, from) {
      for (const phase of from === undefined ? batchPhases : batchPhases.slice(batchPhases.indexOf(from.phase))) {
        const all = batchesOf(tables, runId, phase);
        const found = phase === from?.phase ? all.filter(({ seq }) => seq >= from.seq) : all;
        await bill(queryReads(found.length));
        yield* found;
      }
    },
    async lastProgress(runId) {
      await bill(1);
      const finished = [...(tables.batches.get(runId)?.values() ?? [])].flatMap(
        ({ result }) => result?.finishedAt ?? [],
      );
      return finished.reduce<number | undefined>((last, at) => Math.max(last ?? at, at), undefined);
    },

    async apart(runId) {
      await bill(1);
      return tables.apart.get(runId) ?? [];
    },
    async setApart(runId, digests) {
      await bill(0, 1);
      tables.apart.set(runId, digests);
    },
    async listing() {
      await bill(1);
      return tables.listing;
    },
    async rememberListing(memory) {
      await bill(0, 1);
      tables.listing = structuredClone(memory);
    },
    updateListing: async (step) =>
      atomically(
        () => tables.listing,
        (present) => {
          const value = present && step(present);
          return value === undefined ? { result: false } : { value, result: true };
        },
        (memory) => {
          tables.listing = memory;
        },
      ),

    async control() {
      await bill(1);
      return tables.control;
    },
    updateControl: async (step) =>
      atomically(
        () => tables.control,
        (present) => {
          const { control: value, result } = step(present);
          return value === undefined ? { result } : { value, result };
        },
        (control) => {
          tables.control = control;
        },
      ),

    async polling() {
      await bill(1);
      return tables.polling;
    },
    updatePolling: async (step) =>
      atomically(
        () => tables.polling,
        (present) => {
          const { polling: value, result } = step(present);
          return value === undefined ? { result } : { value, result };
        },
        (polling) => {
          tables.polling = polling;
        },
      ),

    async reject(rejection) {
      await bill(0, 1);
      if (!rejections.has(rejection.id)) rejections.set(rejection.id, structuredClone(rejection));
    },
    async rejections(limit) {
      const found = [...rejections.values()].sort(newestFirst).slice(0, limit);
      await bill(queryReads(found.length));
      return found;
    },
    async spendDestructive(at, limit) {
      const hours = hourIds(at);
      await bill(1);
      return atomically(
        () => allowance.get(hours.current) ?? nothingSpent,
        (current) => {
          const value = spendOne({ before: allowance.get(hours.before) ?? nothingSpent, current }, at, limit);
          return value === undefined ? { result: false } : { value, result: true };
        },
        (spent) => allowance.set(hours.current, spent),
      );
    },
    async takeCreations(runId, wanted, limit) {
      await bill(1);
      const taken = creations.get(runId) ?? 0;
      const granted = Math.max(0, Math.min(wanted, limit - taken));
      if (granted === 0) return granted;
      creations.set(runId, taken + granted);
      await bill(0, 1);
      return granted;
    },
    async giveBackCreations(runId, unused) {
      await bill(1);
      creations.set(runId, Math.max(0, (creations.get(runId) ?? 0) - unused));
      await bill(0, 1);
    },
  };
}

function findBatch(tables: RunTables, id: BatchId): Batch | undefined {
  return tables.batches.get(id.runId)?.get(batchDocumentId(id));
}

function batchesOf(tables: RunTables, runId: string, phase: BatchPhase): Batch[] {
  const batches = [...(tables.batches.get(runId)?.values() ?? [])];
  return batches.filter((batch) => batch.phase === phase).sort(compareBatches);
}
