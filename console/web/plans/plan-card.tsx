import { useState } from 'react';
import { Link } from 'wouter';
import type { PlanAnswer, PlanGroup } from '../../api/answers/plans.ts';
import type { RunAnswer } from '../../api/answers/runs.ts';
import { useApi } from '../api/queries.ts';
import { useMay } from '../api/session.tsx';
import { type Column, DataTable } from '../components/data-table.tsx';
import { Card } from '../components/page.tsx';
import { Loading, Problem } from '../components/state.tsx';
import { counted, exactTime, number } from '../components/time.tsx';
import { ApplyDialog } from './apply-dialog.tsx';
import { MakeUndo } from './undo.tsx';
import { kindsWords } from './plan-words.ts';

/** What a dry run found to do, or a run that waits: how many people, in groups, and how it is done exactly so. */
export function PlanCard({ answer }: { readonly answer: RunAnswer }) {
  const { run, about } = answer;
  const { data, error, refetch } = useApi('plan', { params: { runId: run.runId } });
  const isUndo = run.dryRun && about !== null && about.undo !== null;
  return (
    <Card title={isUndo ? 'What would be put back' : 'Plan'} flush>
      {data === undefined ? (
        error === null ? (
          <Loading what="the plan" />
        ) : (
          <Problem error={error} onRetry={() => void refetch()} />
        )
      ) : (
        <>
          <div className="card-body stack">
            <p>{wordsOf(data, answer, isUndo)}</p>
            {!isUndo && data.people > 0 && (
              <dl className="facts">
                <dt>Hash</dt>
                <dd>
                  <code>{data.hash}</code>
                </dd>
                <dt>Kept until</dt>
                <dd>{exactTime(data.expiresAt)}</dd>
              </dl>
            )}
            {run.dryRun && <WhatNext answer={answer} plan={data} isUndo={isUndo} />}
          </div>
          {data.groups.length > 0 && <Groups runId={run.runId} groups={data.groups} />}
        </>
      )}
    </Card>
  );
}

function wordsOf({ people, kinds }: PlanAnswer, { run, kept }: RunAnswer, isUndo: boolean): string {
  if (isUndo) {
    const left =
      kept === 0 ? '' : ` ${counted(kept, 'value is', 'values are')} left as found: why, stands with each person.`;
    return `Values are put back for ${counted(people, 'person', 'people')}.${left}`;
  }
  if (people === 0) return 'Nobody would be written.';
  const hasRun = !run.dryRun && run.state !== 'held';
  return `${counted(people, 'person', 'people')} ${hasRun ? 'were planned to' : 'would'} be written: ${kindsWords(kinds)}.`;
}

interface WhatNextProps {
  readonly answer: RunAnswer;
  readonly plan: PlanAnswer;
  readonly isUndo: boolean;
}

/** Done already, refused in words, or to be done now. */
function WhatNext({ answer, plan, isUndo }: WhatNextProps) {
  const { doneBy, run } = answer;
  const mayApply = useMay('operator');
  const [isAsking, setIsAsking] = useState(false);
  if (doneBy !== null)
    return (
      <p>
        <Link href={`/runs/${doneBy}`}>{isUndo ? 'The run that undid it' : 'The run that applied it'}</Link>
      </p>
    );
  if (plan.refusal !== null) return plan.people === 0 ? null : <p className="note warning">{plan.refusal}</p>;
  if (isUndo) return <MakeUndo run={run} />;
  if (!mayApply) return <p className="muted">To apply it needs the role operator.</p>;
  return (
    <div className="row">
      <button type="button" className="button primary" onClick={() => setIsAsking(true)}>
        Apply…
      </button>
      {isAsking && <ApplyDialog plan={plan} onClose={() => setIsAsking(false)} />}
    </div>
  );
}

interface GroupRow extends PlanGroup {
  readonly href: string;
}

const columns: readonly Column<GroupRow>[] = [
  { id: 'people', header: 'People', className: 'number', cell: ({ people }) => number(people) },
  {
    id: 'found',
    header: 'Found and planned',
    isRowHeader: true,
    cell: ({ href, situationWords, outcomeWords }) => (
      <Link href={href}>
        {situationWords} → {outcomeWords}
      </Link>
    ),
  },
  {
    id: 'domains',
    header: 'Domains',
    className: 'wide-only',
    cell: ({ domains, moreDomains }) =>
      `${domains.map(({ domain, people }) => `${domain} ${number(people)}`).join(', ')}${moreDomains ? ', …' : ''}`,
  },
];

/** Each leads to its people. */
function Groups({ runId, groups }: { readonly runId: string; readonly groups: readonly PlanGroup[] }) {
  const rows = groups.map((group): GroupRow => {
    const { situation, outcome } = group;
    return { ...group, href: `/runs/${runId}?${new URLSearchParams({ situation, outcome }).toString()}` };
  });
  return <DataTable name="Groups" rows={rows} columns={columns} rowId={({ href }) => href} />;
}
