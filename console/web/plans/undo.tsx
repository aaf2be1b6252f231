import { useState } from 'react';
import { useLocation } from 'wouter';
import type { RunSummary } from '../../api/answers/runs.ts';
import type { PersonRef } from '../../api/requests.ts';
import { call } from '../api/client.ts';
import { problemOf } from '../api/problem.ts';
import { refresh } from '../api/queries.ts';
import { useMay } from '../api/session.tsx';
import { Confirmation } from '../components/confirmation.tsx';
import { useNotice } from '../components/notices.tsx';
import { counted } from '../components/time.tsx';
import { changedIn } from '../sync/counts.ts';

interface UndoButtonProps {
  /** A run, an operator's action or, with the person, one change. */
  readonly act: string;
  readonly person?: PersonRef;
  /** What is undone, for whoever hears the page. */
  readonly what: string;
  readonly className?: string;
}

/** For an operator: shows on a page of its own what an undo would put back. Nothing is written for it. */
export function UndoButton({ act, person, what, className = 'button plain' }: UndoButtonProps) {
  const mayLook = useMay('operator');
  const notice = useNotice();
  const [, navigate] = useLocation();
  const [isBusy, setIsBusy] = useState(false);
  if (!mayLook) return null;
  const look = async (): Promise<void> => {
    if (isBusy) return;
    setIsBusy(true);
    try {
      const { runId } = await call('lookAtUndo', { body: { act, ...(person === undefined ? {} : { person }) } });
      navigate(`/runs/${runId}`);
    } catch (error) {
      notice(problemOf(error).message);
      setIsBusy(false);
    }
  };
  return (
    <button
      type="button"
      className={className}
      aria-label={`Undo: ${what}`}
      aria-disabled={isBusy}
      onClick={() => void look()}
    >
      Undo…
    </button>
  );
}

/** For an admin, on the page that shows it: carries the undo out. */
export function MakeUndo({ run }: { readonly run: RunSummary }) {
  const mayUndo = useMay('admin');
  const [, navigate] = useLocation();
  const [isAsking, setIsAsking] = useState(false);
  if (!mayUndo) return <p className="muted">To undo it needs the role admin.</p>;
  const written = run.counts === null ? 0 : changedIn(run.counts);
  return (
    <div className="row">
      <button type="button" className="button danger primary" onClick={() => setIsAsking(true)}>
        Undo…
      </button>
      {isAsking && (
        <Confirmation
          title="Undo it?"
          action="Undo"
          danger
          typed={{ label: `Type ${String(written)}, the number of people`, value: String(written) }}
          onClose={() => setIsAsking(false)}
          onConfirm={async (reason) => {
            const { runId } = await call('undo', { params: { runId: run.runId }, body: { planned: written, reason } });
            await refresh('run', 'plan', 'runs', 'status', 'activity');
            navigate(`/runs/${runId}`);
          }}
        >
          <p>
            Values are put back for {counted(written, 'person', 'people')}, as shown. Each is looked at anew: what moved
            on by then is kept and reported. It is a run of its own, and can be undone itself.
          </p>
          <p>
            What was created is deleted again where nobody has used it. A deleted developer’s apps and keys, and a
            password, cannot come back.
          </p>
        </Confirmation>
      )}
    </div>
  );
}
