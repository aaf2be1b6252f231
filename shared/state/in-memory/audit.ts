import { forgottenRecord } from '../audit-document.ts';
import type { Audit, AuditRecord } from '../audit.ts';

/** What operators did, kept as long as the process. */
export type AuditTable = Map<string, AuditRecord>;

export function createInMemoryAudit(table: AuditTable = new Map()): Audit {
  const newestFirst = (): readonly AuditRecord[] => [...table.values()].toReversed().toSorted((a, b) => b.at - a.at);
  return {
    async begin(record) {
      await Promise.resolve();
      if (table.has(record.actionId)) throw new Error('There is an audit record of this id.');
      table.set(record.actionId, structuredClone(record));
    },
    async complete(actionId, end) {
      await Promise.resolve();
      const record = table.get(actionId);
      if (record === undefined) throw new Error('There is no audit record of this id.');
      table.set(actionId, { ...record, end: { ...end } });
    },
    async get(actionIds) {
      await Promise.resolve();
      const found = [...new Set(actionIds)].flatMap((id) => table.get(id) ?? []);
      return new Map(found.map((record) => [record.actionId, record]));
    },
    async recent({ before, limit }) {
      await Promise.resolve();
      return newestFirst()
        .filter(({ at }) => before === undefined || at < before)
        .slice(0, limit);
    },
    async forget(key, hash, isMentioned) {
      await Promise.resolve();
      const about = [...table.values()].filter(({ person }) => person === key);
      for (const record of about) table.set(record.actionId, forgottenRecord(record, hash, isMentioned));
      return about.length;
    },
    async ofPerson(key) {
      await Promise.resolve();
      return newestFirst()
        .filter(({ person }) => person === key)
        .slice(0, 200);
    },
  };
}
