import { Link } from 'wouter';
import type { ActivityEntry } from '../../api/answers/activity.ts';
import { overview, useApiPages } from '../api/queries.ts';
import { Badge } from '../components/badge.tsx';
import { type Column, DataTable } from '../components/data-table.tsx';
import { Card } from '../components/page.tsx';
import { PersonLink } from '../components/person-link.tsx';
import { Empty, Loading, Problem } from '../components/state.tsx';
import { capital, exactTime, Time } from '../components/time.tsx';
import { UndoButton } from '../plans/undo.tsx';

const columns: readonly Column<ActivityEntry>[] = [
  { id: 'at', header: 'When', cell: ({ at }) => <Time at={at} /> },
  {
    id: 'by',
    header: 'Who',
    className: 'break',
    cell: ({ by, role }) => (
      <>
        {by ?? 'unknown'}
        {role !== null && <div className="muted wide-only">{role}</div>}
      </>
    ),
  },
  {
    id: 'words',
    header: 'What',
    isRowHeader: true,
    cell: ({ words, person, runId, fields }) => (
      <>
        {capital(words)}
        {fields.length > 0 && ` (${fields.join(', ')})`}
        {person !== null && (
          <div>
            <PersonLink id={person.id} person={person.key} />
          </div>
        )}
        {runId !== null && (
          <div>
            <Link href={`/runs/${runId}`}>Open the run</Link>
          </div>
        )}
      </>
    ),
  },
  { id: 'reason', header: 'Reason', className: 'wide-only', cell: ({ reason }) => reason },
  {
    id: 'state',
    header: 'Ended',
    cell: ({ at, state, outcome, act }) => (
      <>
        <Badge value={state} title={outcome ?? undefined} />
        {act !== null && <UndoButton act={act} what={exactTime(at)} />}
      </>
    ),
  },
];

/** Who did what, when and why: every action of every operator, and every run. */
export function Activity() {
  const { data, error, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useApiPages(
    'activity',
    (before) => ({ query: { before } }),
    ({ next }) => next,
    overview,
  );
  const entries = data?.pages.flatMap((page) => page.entries);
  return (
    <Card title="Activity" flush>
      {entries === undefined ? (
        error === null ? (
          <Loading what="the activity" />
        ) : (
          <Problem error={error} onRetry={() => void refetch()} />
        )
      ) : entries.length === 0 ? (
        <Empty title="Nobody did anything yet">Every action stands here, with who did it and why.</Empty>
      ) : (
        <DataTable name="Activity" rows={entries} columns={columns} rowId={({ id }) => id} />
      )}
      {hasNextPage && (
        <div className="card-foot">
          <button
            type="button"
            className="button"
            aria-disabled={isFetchingNextPage}
            onClick={() => void fetchNextPage()}
          >
            Earlier
          </button>
        </div>
      )}
    </Card>
  );
}
