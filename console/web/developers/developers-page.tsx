import { useMemo, useState } from 'react';
import type { DeveloperRow } from '../../api/answers/developers.ts';
import { download } from '../api/client.ts';
import { useMay, useSession } from '../api/session.tsx';
import { type Column, DataTable } from '../components/data-table.tsx';
import { ExportMenu } from '../components/export-menu.tsx';
import { Page } from '../components/page.tsx';
import { AddDialog } from './add-dialog.tsx';
import { BulkBar } from './bulk-bar.tsx';
import { actionColumn, appsColumn, columns } from './columns.tsx';
import { FoundRows, ScanState } from './found-rows.tsx';
import { type PersonAction, PersonDialog } from './person-dialogs.tsx';
import { SearchBar } from './search-bar.tsx';
import { useDevelopers } from './use-developers.ts';
import { useView } from './view.ts';

/** All developers: found, chosen, added, changed in bulk, exported. */
export function DevelopersPage() {
  const { view, change } = useView();
  const { editDevelopers } = useSession().offers;
  const mayOperate = useMay('operator');
  const mayBulk = useMay('admin') && editDevelopers;
  const mayEdit = mayOperate && editDevelopers;
  const [deepQuery, setDeepQuery] = useState<string>();
  const [submitted, setSubmitted] = useState<string>();
  const query = view.query.trim();
  const found = useDevelopers(view, { isDeep: deepQuery === query, isSubmitted: submitted === query });
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  const [isAdding, setIsAdding] = useState(false);
  const [asked, setAsked] = useState<{ readonly action: PersonAction; readonly row: DeveloperRow }>();
  const { developers, kind, filter } = found;
  const shown = useMemo(() => new Set(developers?.map(({ id }) => id)), [developers]);
  const chosen = useMemo(() => new Set([...selected].filter((id) => shown.has(id))), [selected, shown]);
  const hidden = useMemo(
    () => new Set(columns.filter(({ id }) => id !== 'email' && !view.columns.has(id)).map(({ id }) => id)),
    [view.columns],
  );
  const all = useMemo(
    (): readonly Column<DeveloperRow>[] => [
      ...columns,
      ...(view.searchIn === 'apps' ? [appsColumn] : []),
      ...(mayEdit ? [actionColumn((action, row) => setAsked({ action, row }))] : []),
    ],
    [mayEdit, view.searchIn],
  );

  return (
    <Page
      title="Developers"
      actions={
        <>
          {mayOperate && (
            <ExportMenu
              onExport={(format) =>
                download('exportDevelopers', { body: { format, ...(filter === undefined ? {} : { filter }) } })
              }
            />
          )}
          {mayEdit && (
            <button type="button" className="button primary" onClick={() => setIsAdding(true)}>
              Add developer
            </button>
          )}
        </>
      }
    >
      <section className="card">
        <SearchBar view={view} change={change} onSubmit={setSubmitted} />
        {mayOperate && chosen.size > 0 && (
          <BulkBar ids={chosen} mayAct={mayBulk} onClear={() => setSelected(new Set())} />
        )}
        {kind === 'scan' && <ScanState scanning={found.scanning} />}
        <FoundRows
          found={found}
          query={query}
          onDeep={() => setDeepQuery(query)}
          onClear={() => change({ query: '', status: undefined, sync: undefined })}
          onAdd={mayEdit ? () => setIsAdding(true) : undefined}
        >
          {developers !== undefined && (
            <DataTable
              name="Developers"
              rows={developers}
              columns={all}
              rowId={({ id }) => id}
              hidden={hidden}
              {...(mayOperate
                ? { selection: { ids: chosen, onChange: setSelected, label: ({ email }: DeveloperRow) => email } }
                : {})}
            />
          )}
        </FoundRows>
      </section>
      {isAdding && <AddDialog onClose={() => setIsAdding(false)} />}
      {asked !== undefined && (
        <PersonDialog
          action={asked.action}
          person={{ id: asked.row.id, key: asked.row.email }}
          onChoose={(action) => setAsked({ action, row: asked.row })}
          onClose={() => setAsked(undefined)}
        />
      )}
    </Page>
  );
}
