import { type KeyboardEvent, useRef, useState } from 'react';
import type { exportFormats } from '../../api/requests.ts';
import { useNotice } from './notices.tsx';
import { FormProblem } from './state.tsx';

type Format = (typeof exportFormats)[number];

const formats: readonly (readonly [Format, string])[] = [
  ['csv', 'CSV for spreadsheets'],
  ['json', 'JSON'],
  ['ndjson', 'NDJSON, one a line'],
];

interface ExportMenuProps {
  readonly name?: string;
  /** Whom the file is about. */
  readonly whom?: string;
  readonly onExport: (format: Format) => Promise<string>;
}

/** Downloads what the page shows with its filters, all of it and not only what is loaded. */
export function ExportMenu({ name = 'Export', whom = 'Everyone who is like the filters.', onExport }: ExportMenuProps) {
  const menu = useRef<HTMLDetailsElement>(null);
  const notice = useNotice();
  const [problem, setProblem] = useState<unknown>();
  const [running, setRunning] = useState<Format>();

  const run = async (format: Format): Promise<void> => {
    if (running !== undefined) return;
    setProblem(undefined);
    setRunning(format);
    try {
      notice(`Saved as ${await onExport(format)}.`);
      menu.current?.removeAttribute('open');
    } catch (error) {
      setProblem(error);
    } finally {
      setRunning(undefined);
    }
  };

  return (
    <details className="menu" ref={menu} onKeyDown={closeOnEscape}>
      <summary className="button" role="button">
        {name}
      </summary>
      <div className="menu-body">
        {formats.map(([format, label]) => (
          <button
            key={format}
            type="button"
            className="button"
            aria-disabled={running !== undefined}
            onClick={() => void run(format)}
          >
            {running === format ? `Reading… ${label}` : label}
          </button>
        ))}
        <p className="hint">{whom} JSON keeps every value as it is.</p>
        <FormProblem error={problem} />
      </div>
    </details>
  );
}

/** A `<details>` used as a menu closes with Escape, and the focus goes back to what opened it. */
export function closeOnEscape(event: KeyboardEvent<HTMLDetailsElement>): void {
  if (event.key !== 'Escape' || !event.currentTarget.open) return;
  event.currentTarget.open = false;
  event.currentTarget.querySelector('summary')?.focus();
}
