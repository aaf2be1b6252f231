import { useState } from 'react';
import { Link } from 'wouter';
import type { ExplainAnswer, ExplainStep } from '../../api/answers/person.ts';
import type { PersonRef } from '../../api/requests.ts';
import { call } from '../api/client.ts';
import { refresh, useApi } from '../api/queries.ts';
import { useMay, useSession } from '../api/session.tsx';
import { Dialog } from '../components/dialog.tsx';
import { ReasonField } from '../components/field.tsx';
import { useNotice } from '../components/notices.tsx';
import { FormProblem, Loading, Problem } from '../components/state.tsx';
import { capital } from '../components/time.tsx';
import { Sides } from '../developers/sides.tsx';

/** What a sync would do for one person, step by step; then it can be done. */
export function ExplainDialog({ person, onClose }: { readonly person: PersonRef; readonly onClose: () => void }) {
  const { data, error, refetch } = useApi('explain', { body: { person } });
  const { editDevelopers } = useSession().offers;
  const maySync = useMay('operator') && editDevelopers;
  const notice = useNotice();
  const [reason, setReason] = useState('');
  const [missing, setMissing] = useState<string>();
  const [problem, setProblem] = useState<unknown>();
  const canSync = maySync && data?.person.may.sync === true;

  const sync = async (): Promise<void> => {
    const isMissing = reason.trim().length < 3;
    setMissing(isMissing ? 'Say why, in at least 3 characters: it is kept with your name.' : undefined);
    if (isMissing || data === undefined) return;
    try {
      const { result, words } = await call('syncPerson', { body: { person: { id: data.id }, reason } });
      notice(words.length === 0 ? result : words.join(' '));
      await refresh('explain', 'person', 'status', 'attention', 'activity', 'listDevelopers');
      onClose();
    } catch (failure) {
      setProblem(failure);
    }
  };

  return (
    <Dialog
      wide
      title={data === undefined ? 'Explain' : `Explain ${data.key}`}
      onClose={onClose}
      onSubmit={canSync ? () => void sync() : undefined}
      footer={
        <>
          <button type="button" className="button" onClick={onClose}>
            Close
          </button>
          {canSync && (
            <button type="submit" className="button primary">
              Sync now
            </button>
          )}
        </>
      }
    >
      {data === undefined ? (
        error === null ? (
          <Loading what="both sides" />
        ) : (
          <Problem error={error} onRetry={() => void refetch()} />
        )
      ) : (
        <Explanation answer={data} />
      )}
      {canSync && <ReasonField value={reason} onChange={setReason} error={missing} />}
      <FormProblem error={problem} />
    </Dialog>
  );
}

function Explanation({ answer }: { readonly answer: ExplainAnswer }) {
  const { id, steps, person } = answer;
  return (
    <>
      <ol className="steps">
        {steps.map((step) => (
          <Step key={step.step} step={step} />
        ))}
      </ol>
      {person.fields.length > 0 && <Sides fields={person.fields} />}
      <p>
        <Link href={`/developers/${id}`} state={{ key: answer.key }}>
          Open the person
        </Link>
      </p>
    </>
  );
}

const marks = { passed: '✓', stopped: '!', skipped: '–' } as const;

function Step({ step: { title, state, words } }: { readonly step: ExplainStep }) {
  return (
    <li className={`step ${state}`}>
      <span className="step-mark" aria-hidden="true">
        {marks[state]}
      </span>
      <div>
        <h3>
          {title}
          <span className="visually-hidden">: {state}</span>
        </h3>
        {words.map((sentence) => (
          <p key={sentence}>{capital(sentence)}</p>
        ))}
      </div>
    </li>
  );
}
