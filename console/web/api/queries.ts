import { QueryClient, type QueryKey, type UseQueryResult, useInfiniteQuery, useQuery } from '@tanstack/react-query';
import type { Answers } from '../../api/answers.ts';
import type { RouteName } from '../../api/routes.ts';
import { call, type CallOptions } from './client.ts';
import { problemOf } from './problem.ts';
import { isSignedOut } from './signed-in.ts';

/** Never oftener: behind these stand counts of many documents. Ms. */
const overviewMs = 30_000;

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 5000,
      retry: (times, error) => times < 2 && problemOf(error).kind === 'unavailable',
      // Nobody waits for a page that is not looked at.
      refetchIntervalInBackground: false,
    },
  },
});

interface Polling<Answer> {
  /** How long until it is asked again, ms; false: not by itself. Default: not by itself. */
  readonly every?: number | false | ((answer: Answer | undefined) => number | false);
  readonly enabled?: boolean;
}

/** What a route answers, kept and asked again. */
export function useApi<N extends RouteName>(
  name: N,
  options: CallOptions<N> = {},
  { every = false, enabled = true }: Polling<Answers[N]> = {},
): UseQueryResult<Answers[N]> {
  return useQuery({
    queryKey: keyOf(name, options),
    queryFn: ({ signal }) => call(name, { ...options, signal }),
    enabled,
    refetchInterval: ({ state }) => {
      if (isSignedOut()) return false;
      return typeof every === 'function' ? every(state.data) : every;
    },
  });
}

/** The same for what comes in pages: each one begins at the cursor that the one before it ended with. */
export function useApiPages<N extends RouteName>(
  name: N,
  pageAt: (cursor: string | undefined) => CallOptions<N>,
  nextOf: (answer: Answers[N]) => string | null,
  { every = false, enabled = true }: { readonly every?: number | false; readonly enabled?: boolean } = {},
) {
  return useInfiniteQuery({
    queryKey: [...keyOf(name, pageAt(undefined)), 'pages'],
    queryFn: ({ pageParam, signal }) => call(name, { ...pageAt(pageParam), signal }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (answer) => nextOf(answer) ?? undefined,
    enabled,
    refetchInterval: () => (isSignedOut() ? false : every),
  });
}

export function keyOf<N extends RouteName>(name: N, { params, query, body }: CallOptions<N> = {}): QueryKey {
  return [name, params ?? {}, query ?? {}, body ?? {}];
}

/** Asks anew for what an action may have changed. */
export async function refresh(...names: readonly RouteName[]): Promise<void> {
  await Promise.all(names.map((name) => queryClient.invalidateQueries({ queryKey: [name] })));
}

export const overview = { every: overviewMs } as const;
