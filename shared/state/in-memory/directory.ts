import { endOfPrefix, type Directory } from '../directory.ts';
import { compareIds } from '../id-order.ts';
import { saysKey } from '../link-document.ts';
import type { InMemoryDatabase } from './database.ts';
import { storedLink } from './lookups.ts';

export function createInMemoryDirectory({ links }: InMemoryDatabase): Directory {
  return {
    async link(id) {
      await Promise.resolve();
      const found = links.get(id);
      return found && saysKey(found.data) ? storedLink(found) : undefined;
    },
    async keysBeginningWith(prefix, { after, limit }) {
      await Promise.resolve();
      const end = endOfPrefix(prefix);
      return [...links.after(undefined)]
        .filter(({ data }) => saysKey(data))
        .map((document) => storedLink(document))
        .filter(({ link: { key } }) => compareIds(key, prefix) >= 0 && compareIds(key, end) <= 0)
        .filter(({ link: { key } }) => after === undefined || compareIds(key, after) > 0)
        .sort((a, b) => compareIds(a.link.key, b.link.key))
        .slice(0, limit);
    },
  };
}
