import { useState } from 'react';
import { useSearchParams } from 'wouter';
import type { Group, RunAnswer, RunRow } from '../../api/answers/runs.ts';
import { download } from '../api/client.ts';
import { useApiPages } from '../api/queries.ts';
import { Badge } from '../components/badge.tsx';
import { type Column, DataTable } from '../components/data-table.tsx';
import { ExportMenu } from '../components/export-menu.tsx';
import { SelectField, TextField } from '../components/field.tsx';
import { Card } from '../components/page.tsx';
import { PersonLink } from '../components/person-link.tsx';
import { Empty, Loading, Problem } from '../components/state.tsx';
import { number } from '../components/time.tsx';

const columns: readonly Column<RunRow>[] = [
  {
    id: 'person',
    header: 'Person',
    isRowHeader: true,
    cell: ({ id, key }) => <PersonLink id={id} person={key} />,
  },
  {
    id: 'outcome',
    header: 'Done',
    cell: ({ outcome, outcomeWords }) => <Badge value={outcome} word={outcomeWords} />,
  },
  { id: 'situation', header: 'Situation', className: 'wide-only', cell: ({ situationWords }) => situationWords },
  { id: 'fields', header: 'Fields', className: 'wide-only', cell: ({ fields }) => fields.join(', ') },
  { id: 'reason', header: 'Why', cell: ({ reason }) => reason },
];

const filters = ['outcome', 'situation', 'field', 'reason'] as const;
type Filter = (typeof filters)[number];
const filterNames: Readonly<Record<Filter, string>> = {
  outcome: 'Done',
  situation: 'Situation',
  field: 'Field',
  reason: 'Why',
};

/** Everyone for whom the run did something, filtered by what stands in the address. */
export function RunPeople({ answer, mayExport }: { readonly answer: RunAnswer; readonly mayExport: boolean }) {
  const { run, groups, progress } = answer;
  const [search, setSearch] = useSearchParams();
  // An email is never part of an address (rule 27).
  const [person, setPerson] = useState('');
  const [sought, setSought] = useState<string>();
  const chosen = (name: Filter): string | undefined => search.get(name) ?? undefined;
  const outcome = chosen('outcome');
  const filter = {
    ...(outcome === undefined ? {} : { outcomes: [outcome] }),
    ...given('situation', chosen('situation')),
    ...given('field', chosen('field')),
    ...given('reason', chosen('reason')),
    ...given('person', sought),
  };
  const { data, error, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useApiPages(
    'runPeople',
    (after) => ({ params: { runId: run.runId }, body: { ...filter, ...given('after', after) } }),
    ({ next }) => next,
    { every: progress === null ? false : 10_000 },
  );
  const people = data?.pages.flatMap((page) => page.people);
  const total = sought === undefined ? totalOf(answer, chosen) : undefined;
  const choose = (name: Filter, value: string): void =>
    setSearch(
      (before) => {
        const next = new URLSearchParams(before);
        if (value === '') next.delete(name);
        else next.set(name, value);
        return next;
      },
      { replace: true },
    );
  return (
    <Card
      title="Person by person"
      flush
      actions={
        mayExport && (
          <ExportMenu
            onExport={(format) => download('exportRun', { params: { runId: run.runId }, body: { format, filter } })}
          />
        )
      }
    >
      <div className="filters">
        {filters.map((name) => (
          <SelectField
            key={name}
            label={filterNames[name]}
            value={chosen(name) ?? ''}
            options={optionsOf(groups[name], chosen(name))}
            onChange={(value) => choose(name, value)}
          />
        ))}
        <form
          className="row find"
          onSubmit={(event) => {
            event.preventDefault();
            setSought(person.trim() === '' ? undefined : person.trim());
          }}
        >
          <TextField label="Person" placeholder="Part of the email" value={person} onChange={setPerson} />
          <button type="submit" className="button">
            Find
          </button>
        </form>
        {!groups.complete && <p className="hint">Of some there are too many to choose from: the most frequent are.</p>}
      </div>
      {people === undefined ? (
        error === null ? (
          <Loading what="people" />
        ) : (
          <Problem error={error} onRetry={() => void refetch()} />
        )
      ) : people.length === 0 && hasNextPage ? (
        <Empty
          title="Nobody so far"
          action={
            <button
              type="button"
              className="button"
              aria-disabled={isFetchingNextPage}
              onClick={() => void fetchNextPage()}
            >
              Look further
            </button>
          }
        >
          The run is large, and a part of it was looked at.
        </Empty>
      ) : people.length === 0 ? (
        Object.keys(filter).length === 0 ? (
          <Empty title="Nothing was to be done for anybody">Everyone was in step: the run wrote nothing.</Empty>
        ) : (
          <Empty
            title="Nobody is like that"
            action={
              <button
                type="button"
                className="button"
                onClick={() => {
                  setPerson('');
                  setSought(undefined);
                  setSearch({}, { replace: true });
                }}
              >
                Show everyone
              </button>
            }
          />
        )
      ) : (
        <>
          <DataTable name="People" rows={people} columns={columns} rowId={({ row }) => row} />
          <div className="card-foot">
            <span role="status">
              {number(people.length)}
              {total !== undefined && total >= people.length ? ` of ${number(total)} shown` : ' shown'}
              {hasNextPage && '; there may be more'}
            </span>
            {hasNextPage && (
              <button
                type="button"
                className="button"
                aria-disabled={isFetchingNextPage}
                onClick={() => void fetchNextPage()}
              >
                Show more
              </button>
            )}
          </div>
        </>
      )}
    </Card>
  );
}

/** How many there are of what is chosen, where the counts tell. */
function totalOf({ rows, groups }: RunAnswer, chosen: (name: Filter) => string | undefined): number | undefined {
  const names = filters.filter((name) => chosen(name) !== undefined);
  const [name] = names;
  if (names.length > 1) return undefined;
  if (name === undefined) return rows ?? undefined;
  return groups[name].find(({ value }) => value === chosen(name))?.people;
}

/** What stands in the address can always be chosen. */
function optionsOf(groups: readonly Group[], chosen: string | undefined): readonly (readonly [string, string])[] {
  const isKnown = chosen === undefined || groups.some(({ value }) => value === chosen);
  return [['', 'Any'], ...groups.map(optionOf), ...(isKnown ? [] : [[chosen, chosen] as const])];
}

function optionOf({ value, words, people }: Group): readonly [string, string] {
  const short = words.length > 60 ? `${words.slice(0, 59)}…` : words;
  return [value, `${short} (${number(people)})`];
}

function given<Name extends string>(name: Name, value: string | undefined): Partial<Readonly<Record<Name, string>>> {
  return value === undefined ? {} : ({ [name]: value } as Readonly<Record<Name, string>>);
}
