import { useLocation } from 'wouter';
import type { PersonAnswer, PersonDone } from '../../api/answers/person.ts';
import { call } from '../api/client.ts';
import type { PersonRef } from '../../api/requests.ts';
import { keyOf, queryClient, refresh } from '../api/queries.ts';
import { Confirmation } from '../components/confirmation.tsx';
import { useNotice } from '../components/notices.tsx';
import { PlanPeopleDialog } from '../plans/plan-people-dialog.tsx';
import { WhatStops } from '../plans/what-stops.tsx';

export type PersonAction = 'sync' | 'release' | 'activate' | 'deactivate' | 'delete' | 'plan' | 'forget';

interface PersonDialogProps {
  readonly action: PersonAction;
  readonly person: Pick<PersonAnswer, 'id' | 'key'>;
  /** Default: by the id. */
  readonly who?: PersonRef;
  readonly onChoose: (action: PersonAction) => void;
  readonly onClose: () => void;
}

/** Shows what became of a person, wherever the person is shown. */
export async function showDone(id: string, { person }: PersonDone): Promise<void> {
  if (person !== null) queryClient.setQueryData(keyOf('person', { body: { person: { id } } }), person);
  await refresh('person', 'apps', 'listDevelopers', 'searchDevelopers', 'attention', 'status', 'activity');
}

/** Asks before one thing is done to one person. */
export function PersonDialog({ action, person, who, onChoose, onClose }: PersonDialogProps) {
  const notice = useNotice();
  const [, navigate] = useLocation();
  const { id, key } = person;
  const one = who ?? { id };
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
          <p>The person is inactive on both sides, until somebody activates them again.</p>
          <WhatStops person={one} isDeleted={false} />
        </Confirmation>
      );
    case 'plan':
      return <PlanPeopleDialog ids={[id]} onClose={onClose} />;
    case 'forget':
      return (
        <Confirmation
          title={`Forget ${key}?`}
          action="Forget"
          danger
          typed={{ label: 'Type the email to forget', value: key }}
          onClose={onClose}
          onConfirm={async (reason) => {
            const { words } = await call('forgetPerson', { body: { person: one, email: key, reason } });
            notice(words.join(' '));
            navigate('/developers');
            await refresh(
              'person',
              'searchDevelopers',
              'activity',
              'runs',
              'run',
              'plan',
              'changedPeople',
              'runPeople',
            );
          }}
        >
          <p>
            All that is kept of this person is removed for good: the history, and that they were deleted. Who registers
            with the email again counts as new.
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
          <WhatStops person={one} isDeleted />
          <p>Apigee advises to deactivate instead: nothing works then, and nothing is lost.</p>
        </Confirmation>
      );
  }
}
