import type { PersonKey } from '../../core/model/email.ts';
import { changeDocumentId, decodeChange } from '../change-document.ts';
import type { Changes } from '../changes.ts';
import { compareIds } from '../id-order.ts';
import type { Collection, StoredDocument } from './collection.ts';

export function createInMemoryChanges(changes: Collection): Changes {
  const ofPerson = (key: PersonKey): readonly StoredDocument[] => changes.find('person', personOf, key);
  return {
    async by(actor, { after, limit }) {
      await Promise.resolve();
      const from = after && changeDocumentId(after);
      return changes
        .find('by', actorOf, actor)
        .filter(({ id }) => from === undefined || compareIds(id, from) > 0)
        .slice(0, limit)
        .map(({ id, data }) => decodeChange(id, data));
    },
    async ofPerson(key, { before, limit }) {
      await Promise.resolve();
      const from = before === undefined ? undefined : changeDocumentId({ key, id: before });
      return ofPerson(key)
        .filter(({ id }) => from === undefined || compareIds(id, from) > 0)
        .slice(0, limit)
        .map(({ id, data }) => decodeChange(id, data));
    },
    async forget(key) {
      await Promise.resolve();
      const found = ofPerson(key);
      for (const { id } of found) changes.delete(id);
      return found.length;
    },
  };
}

function actorOf({ data }: StoredDocument): readonly string[] {
  return typeof data['by'] === 'string' ? [data['by']] : [];
}

function personOf({ data }: StoredDocument): readonly string[] {
  return typeof data['key'] === 'string' ? [data['key']] : [];
}
