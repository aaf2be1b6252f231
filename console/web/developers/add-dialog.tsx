import { useState } from 'react';
import { useLocation } from 'wouter';
import { call } from '../api/client.ts';
import { problemOf } from '../api/problem.ts';
import { refresh } from '../api/queries.ts';
import { useSession } from '../api/session.tsx';
import { Dialog } from '../components/dialog.tsx';
import { ReasonField, TextField } from '../components/field.tsx';
import { useNotice } from '../components/notices.tsx';
import { FormProblem } from '../components/state.tsx';
import { AttributeFields } from './attribute-fields.tsx';
import { attributeProblemsOf, type DraftAttribute } from './draft.ts';

const empty = { firstName: '', lastName: '', email: '', userName: '', reason: '' };
type Fields = typeof empty;

/** A new developer, in Apigee and then on the portal. */
export function AddDialog({ onClose }: { readonly onClose: () => void }) {
  const [fields, setFields] = useState(empty);
  const [isChecked, setIsChecked] = useState(false);
  const [refused, setRefused] = useState<Readonly<Record<string, string>>>({});
  const [problem, setProblem] = useState<unknown>();
  const [isBusy, setIsBusy] = useState(false);
  const [attributes, setAttributes] = useState<readonly DraftAttribute[]>([]);
  const { settings, limits } = useSession();
  const [, navigate] = useLocation();
  const notice = useNotice();

  const wrong = { ...problemsOf(fields), ...attributeProblemsOf(attributes, limits.attributes) };
  const errors = isChecked ? { ...refused, ...wrong } : refused;
  const field = (name: keyof Fields) => ({
    value: fields[name],
    error: errors[name],
    onChange: (value: string) => {
      setFields((before) => ({ ...before, [name]: value }));
      setRefused({});
    },
  });
  const add = async (): Promise<void> => {
    setIsChecked(true);
    setProblem(undefined);
    if (Object.keys(wrong).length > 0 || isBusy) return;
    setIsBusy(true);
    const { userName, ...rest } = fields;
    try {
      const done = await call('createDeveloper', {
        body: {
          ...rest,
          ...(userName.trim() === '' ? {} : { userName }),
          ...(attributes.length === 0 ? {} : { attributes: attributes.map(({ name, value }) => ({ name, value })) }),
        },
      });
      notice(done.words.length === 0 ? 'Added.' : done.words.join(' '));
      await refresh('listDevelopers', 'searchDevelopers', 'activity', 'status');
      onClose();
      if (done.person !== null) navigate(`/developers/${done.person.id}`);
    } catch (error) {
      setProblem(error);
      setRefused(problemOf(error).fields);
      setIsBusy(false);
    }
  };
  return (
    <Dialog
      title="Add developer"
      onClose={onClose}
      onSubmit={() => void add()}
      footer={
        <>
          <button type="button" className="button" onClick={onClose}>
            Cancel
          </button>
          <button type="submit" className="button primary" aria-disabled={isBusy}>
            Add
          </button>
        </>
      }
    >
      <TextField label="First name" {...field('firstName')} />
      <TextField label="Last name" {...field('lastName')} />
      <TextField
        label="Email"
        inputMode="email"
        hint={
          settings.apigeeType === 'edge' ? undefined : 'Apigee keeps it in lower case, and it cannot be changed later.'
        }
        {...field('email')}
      />
      <TextField label="User name" hint="Left empty: the email." {...field('userName')} />
      <AttributeFields
        attributes={attributes}
        onChange={(change) => {
          setAttributes(change);
          setRefused({});
        }}
        errors={errors}
        limit={limits.attributes}
        action="New attribute"
      />
      <ReasonField {...field('reason')} />
      <p className="hint">
        Nobody is told: a portal user made for this developer has a password that nobody knows, and recovers it at the
        first sign-in.
      </p>
      <FormProblem error={problem} />
    </Dialog>
  );
}

function problemsOf({ firstName, lastName, email, reason }: Fields): Readonly<Record<string, string>> {
  return {
    ...(firstName.trim() === '' ? { firstName: 'Apigee does not take a developer without a first name.' } : {}),
    ...(lastName.trim() === '' ? { lastName: 'Apigee does not take a developer without a last name.' } : {}),
    ...(/^\S+@\S+$/.test(email.trim()) ? {} : { email: 'An email, such as name@example.com.' }),
    ...(reason.trim().length < 3 ? { reason: 'Say why, in at least 3 characters: it is kept with your name.' } : {}),
  };
}
