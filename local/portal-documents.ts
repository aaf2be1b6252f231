import type { CollectionReference } from '@google-cloud/firestore';

export type PortalData = Readonly<Record<string, unknown>>;

/** Access to the portal collection as the portal itself has it, not as the product does. */
export interface PortalDocuments {
  get(id: string): Promise<PortalData | undefined>;
  /** Every document, by its id. */
  all(): Promise<ReadonlyMap<string, PortalData>>;
  /** Replaces the whole document. */
  put(id: string, data: PortalData): Promise<void>;
  /** Writes many documents at once, in no order. */
  putAll(documents: Iterable<readonly [id: string, data: PortalData]>): Promise<void>;
  /** Replaces the named fields of the document. The others stay. */
  edit(id: string, fields: PortalData): Promise<void>;
  delete(id: string): Promise<void>;
}

export function portalInFirestore(collection: CollectionReference): PortalDocuments {
  return {
    get: async (id) => (await collection.doc(id).get()).data(),
    async all() {
      const { docs } = await collection.get();
      return new Map(docs.map((document) => [document.id, document.data()]));
    },
    async put(id, data) {
      await collection.doc(id).set({ ...data });
    },
    async putAll(documents) {
      const writer = collection.firestore.bulkWriter({ throttling: false });
      const writes: Promise<unknown>[] = [];
      for (const [id, data] of documents) writes.push(writer.set(collection.doc(id), { ...data }));
      await writer.close();
      await Promise.all(writes);
    },
    async edit(id, fields) {
      await collection.doc(id).update({ ...fields });
    },
    async delete(id) {
      await collection.doc(id).delete();
    },
  };
}
