import { lazy, Suspense, useCallback, useMemo, useState } from 'react';
import { Link, useLocation } from 'wouter';
import type { RunSummary } from '../../api/answers/runs.ts';
import { overview, useApiPages } from '../api/queries.ts';
import { Badge } from '../components/badge.tsx';
import { Boundary } from '../components/boundary.tsx';
import { useNow } from '../components/clock.ts';
import { type Column, DataTable } from '../components/data-table.tsx';
import { Card } from '../components/page.tsx';
import type { Point } from '../components/plot.tsx';
import { Empty, Loading, Problem } from '../components/state.tsx';
import { duration, exactTime, number, Time } from '../components/time.tsx';
import { callsOf, changedIn, tookMs } from './counts.ts';

// The plots come after the rest: nobody waits for them to see how it stands.
const Plot = lazy(() => import('../components/plot.tsx'));

const countOf = (run: RunSummary, read: (counts: NonNullable<RunSummary['counts']>) => number): string =>
  run.counts === null ? '–' : number(read(run.counts));

const columns: readonly Column<RunSummary>[] = [
  {
    id: 'begun',
    header: 'Requested',
    isRowHeader: true,
    cell: ({ runId, requestedAt }) => (
      <Link href={`/runs/${runId}`}>
        <Time at={requestedAt} />
      </Link>
    ),
  },
  {
    id: 'mode',
    header: 'Run',
    cell: ({ mode, dryRun }) => (dryRun ? `${mode}, dry` : mode),
  },
  { id: 'state', header: 'State', cell: ({ state, problem }) => <Badge value={state} title={problem ?? undefined} /> },
  {
    id: 'why',
    header: 'Asked for by',
    className: 'wide-only break',
    cell: ({ by, reason }) => [by, reason].filter((part) => part !== null && part !== '').join(': '),
  },
  { id: 'seen', header: 'People', className: 'number wide-only', cell: (run) => countOf(run, ({ seen }) => seen) },
  { id: 'changed', header: 'Changed', className: 'number', cell: (run) => countOf(run, changedIn) },
  { id: 'held', header: 'Held', className: 'number wide-only', cell: (run) => countOf(run, ({ held }) => held) },
  {
    id: 'failed',
    header: 'Failed',
    className: 'number wide-only',
    cell: (run) => countOf(run, ({ failed }) => failed),
  },
  {
    id: 'took',
    header: 'Took',
    className: 'number wide-only',
    cell: (run) => {
      const ms = tookMs(run);
      return ms === null ? '–' : duration(ms);
    },
  },
  { id: 'calls', header: 'Calls', className: 'number wide-only', cell: ({ calls }) => number(callsOf(calls)) },
  { id: 'writes', header: 'Writes', className: 'number wide-only', cell: ({ writes }) => number(writes) },
];

const changes = ['Changed', 'Held', 'Failed'] as const;
const seconds = ['Seconds'] as const;
const cost = ['Calls to Apigee', 'Writes'] as const;

/** So many runs are listed before somebody asks for older ones; the plots show all that were read. */
const atFirst = 10;

/** What runs did, as lines over time and as a list. A second run over unchanged data shows 0 writes. */
export function Runs() {
  const { data, error, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useApiPages(
    'runs',
    (before) => ({ query: { before, limit: '100' } }),
    ({ next }) => next,
    overview,
  );
  const runs = useMemo(() => data?.pages.flatMap((page) => page.runs), [data]);
  const [shown, setShown] = useState(atFirst);
  const listed = useMemo(() => runs?.slice(0, shown), [runs, shown]);
  const showMore = (): void => {
    if (runs !== undefined && shown >= runs.length) void fetchNextPage();
    setShown(shown + 50);
  };
  return (
    <Card title="Runs" flush>
      {runs === undefined ? (
        error === null ? (
          <Loading what="the runs" />
        ) : (
          <Problem error={error} onRetry={() => void refetch()} />
        )
      ) : runs.length === 0 ? (
        <Empty title="There was no run yet">The first run looks at everyone. A dry run before it writes nothing.</Empty>
      ) : (
        <>
          <Plots runs={runs} />
          <DataTable name="Runs" rows={listed ?? []} columns={columns} rowId={({ runId }) => runId} />
          {(hasNextPage || shown < runs.length) && (
            <div className="card-foot">
              <button type="button" className="button" aria-disabled={isFetchingNextPage} onClick={showMore}>
                Older runs
              </button>
            </div>
          )}
        </>
      )}
    </Card>
  );
}

const plottedMs = 90 * 86_400_000;

function Plots({ runs }: { readonly runs: readonly RunSummary[] }) {
  const [, navigate] = useLocation();
  const open = useCallback((runId: string) => navigate(`/runs/${runId}`), [navigate]);
  const now = useNow();
  const since = Math.floor((now - plottedMs) / 3_600_000) * 3_600_000;
  const over = useMemo(
    () =>
      runs
        .filter(({ counts, requestedAt }) => counts !== null && requestedAt > since)
        .toSorted((a, b) => a.requestedAt - b.requestedAt),
    [runs, since],
  );
  const pointsOf = useCallback(
    (valuesOf: (run: RunSummary) => readonly number[]): readonly Point[] =>
      over.map((run) => ({
        id: run.runId,
        at: run.startedAt ?? run.requestedAt,
        label: `${exactTime(run.requestedAt)}, ${run.mode}`,
        values: valuesOf(run),
      })),
    [over],
  );
  const changed = useMemo(
    () => pointsOf(({ counts }) => (counts === null ? [] : [changedIn(counts), counts.held, counts.failed])),
    [pointsOf],
  );
  const took = useMemo(() => pointsOf((run) => [Math.round((tookMs(run) ?? 0) / 1000)]), [pointsOf]);
  const spent = useMemo(() => pointsOf(({ calls, writes }) => [callsOf(calls), writes]), [pointsOf]);
  if (over.length < 2) return null;
  return (
    <div className="card-body plots">
      <Boundary fallback={<p className="muted">This browser cannot draw the plots: the same figures stand below.</p>}>
        <Suspense fallback={<Loading what="the plots" />}>
          <Plot title="People" series={changes} points={changed} onOpen={open} />
          <Plot title="Calls and writes" series={cost} points={spent} onOpen={open} />
          <Plot title="Duration" series={seconds} points={took} onOpen={open} />
        </Suspense>
      </Boundary>
    </div>
  );
}
