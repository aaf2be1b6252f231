import { useEffect, useState } from 'react';
import { Link } from 'wouter';
import type { RunAnswer, RunProgress } from '../../api/answers/runs.ts';
import { problemOf } from '../api/problem.ts';
import { refresh, useApi } from '../api/queries.ts';
import { Badge } from '../components/badge.tsx';
import { Problem } from '../components/state.tsx';
import { duration, number, Time } from '../components/time.tsx';
import { CancelRun } from './cancel-run.tsx';
import { countsWords } from './counts.ts';

/** Quick while somebody waits for it to begin, then half as often. Ms. */
const quickFor = 10_000;
const quick = 1000;
const steady = 2000;

/** How far a run is, in people, until it is over; then how it ended. */
export function ProgressCard({ runId, onDismiss }: { readonly runId: string; readonly onDismiss?: () => void }) {
  const [begun] = useState(() => Date.now());
  const pace = (): number => (Date.now() - begun < quickFor ? quick : steady);
  const { data, error } = useApi(
    'run',
    { params: { runId } },
    { every: (answer) => (isOver(answer) ? false : pace()) },
  );
  const over = isOver(data);
  useEffect(() => {
    if (over) void refresh('status', 'runs', 'attention', 'holds', 'activity', 'listDevelopers');
  }, [over]);
  if (data === undefined && error !== null && !isNotYetThere(error, begun)) return <Problem error={error} />;
  return (
    <section className="card">
      <div className="card-head">
        <h2 className="row">
          {over ? 'The run is over' : data?.run.dryRun === true ? 'A dry run is under way' : 'A run is under way'}
          {data !== undefined && <Badge value={data.run.state} />}
        </h2>
        <div className="row">
          <Link href={`/runs/${runId}`}>{over && data?.run.dryRun === true ? 'Open the plan' : 'Open the run'}</Link>
          {!over && data !== undefined && <CancelRun runId={runId} />}
          {over && onDismiss !== undefined && (
            <button type="button" className="button" onClick={onDismiss}>
              Dismiss
            </button>
          )}
        </div>
      </div>
      <div className="card-body stack">
        <Bar progress={data?.progress ?? null} isOver={over} />
        <p role="status">{over && data !== undefined ? endWords(data) : progressWords(data?.progress ?? null)}</p>
        {!over && <Pace progress={data?.progress ?? null} />}
      </div>
    </section>
  );
}

function Bar({ progress, isOver }: { readonly progress: RunProgress | null; readonly isOver: boolean }) {
  const fraction = isOver ? 1 : progress?.fraction;
  return fraction === null || fraction === undefined ? (
    <progress aria-label="Run progress" />
  ) : (
    <progress aria-label="Run progress" max={1} value={fraction} />
  );
}

function Pace({ progress }: { readonly progress: RunProgress | null }) {
  if (progress === null) return null;
  const { perMinute, leftMs, waitsFor, lastMoved, stalled } = progress;
  return (
    <p className="muted">
      {perMinute !== null && `${number(Math.round(perMinute))} people a minute`}
      {leftMs !== null && `, about ${duration(leftMs)} left`}
      {perMinute !== null && '. '}
      {waitsFor !== null && `It waits for ${waitsFor}. `}
      {stalled && (
        <>
          Nothing has moved since <Time at={lastMoved} />: the next request or the schedule sets it going again.
        </>
      )}
    </p>
  );
}

function progressWords(progress: RunProgress | null): string {
  if (progress === null) return 'Requested: waiting for it to begin.';
  const { done, expected, phaseWords } = progress;
  const people = expected === null ? number(done) : `${number(done)} of about ${number(Math.max(expected, done))}`;
  return `${phaseWords}: ${people} people looked at.`;
}

function endWords({ run }: RunAnswer): string {
  return run.counts === null ? run.words : `${run.words} ${countsWords(run.counts)}`;
}

function isOver(answer: RunAnswer | undefined): boolean {
  return answer !== undefined && ['held', 'done', 'failed'].includes(answer.run.state);
}

/** A request becomes a run within seconds. */
function isNotYetThere(error: Error, since: number): boolean {
  return problemOf(error).kind === 'not-found' && Date.now() - since < 60_000;
}
