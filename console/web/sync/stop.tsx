import { useState } from 'react';
import type { StoppedAnswer } from '../../api/answers/status.ts';
import { call } from '../api/client.ts';
import { refresh } from '../api/queries.ts';
import { useMay } from '../api/session.tsx';
import { Confirmation } from '../components/confirmation.tsx';
import { useNotice } from '../components/notices.tsx';
import { Time } from '../components/time.tsx';

/** For an admin, while nothing is stopped: stops every write to either side. */
export function StopButton() {
  const mayStop = useMay('admin');
  const notice = useNotice();
  const [isAsking, setIsAsking] = useState(false);
  if (!mayStop) return null;
  return (
    <>
      <button type="button" className="button danger" onClick={() => setIsAsking(true)}>
        Stop everything…
      </button>
      {isAsking && (
        <Confirmation
          title="Stop everything?"
          action="Stop everything"
          danger
          onClose={() => setIsAsking(false)}
          onConfirm={async (reason) => {
            const { words } = await call('stopWrites', { body: { reason } });
            notice(words.join(' '));
            await refresh('status', 'activity', 'run', 'runs');
          }}
        >
          <p>
            Within seconds nothing writes to Apigee or to the portal any more: no run, no edit on the portal, nobody in
            this console. Edits wait, and are caught up with once somebody resumes.
          </p>
        </Confirmation>
      )}
    </>
  );
}

/** While every write is stopped: who did it, when and why; and for an admin, how to let everything go on. */
export function StoppedBanner({ stopped: { at, by, reason } }: { readonly stopped: StoppedAnswer }) {
  const mayResume = useMay('admin');
  const notice = useNotice();
  const [isAsking, setIsAsking] = useState(false);
  return (
    <section className="note danger" aria-label="Every write is stopped">
      <p>
        <strong>Every write is stopped</strong>, by {by}, <Time at={at} />
        {reason === null ? '.' : `: ${reason}`}
      </p>
      {mayResume ? (
        <div className="row">
          <button type="button" className="button" onClick={() => setIsAsking(true)}>
            Resume everything
          </button>
        </div>
      ) : (
        <p className="muted">To resume needs the role admin.</p>
      )}
      {isAsking && (
        <Confirmation
          title="Let everything go on?"
          action="Resume everything"
          onClose={() => setIsAsking(false)}
          onConfirm={async (why) => {
            const { words } = await call('resumeWrites', { body: { reason: why } });
            notice(words.join(' '));
            await refresh('status', 'activity', 'run', 'runs');
          }}
        >
          <p>A run that was stopped goes on, and what was edited meanwhile is caught up with.</p>
        </Confirmation>
      )}
    </section>
  );
}
