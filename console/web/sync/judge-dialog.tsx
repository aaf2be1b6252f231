import { useState } from 'react';
import { Link } from 'wouter';
import type { GateAnswer, RunPerson } from '../../api/answers/runs.ts';
import { call } from '../api/client.ts';
import { refresh, useApi } from '../api/queries.ts';
import { Confirmation } from '../components/confirmation.tsx';
import { type Column, DataTable } from '../components/data-table.tsx';
import { useNotice } from '../components/notices.tsx';
import { Loading, Problem } from '../components/state.tsx';
import { counted, number } from '../components/time.tsx';

export type Verdict = 'approve' | 'reject';

const columns: readonly Column<RunPerson>[] = [
  {
    id: 'person',
    header: 'Person',
    isRowHeader: true,
    cell: ({ id, key }) => <Link href={`/developers/${id}`}>{key}</Link>,
  },
  { id: 'situation', header: 'Situation', cell: ({ situationWords }) => situationWords, className: 'wide-only' },
  { id: 'outcome', header: 'Would be', cell: ({ outcomeWords, reason }) => `${outcomeWords}: ${reason}` },
];

interface JudgeDialogProps {
  readonly runId: string;
  readonly gate: GateAnswer;
  readonly verdict: Verdict;
  readonly onClose: () => void;
}

const rejectionWords = 'Nothing of it is made by this run. The next run looks at all of them again.';

function approvalWords({ planned, review, uncreated }: GateAnswer): string {
  const people = counted(planned, 'person', 'people');
  if (review) return `${people} will be written as planned. Whoever has changed since is left alone and reported.`;
  const destroyed = planned - uncreated;
  const acts = [
    ...(uncreated > 0 ? [`${number(uncreated)} created`] : []),
    ...(destroyed > 0 ? [`${number(destroyed)} deactivated or deleted`] : []),
  ].join(' and ');
  const words = uncreated === 0 ? `${people} will be deactivated or deleted` : `${people}: ${acts}`;
  return `${words}, as listed here. Whoever has changed since is decided anew, and left alone where nothing is to be done.`;
}

/** So many people are listed before somebody asks for all of them. */
const atFirst = 100;

/** Shows everyone who would be deactivated or deleted, and asks for their number before it goes on. */
export function JudgeDialog({ runId, gate, verdict, onClose }: JudgeDialogProps) {
  const { planned, review } = gate;
  const { data, error } = useApi('plannedPeople', { params: { runId } });
  const notice = useNotice();
  const [shown, setShown] = useState(atFirst);
  const isApproval = verdict === 'approve';
  return (
    <Confirmation
      wide
      title={isApproval ? 'Approve the held run?' : 'Reject the held run?'}
      action={isApproval ? 'Approve' : 'Reject'}
      danger={isApproval}
      typed={{ label: `Type ${String(planned)}, the number of people`, value: String(planned) }}
      onClose={onClose}
      onConfirm={async (reason) => {
        const { words } = await call(isApproval ? 'approveRun' : 'rejectRun', {
          params: { runId },
          body: { planned, reason },
        });
        notice(words.join(' '));
        await refresh('run', 'runs', 'holds', 'status', 'activity');
      }}
    >
      <p>
        {isApproval ? approvalWords(gate) : rejectionWords}{' '}
        {review && <Link href={`/runs/${runId}`}>The run’s page shows every value.</Link>}
      </p>
      <div className="planned">
        {data === undefined ? (
          error === null ? (
            <Loading what="whom it concerns" />
          ) : (
            <Problem error={error} />
          )
        ) : (
          <>
            <DataTable name="Planned" rows={data.people.slice(0, shown)} columns={columns} rowId={({ id }) => id} />
            {data.people.length > shown && (
              <div className="card-foot">
                {number(shown)} of {number(data.count)} shown
                <button type="button" className="button" onClick={() => setShown(data.people.length)}>
                  {data.people.length < data.count ? 'Show the first 1,000' : 'Show all'}
                </button>
              </div>
            )}
          </>
        )}
      </div>
    </Confirmation>
  );
}
