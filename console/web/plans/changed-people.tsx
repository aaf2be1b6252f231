import { useState } from 'react';
import { useSearchParams } from 'wouter';
import type { ChangedPerson } from '../../api/answers/plans.ts';
import type { RunAnswer } from '../../api/answers/runs.ts';
import { type PlanKind, planKinds } from '../../api/plans.ts';
import { download } from '../api/client.ts';
import { useApiPages } from '../api/queries.ts';
import { useMay } from '../api/session.tsx';
import { Badge } from '../components/badge.tsx';
import { type Column, DataTable } from '../components/data-table.tsx';
import { ExportMenu } from '../components/export-menu.tsx';
import { SelectField, TextField } from '../components/field.tsx';
import { Card } from '../components/page.tsx';
import { PersonLink } from '../components/person-link.tsx';
import { Empty, Loading, Problem } from '../components/state.tsx';
import { number } from '../components/time.tsx';
import { Writes } from '../components/written.tsx';
import { kindWords } from './plan-words.ts';

const columns: readonly Column<ChangedPerson>[] = [
  {
    id: 'person',
    header: 'Person',
    isRowHeader: true,
    cell: ({ id, key }) => <PersonLink id={id} person={key} />,
  },
  {
    id: 'outcome',
    header: 'Done',
    cell: ({ outcome, outcomeWords, kind }) => (
      <>
        <Badge value={outcome} word={outcomeWords} />{' '}
        {(kind === 'delete' || kind === 'deactivate') && <Badge value="failed" word={kindWords[kind]} />}
      </>
    ),
  },
  { id: 'found', header: 'Situation', className: 'wide-only', cell: ({ situationWords }) => situationWords },
  { id: 'writes', header: 'Before → after', cell: ({ writes }) => <Writes writes={writes} /> },
];

const kindOptions: readonly (readonly [PlanKind | '', string])[] = [
  ['', 'Any'],
  ...planKinds.map((kind) => [kind, kindWords[kind]] as const),
];

/** Everyone who was written, or would be, with the values before and after; nothing where there are none. */
export function ChangedPeople({ answer }: { readonly answer: RunAnswer }) {
  const { run } = answer;
  const { runId } = run;
  const mayExport = useMay('operator');
  const [search] = useSearchParams();
  const [kind, setKind] = useState<PlanKind | ''>('');
  // An email is never part of an address (rule 27).
  const [person, setPerson] = useState('');
  const [sought, setSought] = useState('');
  const filter = {
    ...(kind === '' ? {} : { kind }),
    ...(sought === '' ? {} : { person: sought }),
    ...inAddress(search, 'situation'),
    ...inAddress(search, 'outcome'),
  };
  const { data, error, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useApiPages(
    'changedPeople',
    (after) => ({ params: { runId }, body: { ...filter, ...(after === undefined ? {} : { after }) } }),
    ({ next }) => next,
  );
  const people = data?.pages.flatMap((page) => page.people);
  if (people?.length === 0 && !hasNextPage && Object.keys(filter).length === 0) return null;
  const waits = run.dryRun || run.state === 'held';
  const more = (words: string) => (
    <button type="button" className="button" aria-disabled={isFetchingNextPage} onClick={() => void fetchNextPage()}>
      {words}
    </button>
  );
  return (
    <Card
      title={waits ? 'What would be written' : 'What was written'}
      flush
      actions={
        mayExport && (
          <ExportMenu
            name="Download with values"
            whom="Everyone of the run."
            onExport={(format) => download('exportChanges', { params: { runId }, body: { format } })}
          />
        )
      }
    >
      <div className="filters">
        <SelectField label="Kind" value={kind} options={kindOptions} onChange={setKind} />
        <form
          className="row find"
          onSubmit={(event) => {
            event.preventDefault();
            setSought(person.trim());
          }}
        >
          <TextField label="Email" placeholder="Part of the email" value={person} onChange={setPerson} />
          <button type="submit" className="button">
            Find
          </button>
        </form>
      </div>
      {people === undefined ? (
        error === null ? (
          <Loading what="what is written" />
        ) : (
          <Problem error={error} onRetry={() => void refetch()} />
        )
      ) : people.length === 0 ? (
        <Empty
          title={hasNextPage ? 'Nobody so far' : 'Nobody is written like that'}
          action={hasNextPage && more('Look further')}
        >
          {hasNextPage && 'A part of everybody was looked at.'}
        </Empty>
      ) : (
        <>
          <DataTable name="Written" rows={people} columns={columns} rowId={({ key }) => key} />
          <div className="card-foot">
            <span role="status">
              {number(people.length)} shown{hasNextPage && '; there may be more'}
            </span>
            {hasNextPage && more('Show more')}
          </div>
        </>
      )}
    </Card>
  );
}

function inAddress<Name extends string>(search: URLSearchParams, name: Name): Partial<Readonly<Record<Name, string>>> {
  const value = search.get(name);
  return value === null ? {} : ({ [name]: value } as Readonly<Record<Name, string>>);
}
