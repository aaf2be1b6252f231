import type { ReactNode } from 'react';
import { PersonLink } from '../components/person-link.tsx';
import { Empty, Loading, Problem } from '../components/state.tsx';
import { counted, number } from '../components/time.tsx';
import type { Developers } from './use-developers.ts';
import type { Scanning } from './use-scan.ts';

/** How far a look through everyone is; it can be stopped and goes on from there. */
export function ScanState({ scanning: { scan, stop } }: { readonly scanning: Scanning }) {
  const { developers, looked, isRunning, isComplete, problem } = scan;
  if (!isRunning && looked === 0 && problem === undefined) return null;
  const found = `${number(developers.length)} found among ${counted(looked, 'developer', 'developers')}`;
  return (
    <div className="scan">
      <span role="status">
        {isRunning
          ? `Looking through everyone: ${found}…`
          : isComplete
            ? `Everyone was looked at: ${found}.`
            : `Stopped: ${found}.`}
        {problem !== undefined && ` ${problem.message}`}
      </span>
      {isRunning && (
        <button type="button" className="button" onClick={stop}>
          Stop
        </button>
      )}
    </div>
  );
}

interface FoundRowsProps {
  readonly found: Developers;
  readonly query: string;
  /** Looks for it in names, user names and attributes of everyone. */
  readonly onDeep: () => void;
  readonly onClear: () => void;
  readonly onAdd: (() => void) | undefined;
  /** The table. */
  readonly children: ReactNode;
}

/** The table with what belongs below it, or what stands in its place while there is nothing to show. */
export function FoundRows({ found, query, onDeep, onClear, onAdd, children }: FoundRowsProps) {
  const { kind, developers, others, error, retry, more, isReading, scanning } = found;
  const waits = kind === 'scan' && !scanning.scan.isRunning && !scanning.scan.isComplete && scanning.scan.looked === 0;
  if (error !== null && developers === undefined) return <Problem error={error} onRetry={retry} />;
  if (error !== null && developers?.length === 0) return <Problem error={error} onRetry={retry} />;
  if (developers === undefined) return <Loading what="developers" lines={8} />;
  const deep = (
    <button type="button" className="button" onClick={onDeep}>
      Look through everyone
    </button>
  );
  if (developers.length === 0 && others.length === 0) {
    if (waits)
      return (
        <Empty title="Press Enter to look through everyone" action={deep}>
          Names, attributes and apps stand in no index: every developer is read, page by page. You can stop it.
        </Empty>
      );
    if (kind === 'pages')
      return (
        <Empty
          title="There are no developers yet"
          action={
            onAdd !== undefined && (
              <button type="button" className="button" onClick={onAdd}>
                Add the first one
              </button>
            )
          }
        >
          Who registers on the portal appears here by itself.
        </Empty>
      );
    if (kind === 'emails')
      return (
        <Empty title="No email begins like that" action={deep}>
          Names, user names and attributes stand in no index: to find “{query}” there, every developer is read.
        </Empty>
      );
    return (
      <Empty
        title="Nobody is like that"
        action={
          <button type="button" className="button" onClick={onClear}>
            Show everyone
          </button>
        }
      />
    );
  }
  return (
    <>
      {developers.length > 0 && children}
      {others.length > 0 && (
        <div className="card-body">
          <h3>Without a developer</h3>
          <ul>
            {others.map(({ id, key, words }) => (
              <li key={id}>
                <PersonLink id={id} person={key} /> <span className="muted">{words}</span>
              </li>
            ))}
          </ul>
        </div>
      )}
      <div className="card-foot">
        <span role="status">{counted(developers.length, 'developer', 'developers')} shown</span>
        <span className="row">
          {kind === 'emails' && deep}
          {more !== undefined && (
            <button type="button" className="button" aria-disabled={isReading} onClick={more}>
              {kind === 'scan' ? 'Go on looking' : 'Show more'}
            </button>
          )}
        </span>
      </div>
    </>
  );
}
