import type { Firestore, Query } from '@google-cloud/firestore';
import type { PersonKey } from '../../core/model/email.ts';
import { decodeAudit, encodeAudit, encodeAuditEnd, forgottenRecord, personAtRange } from '../audit-document.ts';
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
  const ofPerson = (key: PersonKey): Query => {
    const { from, before } = personAtRange(key);
    return records.where('personAt', '>=', from).where('personAt', '<', before);
  };
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
    async forget(key, hash, isMentioned) {
      const about = ofPerson(key).limit(mostOfPerson);
      let changed = 0;
      for (;;) {
        const { docs } = await about.get();
        for (const { id, ref } of docs)
          await firestore.runTransaction(async (transaction) => {
            const snapshot = await transaction.get(ref);
            const data = snapshot.data();
            if (data === undefined) return;
            const next = encodeAudit(forgottenRecord(decodeAudit(id, data), hash, isMentioned));
            transaction.set(ref, { ...next, [expiryField]: data[expiryField] as unknown });
          });
        changed += docs.length;
        if (docs.length < mostOfPerson) return changed;
      }
    },
    async ofPerson(key) {
      const { docs } = await ofPerson(key).orderBy('personAt', 'desc').limit(mostOfPerson).get();
      return docs.map((snapshot) => decodeAudit(snapshot.id, snapshot.data()));
    },
  };
}
