import { Link } from 'wouter';
import type { DeveloperRow } from '../../api/answers/developers.ts';
import { Badge } from '../components/badge.tsx';
import type { Column } from '../components/data-table.tsx';
import { number, Time } from '../components/time.tsx';

/** The columns of the list; the first one names its row and is always shown. */
export const columns: readonly Column<DeveloperRow>[] = [
  {
    id: 'email',
    header: 'Email',
    isRowHeader: true,
    cell: ({ id, email }) => <Link href={`/developers/${id}`}>{email}</Link>,
  },
  {
    id: 'name',
    header: 'Name',
    cell: ({ firstName, lastName }) => [firstName, lastName].filter((part) => part !== null).join(' '),
  },
  { id: 'userName', header: 'User name', cell: ({ userName }) => userName },
  { id: 'status', header: 'Status', cell: ({ status }) => <Badge value={status} /> },
  { id: 'sync', header: 'Sync', cell: ({ sync, syncWords }) => <Badge value={sync} title={syncWords} /> },
  {
    id: 'attributes',
    header: 'Attributes',
    className: 'wide-only',
    cell: ({ attributes }) => attributes.map(({ name, value }) => `${name}=${value}`).join(', '),
  },
  {
    id: 'attributeCount',
    header: 'Attributes, how many',
    className: 'number wide-only',
    cell: ({ attributes }) => number(attributes.length),
  },
  { id: 'created', header: 'Created', className: 'wide-only', cell: ({ createdAt }) => <Time at={createdAt} /> },
  {
    id: 'modified',
    header: 'Changed',
    className: 'wide-only',
    cell: ({ lastModifiedAt }) => <Time at={lastModifiedAt} />,
  },
  {
    id: 'developerId',
    header: 'Developer id',
    className: 'wide-only',
    cell: ({ developerId }) => <code>{developerId}</code>,
  },
];

export const appsColumn: Column<DeveloperRow> = { id: 'apps', header: 'Apps', cell: ({ apps }) => apps?.join(', ') };

/** What can be done at once, beside its row. */
export function actionColumn(
  onAsk: (action: 'activate' | 'deactivate', row: DeveloperRow) => void,
): Column<DeveloperRow> {
  return {
    id: 'actions',
    header: 'Actions',
    className: 'actions wide-only',
    cell: (row) => {
      const action = row.status === 'active' ? 'deactivate' : 'activate';
      const label = action === 'activate' ? 'Activate' : 'Deactivate';
      return (
        <button
          type="button"
          className="button plain"
          aria-label={`${label} ${row.email}`}
          onClick={() => onAsk(action, row)}
        >
          {label}
        </button>
      );
    },
  };
}

export const defaultColumns: ReadonlySet<string> = new Set(['name', 'status', 'sync', 'modified']);
