import { Link } from 'wouter';
import type { AttentionGroup } from '../../api/answers/attention.ts';
import { overview, useApi } from '../api/queries.ts';
import { Badge } from '../components/badge.tsx';
import { type Column, DataTable } from '../components/data-table.tsx';
import { Card } from '../components/page.tsx';
import { Empty, Loading, Problem } from '../components/state.tsx';
import { capital, counted, number, Time } from '../components/time.tsx';

const columns: readonly Column<AttentionGroup>[] = [
  { id: 'kind', header: 'State', cell: ({ kind }) => <Badge value={kind} /> },
  {
    id: 'reason',
    header: 'Reason',
    isRowHeader: true,
    cell: ({ group, reason, advice }) => (
      <>
        <Link href={`/attention/${group}`}>{capital(reason)}</Link>
        {advice !== null && <div className="muted">{capital(advice)}</div>}
      </>
    ),
  },
  {
    id: 'people',
    header: 'People',
    className: 'number',
    cell: ({ people }) => number(people),
    sortBy: ({ people }) => people,
  },
  {
    id: 'since',
    header: 'Since',
    className: 'wide-only',
    cell: ({ since }) => <Time at={since} />,
    sortBy: ({ since }) => since,
  },
  { id: 'next', header: 'Next try', className: 'wide-only', cell: ({ nextTryWords }) => nextTryWords },
];

/** Held and failed people, by reason: thousands of people are usually two reasons. */
export function Attention() {
  const { data, error, refetch } = useApi('attention', {}, overview);
  return (
    <div id="attention">
      <Card
        title="Needs attention"
        flush
        actions={
          data !== undefined && (
            <span className="muted">
              {counted(data.people, 'person', 'people')}
              {!data.exact && ' or more'}
            </span>
          )
        }
      >
        {data === undefined ? (
          error === null ? (
            <Loading what="who needs attention" />
          ) : (
            <Problem error={error} onRetry={() => void refetch()} />
          )
        ) : data.groups.length === 0 ? (
          <Empty title="Nobody needs attention">Whoever fails or is held stands here, with the reason.</Empty>
        ) : (
          <DataTable name="Needs attention" rows={data.groups} columns={columns} rowId={({ group }) => group} />
        )}
      </Card>
    </div>
  );
}
