import { linkId, type PersonKey } from '../../core/model/email.ts';
import type { Link } from '../../core/model/link.ts';
import { isFieldMap } from '../../portal/field-path.ts';
import { decodeLink, saysKey } from '../link-document.ts';
import { isDocumentId } from '../id-order.ts';
import type { NewDocument } from '../people.ts';
import { newRunTables, type RunTables } from './run-tables.ts';
import { newCollection, type Collection, type StoredDocument } from './collection.ts';

/**
 * What Firestore holds, in memory: portal documents as raw data, links, and everything about runs. Adapters that are to
 * see the same data share one database; they are cheap, one per meter. The data is gone with the process.
 */
export interface InMemoryDatabase {
  /** The store's clock, ms. */
  readonly now: () => number;
  readonly links: Collection;
  readonly portal: Collection;
  readonly changes: Collection;
  /** Documents of others, in the order in which they were made. */
  readonly alongside: NewDocument[];
  /** Writes (undefined: deletes) one document of the portal collection and tells the listeners. */
  writePortal(id: string, data: Readonly<Record<string, unknown>> | undefined): void;
  readonly runs: RunTables;

  /** As the portal itself would write: replaces the whole document. */
  putPortalDocument(id: string, data: Readonly<Record<string, unknown>>): void;
  deletePortalDocument(id: string): void;
  portalDocuments(): readonly StoredDocument[];
  /** By link id; without links of nobody, which do not say whose they were. */
  allLinks(): readonly Link[];
  linkOf(key: PersonKey): Link | undefined;
  /** Calls `listener` after every write of a portal document, by whatever caller. Returns a function that ends this. */
  onPortalWrite(listener: (id: string) => void): () => void;
}

export function createInMemoryDatabase({ now }: { readonly now: () => number }): InMemoryDatabase {
  const links = newCollection();
  const portal = newCollection();
  const listeners = new Set<(id: string) => void>();

  const writePortal: InMemoryDatabase['writePortal'] = (id, data) => {
    if (data === undefined && portal.get(id) === undefined) return;
    if (data === undefined) portal.delete(id);
    else portal.put(id, copied(data), now());
    for (const listener of listeners) listener(id);
  };

  return {
    now,
    links,
    portal,
    changes: newCollection(),
    alongside: [],
    writePortal,
    runs: newRunTables(),
    putPortalDocument(id, data) {
      if (!isDocumentId(id)) throw new Error('A document of this id cannot exist in Firestore.');
      writePortal(id, data);
    },
    deletePortalDocument: (id) => writePortal(id, undefined),
    portalDocuments: () => [...portal.after(undefined)],
    allLinks: () =>
      [...links.after(undefined)].filter(({ data }) => saysKey(data)).map(({ id, data }) => decodeLink(id, data)),
    linkOf(key) {
      const found = links.get(linkId(key));
      return found && decodeLink(found.id, found.data, key);
    },
    onPortalWrite(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

/** A copy, so that the caller cannot change the stored object. Dates and timestamps are values, and are not copied. */
function copied(data: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(data).map(([name, value]) => [name, copiedValue(value)]));
}

function copiedValue(value: unknown): unknown {
  if (Array.isArray(value)) return value.map((entry: unknown) => copiedValue(entry));
  return isFieldMap(value) ? copied(value) : value;
}
