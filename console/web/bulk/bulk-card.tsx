import { Link } from 'wouter';
import { Badge } from '../components/badge.tsx';
import { type Column, DataTable } from '../components/data-table.tsx';
import { counted, number } from '../components/time.tsx';
import { type BulkJob, dismissBulkJob, isOver, stopBulkJob, useBulkJob } from './bulk-store.ts';

type Result = BulkJob['results'][number];

const columns: readonly Column<Result>[] = [
  {
    id: 'person',
    header: 'Person',
    isRowHeader: true,
    cell: ({ id, key }) => <Link href={`/developers/${id}`}>{key}</Link>,
  },
  { id: 'result', header: 'Result', cell: ({ result }) => <Badge value={result} /> },
  { id: 'words', header: 'What happened', cell: ({ words }) => words },
];

/** Follows an action on many people, on whichever page one is. */
export function BulkCard() {
  const job = useBulkJob();
  if (job === undefined) return null;
  const { title, people, done, results, over, problem } = job;
  const isAtEnd = isOver(job);
  return (
    <aside className="bulk card" aria-label={title}>
      <div className="card-head">
        <h2>{title}</h2>
        {isAtEnd ? (
          <button type="button" className="button" onClick={dismissBulkJob}>
            Dismiss
          </button>
        ) : (
          <button type="button" className="button danger" onClick={stopBulkJob}>
            Stop
          </button>
        )}
      </div>
      <div className="card-body stack">
        <progress aria-label={title} max={Math.max(people, 1)} value={done} />
        <p role="status">
          {number(done)} of {counted(people, 'person', 'people')}
          {over !== undefined && `: ${over.words}`}
          {problem !== undefined && `: ${problem}`}
          {job.isStopped && '. Stopped: who is under way is finished, the rest is left as it was.'}
        </p>
        {results.length > 0 && (
          <details open={isAtEnd && results.some(({ result }) => result === 'failed' || result === 'held')}>
            <summary>Person by person</summary>
            <DataTable name="Results" rows={results} columns={columns} rowId={({ id }) => id} />
          </details>
        )}
      </div>
    </aside>
  );
}
