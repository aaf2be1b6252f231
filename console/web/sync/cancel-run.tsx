import { useState } from 'react';
import { call } from '../api/client.ts';
import { refresh } from '../api/queries.ts';
import { useMay } from '../api/session.tsx';
import { Confirmation } from '../components/confirmation.tsx';
import { useNotice } from '../components/notices.tsx';

/** For an operator: ends a run that waits or is under way. */
export function CancelRun({ runId }: { readonly runId: string }) {
  const mayCancel = useMay('operator');
  const notice = useNotice();
  const [isAsking, setIsAsking] = useState(false);
  if (!mayCancel) return null;
  return (
    <>
      <button type="button" className="button" onClick={() => setIsAsking(true)}>
        Cancel run…
      </button>
      {isAsking && (
        <Confirmation
          title="Cancel the run?"
          action="Cancel the run"
          danger
          onClose={() => setIsAsking(false)}
          onConfirm={async (reason) => {
            const { words } = await call('cancelRun', { params: { runId }, body: { reason } });
            notice(words.join(' '));
            await refresh('run', 'runs', 'status', 'activity');
          }}
        >
          <p>It ends as failed. What it has done stays done, and the next run meets everybody again.</p>
        </Confirmation>
      )}
    </>
  );
}
