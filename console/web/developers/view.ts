import { useCallback, useMemo, useState } from 'react';
import { useSearchParams } from 'wouter';
import { statusSchema, type SyncState, syncStates } from '../../api/requests.ts';
import { defaultColumns } from './columns.tsx';

export type Status = 'active' | 'inactive';

/** What the Developers page shows. */
export interface View {
  readonly status: Status | undefined;
  readonly sync: SyncState | undefined;
  /** Columns that are shown, by id. */
  readonly columns: ReadonlySet<string>;
  readonly query: string;
  readonly searchIn: 'people' | 'apps';
}

export interface ViewControl {
  readonly view: View;
  readonly change: (part: Partial<View>) => void;
}

/**
 * Filters and columns stand in the address: they can be kept and shared. What is searched for is mostly an email or a
 * name, which no address may show (rule 27): it stays in this window. `attribute=value` is neither.
 */
export function useView(): ViewControl {
  const [search, setSearch] = useSearchParams();
  const where = search.get('where') ?? undefined;
  const [query, setQuery] = useState(where ?? sessionStorage.getItem(queryKept) ?? '');
  const view = useMemo((): View => {
    const status = statusSchema.safeParse(search.get('status')).data;
    const sync = syncStates.find((state) => state === search.get('sync'));
    const columns = search.get('columns');
    return {
      status,
      sync,
      columns: columns === null ? defaultColumns : new Set(columns.split(',')),
      query,
      searchIn: search.get('in') === 'apps' ? 'apps' : 'people',
    };
  }, [query, search]);

  const change = useCallback(
    (part: Partial<View>): void => {
      const next = { ...view, ...part };
      if (part.query !== undefined) {
        setQuery(part.query);
        sessionStorage.setItem(queryKept, part.query);
      }
      const address = new URLSearchParams();
      if (next.status !== undefined) address.set('status', next.status);
      if (next.sync !== undefined) address.set('sync', next.sync);
      if (next.searchIn === 'apps') address.set('in', 'apps');
      if (isAttributeQuery(next.query)) address.set('where', next.query);
      if ([...next.columns].join() !== [...defaultColumns].join()) address.set('columns', [...next.columns].join());
      setSearch(address, { replace: true });
    },
    [setSearch, view],
  );
  return { view, change };
}

const queryKept = 'developers-query';

/** `attribute=value`, and no address in it. */
function isAttributeQuery(text: string): boolean {
  return /^[^=@\s]+=[^@]*$/.test(text.trim());
}
