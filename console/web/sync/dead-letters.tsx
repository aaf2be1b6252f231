import { useState } from 'react';
import type { DeadLettersAnswer } from '../../api/answers/session.ts';
import { call } from '../api/client.ts';
import { refresh } from '../api/queries.ts';
import { useMay } from '../api/session.tsx';
import { Confirmation } from '../components/confirmation.tsx';
import { useNotice } from '../components/notices.tsx';
import { Card } from '../components/page.tsx';
import { FormProblem } from '../components/state.tsx';
import { counted } from '../components/time.tsx';

const most = 1000;

/** Messages that were given up: looked at when asked, since looking holds them for a moment; then published again. */
export function DeadLetters() {
  const mayAct = useMay('operator');
  const notice = useNotice();
  const [found, setFound] = useState<DeadLettersAnswer>();
  const [problem, setProblem] = useState<unknown>();
  const [isAsked, setIsAsked] = useState(false);

  const look = async (): Promise<void> => {
    setProblem(undefined);
    try {
      setFound(await call('lookAtDeadLetters', { body: { limit: most } }));
    } catch (error) {
      setProblem(error);
    }
  };

  return (
    <Card title="Dead letters">
      <p className="muted">
        Sync messages that were given up after their last attempt. To publish them again does no harm.
      </p>
      {found !== undefined && <Found found={found} />}
      <FormProblem error={problem} />
      {mayAct ? (
        <div className="row">
          <button type="button" className="button" onClick={() => void look()}>
            Look
          </button>
          <button type="button" className="button" onClick={() => setIsAsked(true)}>
            Publish again
          </button>
        </div>
      ) : (
        <p className="muted">To look at them needs the role operator.</p>
      )}
      {isAsked && (
        <Confirmation
          title="Publish dead letters again?"
          action="Publish again"
          onClose={() => setIsAsked(false)}
          onConfirm={async (reason) => {
            const answer = await call('replayDeadLetters', { body: { topic: 'all', limit: most, reason } });
            setFound(answer);
            const replayed = answer.topics.reduce((sum, topic) => sum + topic.replayed, 0);
            notice(`${counted(replayed, 'message was', 'messages were')} published again.`);
            await refresh('status', 'activity');
          }}
        >
          <p>
            Every message that can be read is published again; whoever is concerned is looked at as things stand now.
          </p>
        </Confirmation>
      )}
    </Card>
  );
}

function Found({ found }: { readonly found: DeadLettersAnswer }) {
  return (
    <ul role="status" aria-label="Dead letters found">
      {found.topics.map(({ topic, replayed, rejected, more, problem }) => (
        <li key={topic}>
          <code>{topic}</code>:{' '}
          {problem ??
            `${counted(replayed, 'message', 'messages')}${more ? ' or more' : ''}${rejected > 0 ? `, ${String(rejected)} of them unusable` : ''}`}
        </li>
      ))}
    </ul>
  );
}
