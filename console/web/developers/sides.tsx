import type { FieldAnswer } from '../../api/answers/person.ts';
import { type Column, DataTable } from '../components/data-table.tsx';

const value = (text: string | null) =>
  text === null ? <span className="muted">–</span> : text === '' ? <span className="muted">empty</span> : text;

const columns: readonly Column<FieldAnswer>[] = [
  {
    id: 'field',
    header: 'Field',
    isRowHeader: true,
    cell: ({ field, edit, editWords }) => (
      <>
        {fieldName(field)}
        {edit === 'locked' && (
          <span className="badge" title={editWords}>
            locked
          </span>
        )}
      </>
    ),
  },
  { id: 'apigee', header: 'Apigee', cell: ({ apigee }) => value(apigee) },
  { id: 'portal', header: 'Portal', cell: ({ portal }) => value(portal) },
  {
    id: 'base',
    header: 'When last in step',
    className: 'wide-only',
    cell: ({ basePortal, baseApigee }) =>
      basePortal === baseApigee ? (
        value(baseApigee)
      ) : (
        <>
          Apigee: {value(baseApigee)}, portal: {value(basePortal)}
        </>
      ),
  },
  {
    id: 'changed',
    header: 'Changed since',
    cell: ({ changed }) =>
      changed === null || changed === 'neither' ? null : (
        <span className="badge warning">
          {changed === 'both' ? 'on both' : changed === 'apigee' ? 'in Apigee' : 'on the portal'}
        </span>
      ),
  },
];

/** Both sides field by field, with the base from which changes are told. */
export function Sides({ fields }: { readonly fields: readonly FieldAnswer[] }) {
  return (
    <div className="sides">
      <DataTable
        name="Both sides, field by field"
        rows={fields}
        columns={columns}
        rowId={({ field }) => field}
        rowClassName={({ changed }) => (changed === null || changed === 'neither' ? undefined : 'changed')}
      />
    </div>
  );
}

const names: Readonly<Record<string, string>> = { firstName: 'First name', lastName: 'Last name', status: 'Status' };

export function fieldName(field: string): string {
  return names[field] ?? field.replace(/^attributes\./, '');
}
