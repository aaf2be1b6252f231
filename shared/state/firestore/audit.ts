import type { Firestore } from '@google-cloud/firestore';
import { decodeAudit, encodeAudit, encodeAuditEnd, personAtRange } from '../audit-document.ts';
import type { Audit } from '../audit.ts';
import { auditKeptFor, expiryField } from './indexing.ts';
import { stateCollections } from './names.ts';

export interface FirestoreAuditOptions {
  readonly firestore: Firestore;
  readonly statePrefix: string;
}

const mostOfPerson = 200;

export function createFirestoreAudit({ firestore, statePrefix }: FirestoreAuditOptions): Audit {
  const records = firestore.collection(stateCollections(statePrefix).audit);
  return {
    async begin(record) {
      const expiry = { [expiryField]: new Date(record.at + auditKeptFor) };
      await records.doc(record.actionId).create({ ...encodeAudit(record), ...expiry });
    },
    async complete(actionId, end) {
      await records.doc(actionId).update(encodeAuditEnd(end));
    },
    async get(actionIds) {
      const refs = [...new Set(actionIds)].map((id) => records.doc(id));
      const snapshots = refs.length === 0 ? [] : await firestore.getAll(...refs);
      const found = snapshots.filter(({ exists }) => exists);
      return new Map(found.map((snapshot) => [snapshot.id, decodeAudit(snapshot.id, snapshot.data())]));
    },
    async recent({ before, limit }) {
      const ordered = records.orderBy('at', 'desc');
      const { docs } = await (before === undefined ? ordered : ordered.where('at', '<', before)).limit(limit).get();
      return docs.map((snapshot) => decodeAudit(snapshot.id, snapshot.data()));
    },
    async ofPerson(key) {
      const { from, before } = personAtRange(key);
      const ofPerson = records.where('personAt', '>=', from).where('personAt', '<', before);
      const { docs } = await ofPerson.orderBy('personAt', 'desc').limit(mostOfPerson).get();
      return docs.map((snapshot) => decodeAudit(snapshot.id, snapshot.data()));
    },
  };
}
