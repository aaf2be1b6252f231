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

interface Wish {
  /** Everything is to be looked through, and not only emails. */
  readonly isDeep: boolean;
  /** Enter was pressed: find it. Where no email begins like that, it may be a name. */
  readonly isSubmitted: boolean;
}

export function useDevelopers(view: View, { isDeep, isSubmitted }: Wish): Developers {
  const query = view.query.trim();
  const filter = filterOf(view, query);
  // Names, attributes and apps stand in no index; who types one has not finished before Enter.
  const isOfNoIndex = query !== '' && (view.searchIn === 'apps' || /[=\s]/.test(query));
  const needsScan = view.status !== undefined || view.sync !== undefined || isOfNoIndex;
  const emails = useApiPages(
    'searchDevelopers',
    (after) => ({ body: { query: query === '' ? '-' : query, ...cursor(after) } }),
    nextOf,
    { enabled: query !== '' && !needsScan && !isDeep },
  );
  const found = emails.data?.pages.map(({ developers, others }) => developers.length + others.length);
  const isFruitless = found?.every((people) => people === 0) === true && !/@.+\./.test(query);
  const kind = filter === undefined ? 'pages' : needsScan || isDeep || (isSubmitted && isFruitless) ? 'scan' : 'emails';
  const pages = useApiPages('listDevelopers', (after) => ({ body: cursor(after) }), nextOf, {
    enabled: kind === 'pages',
  });
  const waitsForEnter = isOfNoIndex && !isDeep && !isSubmitted;
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

const nextOf = ({ next }: { readonly next: string | null }): string | null => next;

function cursor(after: string | undefined): { readonly after?: string } {
  return after === undefined ? {} : { after };
}
