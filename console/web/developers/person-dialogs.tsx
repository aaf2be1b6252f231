import type { PersonAnswer, PersonDone } from '../../api/answers/person.ts';
import { call } from '../api/client.ts';
import { keyOf, queryClient, refresh, useApi } from '../api/queries.ts';
import { Confirmation } from '../components/confirmation.tsx';
import { useNotice } from '../components/notices.tsx';
import { counted } from '../components/time.tsx';

export type PersonAction = 'sync' | 'release' | 'activate' | 'deactivate' | 'delete';

interface PersonDialogProps {
  readonly action: PersonAction;
  readonly person: Pick<PersonAnswer, 'id' | 'key'>;
  readonly onChoose: (action: PersonAction) => void;
  readonly onClose: () => void;
}

/** Shows what became of a person, wherever the person is shown. */
export async function showDone(id: string, { person }: PersonDone): Promise<void> {
  if (person !== null) queryClient.setQueryData(keyOf('person', { body: { person: { id } } }), person);
  await refresh('person', 'apps', 'listDevelopers', 'searchDevelopers', 'attention', 'status', 'activity');
}

/** Asks before one thing is done to one person. */
export function PersonDialog({ action, person, onChoose, onClose }: PersonDialogProps) {
  const notice = useNotice();
  const { id, key } = person;
  const one = { id };
  const after = async (done: PersonDone): Promise<void> => {
    notice(done.words.length === 0 ? `${key}: ${done.result}` : done.words.join(' '));
    await showDone(id, done);
  };
  switch (action) {
    case 'sync':
      return (
        <Confirmation
          title={`Sync ${key} now?`}
          action="Sync now"
          onClose={onClose}
          onConfirm={async (reason) => after(await call('syncPerson', { body: { person: one, reason } }))}
        >
          <p>Both sides are read and brought in step at once. Explain shows before what would be written.</p>
        </Confirmation>
      );
    case 'release':
      return (
        <Confirmation
          title={`Release ${key}?`}
          action="Release"
          onClose={onClose}
          onConfirm={async (reason) => after(await call('releasePerson', { body: { person: one, reason } }))}
        >
          <p>The person goes on as if the reason for the hold were gone.</p>
        </Confirmation>
      );
    case 'activate':
      return (
        <Confirmation
          title={`Activate ${key}?`}
          action="Activate"
          onClose={onClose}
          onConfirm={async (reason) => after(await call('activateDeveloper', { body: { person: one, reason } }))}
        >
          <p>The keys of all approved apps work again, on both sides the person is active.</p>
        </Confirmation>
      );
    case 'deactivate':
      return (
        <Confirmation
          title={`Deactivate ${key}?`}
          action="Deactivate"
          danger
          onClose={onClose}
          onConfirm={async (reason) => after(await call('deactivateDeveloper', { body: { person: one, reason } }))}
        >
          <p>
            None of the keys works any more; apps and keys are kept. Apigee may go on answering with what it remembers
            for some minutes (at least 180 s).
          </p>
        </Confirmation>
      );
    case 'delete':
      return (
        <Confirmation
          title={`Delete ${key}?`}
          action="Delete"
          danger
          typed={{ label: 'Type the email to delete', value: key }}
          onClose={onClose}
          onConfirm={async (reason) =>
            after(await call('deleteDeveloper', { body: { person: one, email: key, reason } }))
          }
          instead={
            <button type="button" className="button" onClick={() => onChoose('deactivate')}>
              Deactivate instead
            </button>
          }
        >
          <WhatDies id={id} />
          <p>Apigee advises to deactivate instead: nothing works then, and nothing is lost.</p>
        </Confirmation>
      );
  }
}

/** The apps and keys that go with a developer. */
function WhatDies({ id }: { readonly id: string }) {
  const { data, error } = useApi('apps', { body: { person: { id } } });
  if (data === undefined)
    return (
      <p role="status">
        {error === null ? 'Reading what goes with the developer…' : `Apps could not be read: ${error.message}`}
      </p>
    );
  const keys = data.apps.reduce((sum, app) => sum + app.keys.length, 0);
  return (
    <div className="note danger">
      <p>
        <strong>
          The developer is deleted with {counted(data.apps.length, 'app', 'apps')} and {counted(keys, 'key', 'keys')}.
        </strong>{' '}
        Nobody can bring them back. The portal user is deleted, too.
      </p>
      {data.apps.length > 0 && (
        <ul className="dies">
          {data.apps.map((app) => (
            <li key={app.name}>
              {app.name}, {counted(app.keys.length, 'key', 'keys')}, {app.status}
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
