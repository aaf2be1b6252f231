import { useState } from 'react';
import { Link, useLocation } from 'wouter';
import { call } from '../api/client.ts';
import { problemOf } from '../api/problem.ts';
import { refresh } from '../api/queries.ts';
import { useMay } from '../api/session.tsx';
import { ReasonField, SelectField, TextField } from '../components/field.tsx';
import { useNotice } from '../components/notices.tsx';
import { Card } from '../components/page.tsx';
import { FormProblem } from '../components/state.tsx';
import { ExplainDialog } from './explain-dialog.tsx';

type What = 'incremental' | 'full' | 'one';

const whats: readonly (readonly [What, string])[] = [
  ['incremental', 'Incremental: whoever changed'],
  ['full', 'Full: everyone'],
  ['one', 'One person'],
];

/** Sets a run going, now and followed or in the background, dry or not; or one person. */
export function RunPanel({ onFollow }: { readonly onFollow: (runId: string) => void }) {
  const mayRun = useMay('operator');
  const notice = useNotice();
  const [, navigate] = useLocation();
  const [what, setWhat] = useState<What>('incremental');
  const [key, setKey] = useState('');
  const [reason, setReason] = useState('');
  const [errors, setErrors] = useState<{ readonly key?: string; readonly reason?: string }>({});
  const [problem, setProblem] = useState<unknown>();
  const [explained, setExplained] = useState<string>();

  const request = async (dryRun: boolean, shown: 'here' | 'page' | 'nowhere'): Promise<void> => {
    const missing = {
      ...(what === 'one' && key.trim() === '' ? { key: 'Whom? An email.' } : {}),
      ...(reason.trim().length < 3 && !(what === 'one' && dryRun)
        ? { reason: 'Say why, in at least 3 characters: it is kept with your name.' }
        : {}),
    };
    setErrors(missing);
    setProblem(undefined);
    if (Object.keys(missing).length > 0) return;
    if (what === 'one' && dryRun) {
      setExplained(key.trim());
      return;
    }
    try {
      if (what === 'one') {
        const { result, words } = await call('syncPerson', { body: { person: { key: key.trim() }, reason } });
        notice(words.length === 0 ? result : words.join(' '));
        await refresh('status', 'attention', 'activity');
      } else {
        const { runId, joined } = await call('requestRun', { body: { mode: what, dryRun, reason } });
        const open = <Link href={`/runs/${runId}`}>open it</Link>;
        if (joined) notice(<>The same was asked for already: this is the run that is under way, {open}.</>);
        else if (shown === 'nowhere') notice(<>Requested in the background: {open}.</>);
        if (shown === 'here') onFollow(runId);
        await refresh('status', 'runs', 'activity');
        if (shown === 'page') navigate(`/runs/${runId}`, { state: { isAsked: true } });
      }
      setReason('');
    } catch (error) {
      setProblem(error);
      setErrors(problemOf(error).fields);
    }
  };

  return (
    <Card title="Run">
      {mayRun ? (
        <form
          className="stack"
          noValidate
          onSubmit={(event) => {
            event.preventDefault();
            void request(false, 'here');
          }}
        >
          <SelectField label="What" value={what} options={whats} onChange={setWhat} />
          {what === 'one' && (
            <TextField label="Email" inputMode="email" value={key} onChange={setKey} error={errors.key} />
          )}
          <ReasonField value={reason} onChange={setReason} error={errors.reason} />
          <FormProblem error={problem} />
          <div className="row">
            <button type="submit" className="button primary">
              Run now
            </button>
            <button type="button" className="button" onClick={() => void request(true, 'here')}>
              Dry run
            </button>
            {what !== 'one' && (
              <button type="button" className="button" onClick={() => void request(true, 'page')}>
                Make a plan…
              </button>
            )}
            {what !== 'one' && (
              <button type="button" className="button" onClick={() => void request(false, 'nowhere')}>
                Run in background
              </button>
            )}
          </div>
        </form>
      ) : (
        <p className="muted">You look as a viewer. To run needs the role operator: ask whoever gives roles here.</p>
      )}
      {explained !== undefined && <ExplainDialog person={{ key: explained }} onClose={() => setExplained(undefined)} />}
    </Card>
  );
}
