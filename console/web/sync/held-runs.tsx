import { useState } from 'react';
import { Link } from 'wouter';
import type { GateAnswer, HeldRun } from '../../api/answers/runs.ts';
import { overview, useApi } from '../api/queries.ts';
import { useMay } from '../api/session.tsx';
import { Time } from '../components/time.tsx';
import { JudgeDialog, type Verdict } from './judge-dialog.tsx';

/** The runs that wait for somebody to decide, above everything else; nothing where there is none. */
export function HeldRuns() {
  const { data } = useApi('holds', {}, overview);
  const waiting = (data?.runs ?? []).filter(({ judge, supersededBy }) => judge === 'approve' && supersededBy === null);
  return waiting.map((held) => <HeldNote key={held.run.runId} held={held} />);
}

function HeldNote({ held: { run, heldAt, gate } }: { readonly held: HeldRun }) {
  return (
    <section className="note warning">
      <p>
        <strong>
          The <Link href={`/runs/${run.runId}`}>{run.mode} run</Link> is held until somebody decides.
        </strong>{' '}
        {run.problem} {gate !== null && `Planned: ${gate.words}.`} Held <Time at={heldAt} />.
      </p>
      {gate !== null && <JudgeButtons runId={run.runId} gate={gate} />}
    </section>
  );
}

export function JudgeButtons({ runId, gate }: { readonly runId: string; readonly gate: GateAnswer }) {
  const mayJudge = useMay('admin');
  const [verdict, setVerdict] = useState<Verdict>();
  if (!mayJudge) return <p className="muted">To approve or reject needs the role admin.</p>;
  return (
    <div className="row">
      <button type="button" className="button" onClick={() => setVerdict('approve')}>
        Approve
      </button>
      <button type="button" className="button" onClick={() => setVerdict('reject')}>
        Reject
      </button>
      {verdict !== undefined && (
        <JudgeDialog runId={runId} gate={gate} verdict={verdict} onClose={() => setVerdict(undefined)} />
      )}
    </div>
  );
}
