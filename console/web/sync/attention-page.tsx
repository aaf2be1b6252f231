import { useState } from 'react';
import { Link } from 'wouter';
import type { AttentionPerson } from '../../api/answers/attention.ts';
import { beginBulkJob } from '../bulk/bulk-store.ts';
import { stream } from '../api/client.ts';
import { overview, useApi } from '../api/queries.ts';
import { useMay, useSession } from '../api/session.tsx';
import { Badge } from '../components/badge.tsx';
import { Confirmation } from '../components/confirmation.tsx';
import { type Column, DataTable } from '../components/data-table.tsx';
import { Page } from '../components/page.tsx';
import { Empty, Loading, Problem } from '../components/state.tsx';
import { capital, counted, number, Time } from '../components/time.tsx';

const columns: readonly Column<AttentionPerson>[] = [
  {
    id: 'person',
    header: 'Person',
    isRowHeader: true,
    cell: ({ id, key }) => <Link href={`/developers/${id}`}>{key}</Link>,
  },
  { id: 'since', header: 'Since', cell: ({ since }) => <Time at={since} />, sortBy: ({ since }) => since },
  {
    id: 'attempts',
    header: 'Tries',
    className: 'number wide-only',
    cell: ({ attempts }) => (attempts === null ? '' : number(attempts)),
    sortBy: ({ attempts }) => attempts ?? 0,
  },
  { id: 'next', header: 'Next try', cell: ({ nextTryWords }) => nextTryWords },
];

const trail = <Link href="/">← Back to the overview</Link>;

/** Everyone who is held or failed for one reason, and what can be done for all of them. */
export function AttentionPage({ group }: { readonly group: string }) {
  const { data, error, refetch } = useApi('attentionGroup', { params: { group } }, overview);
  const { editDevelopers } = useSession().offers;
  const isAdmin = useMay('admin');
  const mayAct = isAdmin && editDevelopers;
  const [asked, setAsked] = useState<'retry' | 'release'>();
  if (data === undefined)
    return (
      <Page title="Needs attention" trail={trail}>
        <div className="card">
          {error === null ? (
            <Loading what="who this concerns" />
          ) : (
            <Problem error={error} onRetry={() => void refetch()} />
          )}
        </div>
      </Page>
    );
  const { kind, reason, advice, people, since, nextTryWords, mayRelease } = data.group;
  const canRelease = mayRelease && kind === 'held';
  return (
    <Page
      title="Needs attention"
      trail={trail}
      heading={<Badge value={kind} />}
      actions={
        mayAct && (
          <>
            <button type="button" className="button" onClick={() => setAsked('retry')}>
              Retry all
            </button>
            {canRelease && (
              <button type="button" className="button" onClick={() => setAsked('release')}>
                Release all
              </button>
            )}
          </>
        )
      }
    >
      <div className="note warning">
        <p>
          <strong>{capital(reason)}</strong>
        </p>
        {advice !== null && <p>{capital(advice)}</p>}
        <p>
          {counted(people, 'person', 'people')}, the longest waiting since <Time at={since} />. Next try: {nextTryWords}
          .{!isAdmin && ' To retry or release all of them needs the role admin.'}
        </p>
      </div>
      <section className="card">
        {data.people.length === 0 ? (
          <Empty title="Nobody is left">All of them are in step or were decided.</Empty>
        ) : (
          <DataTable name="People" rows={data.people} columns={columns} rowId={({ id }) => id} />
        )}
        {data.people.length < people && (
          <div className="card-foot">The {number(data.people.length)} who wait longest are shown.</div>
        )}
      </section>
      {asked !== undefined && (
        <Confirmation
          title={asked === 'retry' ? 'Retry all of them?' : 'Release all of them?'}
          action={asked === 'retry' ? 'Retry' : 'Release'}
          typed={{ label: `Type ${String(people)}, the number of people`, value: String(people) }}
          onClose={() => setAsked(undefined)}
          onConfirm={(why) =>
            beginBulkJob(asked === 'retry' ? 'Retry' : 'Release', (signal) =>
              stream(asked === 'retry' ? 'retryGroup' : 'releaseGroup', {
                params: { group },
                body: { count: people, reason: why },
                signal,
              }),
            )
          }
        >
          <p>
            {asked === 'retry'
              ? 'Each of them is synchronised now, one after the other. You can follow it, and stop it.'
              : 'Each of them goes on as if the reason were gone: read what the reason says before.'}
          </p>
        </Confirmation>
      )}
    </Page>
  );
}
