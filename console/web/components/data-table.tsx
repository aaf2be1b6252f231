import {
  type ColumnDef,
  columnVisibilityFeature,
  createSortedRowModel,
  rowSelectionFeature,
  rowSortingFeature,
  sortFn_basic,
  tableFeatures,
  useTable,
} from '@tanstack/react-table';
import { type ReactNode, useMemo } from 'react';

export interface Column<Row> {
  readonly id: string;
  readonly header: string;
  readonly cell: (row: Row) => ReactNode;
  /** Given: the column can be sorted, in this page's rows. */
  readonly sortBy?: (row: Row) => string | number;
  /** `number`: figures, to the right. `wide-only`: left out on narrow screens. */
  readonly className?: string;
  /** The cell names its row. */
  readonly isRowHeader?: boolean;
}

interface DataTableProps<Row> {
  /** What the table is called by those who hear it. */
  readonly name: string;
  readonly rows: readonly Row[];
  readonly columns: readonly Column<Row>[];
  readonly rowId: (row: Row) => string;
  readonly hidden?: ReadonlySet<string>;
  /** Given: rows can be chosen, by id. */
  readonly selection?: Selection<Row>;
  readonly rowClassName?: (row: Row) => string | undefined;
}

export interface Selection<Row> {
  readonly ids: ReadonlySet<string>;
  readonly onChange: (ids: ReadonlySet<string>) => void;
  /** How a row is called beside its box. */
  readonly label: (row: Row) => string;
}

const features = tableFeatures({
  columnVisibilityFeature,
  rowSelectionFeature,
  rowSortingFeature,
  sortedRowModel: createSortedRowModel(),
});

const none: ReadonlySet<string> = new Set();

/** A native table. Its rows can be sorted and chosen, its columns hidden. */
export function DataTable<Row extends object>(props: DataTableProps<Row>) {
  const { name, rows, columns, rowId, hidden = none, selection, rowClassName } = props;
  const byId = useMemo(() => new Map(columns.map((column) => [column.id, column])), [columns]);
  const definitions = useMemo(
    () =>
      columns.map((column): ColumnDef<typeof features, Row> => {
        const { id, header, cell, sortBy } = column;
        const shared = { id, header, cell: ({ row }: { row: { original: Row } }) => cell(row.original) };
        return sortBy === undefined
          ? { ...shared, enableSorting: false }
          : { ...shared, accessorFn: sortBy, sortFn: sortFn_basic };
      }),
    [columns],
  );
  const rowSelection = useMemo(
    () => Object.fromEntries([...(selection?.ids ?? none)].map((id) => [id, true] as const)),
    [selection?.ids],
  );
  const columnVisibility = useMemo(() => Object.fromEntries([...hidden].map((id) => [id, false] as const)), [hidden]);
  const table = useTable({
    features,
    columns: definitions,
    data: rows,
    getRowId: rowId,
    state: { rowSelection, columnVisibility },
    onRowSelectionChange: (update) => {
      const next = typeof update === 'function' ? update(rowSelection) : update;
      selection?.onChange(new Set(Object.keys(next).filter((id) => next[id] === true)));
    },
  });

  return (
    <div className="table-scroll">
      {/* On narrow screens rows are no longer laid out as a table: the roles keep them one for whoever hears it. */}
      <table className="stacks" role="table">
        <caption className="visually-hidden">{name}</caption>
        <thead role="rowgroup">
          {table.getHeaderGroups().map((group) => (
            <tr key={group.id} role="row">
              {selection !== undefined && (
                <th scope="col" role="columnheader" className="check">
                  <input
                    type="checkbox"
                    aria-label={`Select all ${String(rows.length)} shown`}
                    checked={rows.length > 0 && table.getIsAllRowsSelected()}
                    ref={(box) => {
                      if (box !== null)
                        box.indeterminate = table.getIsSomeRowsSelected() && !table.getIsAllRowsSelected();
                    }}
                    onChange={table.getToggleAllRowsSelectedHandler()}
                  />
                </th>
              )}
              {group.headers.map((header) => {
                const sorted = header.column.getIsSorted();
                const title = byId.get(header.column.id)?.header ?? '';
                return (
                  <th
                    key={header.id}
                    scope="col"
                    role="columnheader"
                    className={byId.get(header.column.id)?.className}
                    aria-sort={sorted === false ? undefined : sorted === 'asc' ? 'ascending' : 'descending'}
                  >
                    {header.column.getCanSort() ? (
                      <button type="button" className="sort" onClick={header.column.getToggleSortingHandler()}>
                        {title}
                        <span aria-hidden="true">{sorted === false ? ' ↕' : sorted === 'asc' ? ' ↑' : ' ↓'}</span>
                      </button>
                    ) : (
                      title
                    )}
                  </th>
                );
              })}
            </tr>
          ))}
        </thead>
        <tbody role="rowgroup">
          {table.getRowModel().rows.map((row) => (
            <tr
              key={row.id}
              role="row"
              className={rowClassName?.(row.original)}
              aria-selected={selection === undefined ? undefined : row.getIsSelected()}
            >
              {selection !== undefined && (
                <td role="cell" className="check">
                  <input
                    type="checkbox"
                    aria-label={`Select ${selection.label(row.original)}`}
                    checked={row.getIsSelected()}
                    onChange={row.getToggleSelectedHandler()}
                  />
                </td>
              )}
              {row.getVisibleCells().map((cell) => {
                const column = byId.get(cell.column.id);
                const content = column?.cell(row.original);
                return column?.isRowHeader === true ? (
                  <th key={cell.id} scope="row" role="rowheader" className={column.className}>
                    {content}
                  </th>
                ) : (
                  <td key={cell.id} role="cell" className={column?.className} data-label={column?.header}>
                    {content}
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
