import { compareIds } from '../id-order.ts';

export interface StoredDocument {
  readonly id: string;
  /** Never changed in place: a write replaces the object. */
  readonly data: Readonly<Record<string, unknown>>;
  /** Changes with every write, also across deletion and creation. */
  readonly version: string;
  readonly updatedAt: number;
}

/** The keys under which an index finds a document, such as its email. */
export type IndexKeys = (document: StoredDocument) => readonly string[];

/** One collection of documents, in the order of their ids, with indexes that are kept up to date. */
export interface Collection {
  readonly size: number;
  get(id: string): StoredDocument | undefined;
  put(id: string, data: Readonly<Record<string, unknown>>, updatedAt: number): void;
  delete(id: string): void;
  /** Documents after the id `after` (undefined: all), by id. */
  after(after: string | undefined): Iterable<StoredDocument>;
  /** Documents found under `key`, by id. `index` names `keysOf`: the same name always means the same function. */
  find(index: string, keysOf: IndexKeys, key: string): readonly StoredDocument[];
}

export function newCollection(): Collection {
  const documents = new Map<string, StoredDocument>();
  const indexes = new Map<string, Index>();
  let sorted: string[] | undefined;
  let writes = 0;

  return {
    get size() {
      return documents.size;
    },
    get: (id) => documents.get(id),
    put(id, data, updatedAt) {
      const before = documents.get(id);
      if (before === undefined) sorted = undefined;
      writes += 1;
      const document = { id, data, version: String(writes), updatedAt };
      documents.set(id, document);
      for (const index of indexes.values()) index.replace(before, document);
    },
    delete(id) {
      const before = documents.get(id);
      if (before === undefined) return;
      documents.delete(id);
      sorted = undefined;
      for (const index of indexes.values()) index.replace(before, undefined);
    },
    *after(after) {
      sorted ??= [...documents.keys()].sort(compareIds);
      const ids = sorted;
      for (let position = after === undefined ? 0 : firstAfter(ids, after); position < ids.length; position += 1) {
        const document = documents.get(ids[position] ?? '');
        if (document !== undefined) yield document;
      }
    },
    find(name, keysOf, key) {
      let index = indexes.get(name);
      if (index === undefined) {
        index = newIndex(keysOf);
        for (const document of documents.values()) index.replace(undefined, document);
        indexes.set(name, index);
      }
      const found = [...index.idsOf(key)].sort(compareIds).map((id) => documents.get(id));
      return found.filter((document) => document !== undefined);
    },
  };
}

/** Collections of one kind, such as one for each dry run: made when they are first asked for. */
export interface Collections {
  of(name: string): Collection;
  clear(name: string): void;
}

export function newCollections(): Collections {
  const all = new Map<string, Collection>();
  return {
    of(name) {
      const collection = all.get(name) ?? newCollection();
      all.set(name, collection);
      return collection;
    },
    clear: (name) => void all.delete(name),
  };
}

interface Index {
  replace(before: StoredDocument | undefined, document: StoredDocument | undefined): void;
  idsOf(key: string): Iterable<string>;
}

function newIndex(keysOf: IndexKeys): Index {
  const ids = new Map<string, Set<string>>();
  return {
    replace(before, document) {
      for (const key of before === undefined ? [] : keysOf(before)) {
        const under = ids.get(key);
        under?.delete(before?.id ?? '');
        if (under?.size === 0) ids.delete(key);
      }
      if (document === undefined) return;
      for (const key of keysOf(document)) {
        const under = ids.get(key) ?? new Set();
        ids.set(key, under.add(document.id));
      }
    },
    idsOf: (key) => ids.get(key) ?? [],
  };
}

function firstAfter(sorted: readonly string[], id: string): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (compareIds(sorted[middle] ?? '', id) > 0) high = middle;
    else low = middle + 1;
  }
  return low;
}
