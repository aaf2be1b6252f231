import type { DeveloperRow, SearchAnswer } from '../../api/answers/developers.ts';
import type { DeveloperFilter } from '../../api/requests.ts';
import { useApiPages } from '../api/queries.ts';
import { type Scanning, useScan } from './use-scan.ts';
import type { View } from './view.ts';

/** The developers that a view shows, and how they were found. */
export interface Developers {
  /** `pages`: everyone, by pages. `emails`: emails that begin with what is searched. `scan`: a look through everyone. */
  readonly kind: 'pages' | 'emails' | 'scan';
  readonly developers: readonly DeveloperRow[] | undefined;
  /** People without a developer whose email begins like that. */
  readonly others: SearchAnswer['others'];
  readonly error: Error | null;
  readonly retry: () => void;
  readonly more: (() => void) | undefined;
  readonly isReading: boolean;
  readonly scanning: Scanning;
  /** For an export of the same people; undefined: everyone. */
  readonly filter: DeveloperFilter | undefined;
}

/** `isDeep`: whether everything is to be looked through, and not only emails. */
export function useDevelopers(view: View, isDeep: boolean): Developers {
  const query = view.query.trim();
  const filter = filterOf(view, query);
  const needsScan = view.status !== undefined || view.sync !== undefined || view.searchIn === 'apps';
  const kind =
    filter === undefined ? 'pages' : needsScan || isDeep || (query !== '' && /[=\s]/.test(query)) ? 'scan' : 'emails';
  // Who types an app's name or an attribute has not finished before Enter; a filter is complete when chosen.
  const waitsForEnter = kind === 'scan' && !isDeep && query !== '' && (view.searchIn === 'apps' || /[=\s]/.test(query));

  const pages = useApiPages(
    'listDevelopers',
    (after) => ({ body: cursor(after) }),
    ({ next }) => next,
    {
      enabled: kind === 'pages',
    },
  );
  const emails = useApiPages(
    'searchDevelopers',
    (after) => ({ body: { query: query === '' ? '-' : query, ...cursor(after) } }),
    ({ next }) => next,
    { enabled: kind === 'emails' },
  );
  const scanning = useScan(kind === 'scan' && !waitsForEnter ? filter : undefined);

  if (kind === 'scan') {
    const { scan, goOn } = scanning;
    return {
      kind,
      filter,
      scanning,
      developers: scan.isRunning && scan.developers.length === 0 ? undefined : scan.developers,
      others: [],
      error: scan.developers.length === 0 ? (scan.problem ?? null) : null,
      retry: goOn,
      more: scan.isRunning || scan.next === null ? undefined : goOn,
      isReading: scan.isRunning,
    };
  }
  const asked = kind === 'pages' ? pages : emails;
  const answers = asked.data?.pages;
  return {
    kind,
    filter,
    scanning,
    developers: answers?.flatMap(({ developers }) => developers),
    others: kind === 'emails' ? (emails.data?.pages.flatMap(({ others }) => others) ?? []) : [],
    error: asked.error,
    retry: () => void asked.refetch(),
    more: asked.hasNextPage ? () => void asked.fetchNextPage() : undefined,
    isReading: asked.isFetching,
  };
}

/** Whom the view selects; undefined: everyone. */
function filterOf({ status, sync, searchIn }: View, query: string): DeveloperFilter | undefined {
  const filter = {
    ...(query === '' ? {} : searchIn === 'apps' ? { app: query } : { query }),
    ...(status === undefined ? {} : { status }),
    ...(sync === undefined ? {} : { sync }),
  };
  return Object.keys(filter).length === 0 ? undefined : filter;
}

function cursor(after: string | undefined): { readonly after?: string } {
  return after === undefined ? {} : { after };
}
