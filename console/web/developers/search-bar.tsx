import { type FormEvent, useEffect, useId, useState } from 'react';
import { syncStateNames } from '../components/badge.tsx';
import { closeOnEscape } from '../components/export-menu.tsx';
import { SelectField } from '../components/field.tsx';
import { columns } from './columns.tsx';
import type { ViewControl } from './view.ts';

interface SearchBarProps extends ViewControl {
  /** Enter was pressed on this. */
  readonly onSubmit: (query: string) => void;
}

/** How long typing pauses before what was typed is looked for, ms. */
const pause = 350;

/** The search box, filters and the choice of columns. */
export function SearchBar({ view, change, onSubmit }: SearchBarProps) {
  const [text, setText] = useState(view.query);
  const id = useId();
  useEffect(() => {
    if (text === view.query) return undefined;
    const timer = setTimeout(() => change({ query: text }), pause);
    return () => clearTimeout(timer);
  }, [change, text, view.query]);

  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (text !== view.query) change({ query: text });
    onSubmit(text.trim());
  };
  return (
    <form role="search" aria-label="Developers" className="search-bar" onSubmit={submit}>
      <div className="field search-box">
        <label htmlFor={id}>Search developers</label>
        <input
          id={id}
          type="search"
          className="input"
          autoComplete="off"
          spellCheck={false}
          placeholder={view.searchIn === 'apps' ? 'Name of an app, then Enter' : 'Email, name, or attribute=value'}
          value={text}
          onChange={(event) => setText(event.target.value)}
        />
      </div>
      <SelectField
        label="In"
        value={view.searchIn}
        options={[
          ['people', 'People'],
          ['apps', 'Names of apps'],
        ]}
        onChange={(searchIn) => change({ searchIn })}
      />
      <SelectField
        label="Status"
        value={view.status ?? ''}
        options={[
          ['', 'Any'],
          ['active', 'Active'],
          ['inactive', 'Inactive'],
        ]}
        onChange={(status) => change({ status: status === '' ? undefined : status })}
      />
      <SelectField
        label="Sync"
        value={view.sync ?? ''}
        options={[['', 'Any'], ...syncStateNames]}
        onChange={(sync) => change({ sync: sync === '' ? undefined : sync })}
      />
      <details className="menu" onKeyDown={closeOnEscape}>
        <summary className="button" role="button">
          Columns
        </summary>
        <fieldset className="menu-body">
          <legend className="visually-hidden">Columns that are shown</legend>
          {columns
            .filter(({ isRowHeader }) => isRowHeader !== true)
            .map((column) => (
              <label key={column.id} className="choice">
                <input
                  type="checkbox"
                  checked={view.columns.has(column.id)}
                  onChange={(event) => change({ columns: toggled(view.columns, column.id, event.target.checked) })}
                />
                {column.header}
              </label>
            ))}
        </fieldset>
      </details>
    </form>
  );
}

/** In the order of the table, so that one choice has one address. */
function toggled(shown: ReadonlySet<string>, id: string, isShown: boolean): ReadonlySet<string> {
  return new Set(columns.map((column) => column.id).filter((other) => (other === id ? isShown : shown.has(other))));
}
