import type { UseQueryResult } from '@tanstack/react-query';
import { Link } from 'wouter';
import type { Counted, Freshness, NextAction, StatusAnswer } from '../../api/answers/status.ts';
import { Badge } from '../components/badge.tsx';
import { Loading, Problem } from '../components/state.tsx';
import { number, Time } from '../components/time.tsx';

/** One line for the whole: how it stands, why, and the one thing to do next. */
export function StatusCard({ status }: { readonly status: UseQueryResult<StatusAnswer> }) {
  const { data, error, refetch } = status;
  if (data === undefined)
    return (
      <section className="card">
        {error === null ? (
          <Loading what="how it stands" lines={3} />
        ) : (
          <Problem error={error} onRetry={() => void refetch()} />
        )}
      </section>
    );
  const { state, words, why, next, freshness, pending, held, failed, oldestSince, rejections } = data;
  return (
    <section className="card">
      <div className="card-head status-head">
        <div className="stack status-words">
          <p className="row status-line">
            <Badge value={state} />
            <strong>{words}</strong>
          </p>
          {why !== '' && why !== words && <p className="muted">{why}</p>}
        </div>
        {next !== null && <Next action={next} />}
      </div>
      <div className="card-body stack">
        <dl className="figures">
          <Figure name="Waiting" counted={pending} />
          <Figure name="Held" counted={held} />
          <Figure name="Failed" counted={failed} />
          <div>
            <dt>Longest waiting</dt>
            <dd>{oldestSince === null ? 'nobody' : <Time at={oldestSince} />}</dd>
          </div>
          <Fresh name="Last full run" mark={freshness.full} />
          <Fresh name="Last incremental run" mark={freshness.incremental} />
        </dl>
        {rejections.length > 0 && (
          <details>
            <summary>Messages that could not be used: {number(rejections.length)}</summary>
            <ul>
              {rejections.map(({ source, reason, at }) => (
                <li key={`${source} ${String(at)}`}>
                  <Time at={at} />, {source}: {reason}
                </li>
              ))}
            </ul>
          </details>
        )}
      </div>
    </section>
  );
}

function Next({ action }: { readonly action: NextAction }) {
  switch (action.kind) {
    case 'run':
      return <p className="hint">Next: {action.words}</p>;
    case 'attention':
      return <a href="#attention">{action.words}</a>;
    case 'judge-run':
    case 'look-at-run':
      return <Link href={`/runs/${action.runId}`}>{action.words}</Link>;
  }
}

function Figure({ name, counted: { people, exact } }: { readonly name: string; readonly counted: Counted }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>
        {number(people)}
        {!exact && ' or more'}
      </dd>
    </div>
  );
}

function Fresh({ name, mark }: { readonly name: string; readonly mark: Freshness | null }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{mark === null ? 'never' : <Time at={mark.finishedAt} />}</dd>
    </div>
  );
}
