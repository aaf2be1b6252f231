import { Link } from 'wouter';
import { useHistoryState } from 'wouter/use-browser-location';
import type { RunAnswer } from '../../api/answers/runs.ts';
import { useApi } from '../api/queries.ts';
import { useMay } from '../api/session.tsx';
import { Badge } from '../components/badge.tsx';
import { Card, Page } from '../components/page.tsx';
import { Loading, Problem } from '../components/state.tsx';
import { capital, counted, duration, number, Time } from '../components/time.tsx';
import { ChangedPeople } from '../plans/changed-people.tsx';
import { PlanCard } from '../plans/plan-card.tsx';
import { kindWords } from '../plans/plan-words.ts';
import { UndoButton } from '../plans/undo.tsx';
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
  // A request becomes a run within seconds.
  const { isAsked = false } = useHistoryState<{ readonly isAsked?: boolean } | null>() ?? {};
  if (data === undefined && isAsked)
    return (
      <Page title="Run" trail={trail}>
        <ProgressCard runId={runId} />
      </Page>
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
  const { run, progress, gate, judge, supersededBy, mayUndo, hasPlan } = answer;
  const mayExport = useMay('operator');
  const isOver = progress === null;
  const took = tookMs(run);
  return (
    <Page
      title={titleOf(run)}
      trail={trail}
      heading={<Badge value={run.state} />}
      actions={mayUndo && <UndoButton act={run.runId} what="this run" className="button" />}
    >
      {progress !== null && <ProgressCard runId={run.runId} />}
      {run.problem !== null && (
        <div className={`note ${run.state === 'failed' ? 'danger' : 'warning'}`}>
          <p>{run.words}</p>
          {judge === 'approve' && supersededBy === null && gate !== null && (
            <JudgeButtons runId={run.runId} gate={gate} />
          )}
          {judge === 'too-old' && <p>It began more than 7 days ago: too much may have changed. Make a new run.</p>}
          {supersededBy !== null && (
            <p>
              <Link href={`/runs/${supersededBy}`}>A later run</Link> has taken its place.
            </p>
          )}
        </div>
      )}
      <About answer={answer} />
      {isOver && hasPlan && <PlanCard answer={answer} />}
      {isOver && <ChangedPeople answer={answer} />}
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

function titleOf({ dryRun, mode }: RunAnswer['run']): string {
  if (mode === 'undo') return dryRun ? 'What an undo would put back' : 'Undo run';
  if (mode === 'people') return 'Plan for chosen people';
  const title = `${dryRun ? 'dry ' : ''}${mode} run`;
  return capital(title);
}

/** What the run has to do with others, and who is not as its plan says any more. */
function About({ answer: { about, run, stale } }: { readonly answer: RunAnswer }) {
  if (about === null) return null;
  const { plan, undo, people, kinds } = about;
  const whom = people === null ? '' : `, for ${counted(people, 'person', 'people')}`;
  return (
    <>
      {plan !== null && (
        <p>
          It applies <Link href={`/runs/${plan}`}>the plan</Link>
          {kinds.length > 0 && `, only who is ${kinds.map((kind) => kindWords[kind]).join(' or ')}`}
          {whom}.
        </p>
      )}
      {undo !== null && (
        <p>
          It is about{' '}
          {undo.isRun ? <Link href={`/runs/${undo.act}`}>what a run changed</Link> : 'what was changed by one act'}
          {whom}.
        </p>
      )}
      {stale > 0 && (
        <p className="note warning">
          <span>
            {counted(stale, 'person is', 'people are')} not as planned any more, and nothing was written for them:{' '}
            <Link href={`/runs/${run.runId}?reason=${encodeURIComponent(staleWords)}`}>who, with both decisions</Link>.
          </span>
        </p>
      )}
    </>
  );
}

const staleWords = 'not as planned any more';

const operations = ['list', 'get', 'create', 'update', 'status', 'delete'] as const;

function callsWords(calls: RunAnswer['run']['calls']): string {
  const made = operations.filter((operation) => calls[operation] > 0);
  const words = made.map((operation) => `${operation} ${number(calls[operation])}`).join(', ');
  return `${number(callsOf(calls))}${words === '' ? '' : `: ${words}`}`;
}
