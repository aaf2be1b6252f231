import { useMemo } from 'react';
import { Link } from 'wouter';
import type { RunAnswer } from '../../api/answers/runs.ts';
import { useApi } from '../api/queries.ts';
import { useMay } from '../api/session.tsx';
import { Badge } from '../components/badge.tsx';
import { Card, Page } from '../components/page.tsx';
import { Loading, Problem } from '../components/state.tsx';
import { duration, number, Time } from '../components/time.tsx';
import { callsOf, partsOf, tookMs } from './counts.ts';
import { JudgeButtons } from './held-runs.tsx';
import { ProgressCard } from './progress-card.tsx';
import { RunPeople } from './run-people.tsx';

const trail = <Link href="/">← Back to the overview</Link>;

/** One run: how it ended and why, figures that add up, and everyone for whom it did something. */
export function RunPage({ runId }: { readonly runId: string }) {
  const { data, error, refetch } = useApi(
    'run',
    { params: { runId } },
    { every: (answer) => (answer === undefined || answer.progress !== null ? 2000 : false) },
  );
  if (data === undefined)
    return (
      <Page title="Run" trail={trail}>
        <div className="card">
          {error === null ? <Loading what="the run" /> : <Problem error={error} onRetry={() => void refetch()} />}
        </div>
      </Page>
    );
  return <OneRun answer={data} />;
}

function OneRun({ answer }: { readonly answer: RunAnswer }) {
  const { run, progress, gate, judge, supersededBy } = answer;
  const mayExport = useMay('operator');
  const title = useMemo(() => `${run.dryRun ? 'Dry' : ''} ${run.mode} run`.trim(), [run.dryRun, run.mode]);
  const took = tookMs(run);
  return (
    <Page title={title[0]?.toUpperCase() + title.slice(1)} trail={trail} heading={<Badge value={run.state} />}>
      {progress !== null && <ProgressCard runId={run.runId} />}
      {run.problem !== null && (
        <div className={`note ${run.state === 'failed' ? 'danger' : 'warning'}`}>
          <p>{run.words}</p>
          {judge === 'approve' && supersededBy === null && (
            <JudgeButtons runId={run.runId} planned={gate?.planned ?? 0} />
          )}
          {judge === 'too-old' && <p>It began more than 7 days ago: too much may have changed. Make a new run.</p>}
          {supersededBy !== null && (
            <p>
              <Link href={`/runs/${supersededBy}`}>A later run</Link> has taken its place.
            </p>
          )}
        </div>
      )}
      <div className="columns">
        <Card title="People">
          {run.counts === null ? (
            <p className="muted">They are counted at the end of the run.</p>
          ) : (
            <dl className="sum">
              {partsOf(run.counts).map(([name, people]) => (
                <div key={name} className={people === 0 ? 'muted' : undefined}>
                  <dt>{name}</dt>
                  <dd>{number(people)}</dd>
                </div>
              ))}
              <div className="total">
                <dt>together, everyone seen</dt>
                <dd>{number(run.counts.seen)}</dd>
              </div>
            </dl>
          )}
        </Card>
        <Card title="Facts">
          <dl className="facts">
            <dt>Requested</dt>
            <dd>
              <Time at={run.requestedAt} />
              {run.by !== null && ` by ${run.by}`}
            </dd>
            <dt>Reason</dt>
            <dd>{run.reason ?? 'none was given'}</dd>
            <dt>Took</dt>
            <dd>{took === null ? 'not over' : duration(took)}</dd>
            <dt>Calls to Apigee</dt>
            <dd>{callsWords(run.calls)}</dd>
            <dt>Firestore</dt>
            <dd>
              {number(run.reads)} reads, {number(run.writes)} writes
            </dd>
            <dt>Gate</dt>
            <dd>{gate === null ? 'not judged' : gate.words}</dd>
            <dt>Id</dt>
            <dd>
              <code>{run.runId}</code>
            </dd>
          </dl>
        </Card>
      </div>
      <RunPeople answer={answer} mayExport={mayExport} />
    </Page>
  );
}

const operations = ['list', 'get', 'create', 'update', 'status', 'delete'] as const;

function callsWords(calls: RunAnswer['run']['calls']): string {
  const made = operations.filter((operation) => calls[operation] > 0);
  const words = made.map((operation) => `${operation} ${number(calls[operation])}`).join(', ');
  return `${number(callsOf(calls))}${words === '' ? '' : `: ${words}`}`;
}
