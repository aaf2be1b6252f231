import { type Dispatch, type SetStateAction, useEffect, useRef, useState } from 'react';
import type { PersonAnswer } from '../../api/answers/person.ts';
import { call } from '../api/client.ts';
import { ApiProblem, type Conflict, problemOf } from '../api/problem.ts';
import { useSession } from '../api/session.tsx';
import { ReasonField, TextField } from '../components/field.tsx';
import { useNotice } from '../components/notices.tsx';
import { Card } from '../components/page.tsx';
import { FormProblem } from '../components/state.tsx';
import { AttributeFields } from './attribute-fields.tsx';
import { changesOf, type Draft, draftOf, problemsOf } from './draft.ts';
import { fieldName } from './sides.tsx';
import { showDone } from './person-dialogs.tsx';

/**
 * Names and attributes as they were when the form was opened. What changes meanwhile is shown and never overwritten
 * unseen; what was typed stays until it is saved or given up.
 */
export function EditForm({ person, onClose }: { readonly person: PersonAnswer; readonly onClose: () => void }) {
  const [opened, setOpened] = useState(person);
  const [draft, keepDraft] = useState(() => draftOf(person));
  const [reason, setReason] = useState('');
  const [checks, setChecks] = useState(0);
  const [refused, setRefused] = useState<Readonly<Record<string, string>>>({});
  const [problem, setProblem] = useState<unknown>();
  const [isBusy, setIsBusy] = useState(false);
  const notice = useNotice();
  const { attributes: limit } = useSession().limits;
  const form = useRef<HTMLFormElement>(null);
  const changes = changesOf(opened, draft);
  useWarnBeforeLeaving(changes.length > 0);

  useEffect(() => form.current?.querySelector('input')?.focus(), []);
  // What is wrong is where to go on; it is no longer called wrong once it is put right.
  useEffect(() => form.current?.querySelector<HTMLElement>('[aria-invalid]')?.focus(), [checks]);

  const wrong: Readonly<Record<string, string>> = {
    ...problemsOf(draft, limit),
    ...(reason.trim().length < 3 ? { reason: 'Say why, in at least 3 characters: it is kept with your name.' } : {}),
  };
  const errors = checks > 0 ? { ...refused, ...wrong } : refused;

  const save = async (): Promise<void> => {
    setChecks((before) => before + 1);
    setProblem(undefined);
    if (changes.length === 0) {
      setProblem(new ApiProblem('invalid', 'Nothing was changed.'));
      return;
    }
    if (Object.keys(wrong).length > 0 || isBusy) return;
    setIsBusy(true);
    try {
      const done = await call('editDeveloper', {
        body: { person: { id: opened.id }, seen: opened.seen, changes: [...changes], reason },
      });
      notice(done.words.length === 0 ? 'Saved.' : done.words.join(' '));
      await showDone(opened.id, done);
      onClose();
    } catch (error) {
      setProblem(error);
      setRefused(problemOf(error).fields);
      setChecks((before) => before + 1);
    } finally {
      setIsBusy(false);
    }
  };

  const setDraft: typeof keepDraft = (next) => {
    keepDraft(next);
    setRefused({});
  };
  const { conflict } = problemOf(problem);
  const goOn = (now: PersonAnswer, next: Draft): void => {
    setOpened(now);
    setDraft(next);
    setProblem(undefined);
  };
  return (
    <Card title="Edit">
      <form
        ref={form}
        className="stack edit"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          void save();
        }}
      >
        <div className="columns">
          <Name label="First name" field="firstName" draft={draft} setDraft={setDraft} errors={errors} />
          <Name label="Last name" field="lastName" draft={draft} setDraft={setDraft} errors={errors} />
        </div>
        <AttributeFields
          attributes={draft.attributes}
          onChange={(change) => setDraft((before) => ({ ...before, attributes: change(before.attributes) }))}
          errors={errors}
          limit={limit}
          action="Add attribute"
        />
        <p className="hint">
          Email and user name cannot be changed here. What is set is seen by the portal at once, by other portals and by
          Apigee’s proxies within some minutes.
        </p>
        <ReasonField value={reason} onChange={setReason} error={errors['reason']} />
        {conflict === undefined ? (
          <FormProblem error={problem} />
        ) : (
          <Changed
            conflict={conflict}
            onKeep={() => goOn(conflict.now, draft)}
            onTake={() => goOn(conflict.now, draftOf(conflict.now))}
          />
        )}
        <div className="row">
          <button type="submit" className="button primary" aria-disabled={isBusy}>
            Save
          </button>
          <button type="button" className="button" onClick={onClose}>
            Cancel
          </button>
          <span className="muted" role="status">
            {changes.length > 0 && `Changed: ${changes.map(({ field }) => fieldName(field)).join(', ')}`}
          </span>
        </div>
      </form>
    </Card>
  );
}

interface NameProps {
  readonly label: string;
  readonly field: 'firstName' | 'lastName';
  readonly draft: Draft;
  readonly setDraft: Dispatch<SetStateAction<Draft>>;
  readonly errors: Readonly<Record<string, string>>;
}

function Name({ label, field, draft, setDraft, errors }: NameProps) {
  return (
    <TextField
      label={label}
      value={draft[field]}
      error={errors[field]}
      onChange={(value) => setDraft((before) => ({ ...before, [field]: value }))}
    />
  );
}

interface ChangedProps {
  readonly conflict: Conflict;
  readonly onKeep: () => void;
  readonly onTake: () => void;
}

/** Somebody else changed the person since the form was opened: what, and the two ways to go on. */
function Changed({ conflict, onKeep, onTake }: ChangedProps) {
  return (
    <div className="note warning" role="alert">
      <p>
        <strong>The person changed since you began.</strong> Nothing was saved yet.
      </p>
      <div className="table-scroll">
        <table>
          <caption className="visually-hidden">What changed meanwhile</caption>
          <thead>
            <tr>
              <th scope="col">Field</th>
              <th scope="col">Now</th>
              <th scope="col">Your edit</th>
            </tr>
          </thead>
          <tbody>
            {conflict.diff.map(({ field, side, now, edit }) => (
              <tr key={`${side} ${field}`}>
                <th scope="row">
                  {fieldName(field)}, {side === 'apigee' ? 'in Apigee' : 'on the portal'}
                </th>
                <td>{now ?? 'removed'}</td>
                <td>{edit === undefined ? 'does not touch it' : (edit ?? 'removes it')}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <div className="row">
        <button type="button" className="button" onClick={onKeep}>
          Keep my edit
        </button>
        <button type="button" className="button" onClick={onTake}>
          Take what is there now
        </button>
      </div>
    </div>
  );
}

function useWarnBeforeLeaving(isChanged: boolean): void {
  useEffect(() => {
    if (!isChanged) return undefined;
    const warn = (event: BeforeUnloadEvent): void => event.preventDefault();
    addEventListener('beforeunload', warn);
    return () => removeEventListener('beforeunload', warn);
  }, [isChanged]);
}
