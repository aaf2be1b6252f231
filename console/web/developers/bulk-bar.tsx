import { useState } from 'react';
import type { BulkAction } from '../../api/requests.ts';
import { beginBulkJob } from '../bulk/bulk-store.ts';
import { stream } from '../api/client.ts';
import { useSession } from '../api/session.tsx';
import { Confirmation } from '../components/confirmation.tsx';
import { counted, number } from '../components/time.tsx';
import { PlanPeopleDialog } from '../plans/plan-people-dialog.tsx';
import { WhatStopsForMany } from '../plans/what-stops.tsx';

const labels: Readonly<Record<BulkAction, string>> = {
  sync: 'Sync now',
  activate: 'Activate',
  deactivate: 'Deactivate',
  delete: 'Delete',
};

interface BulkBarProps {
  readonly ids: ReadonlySet<string>;
  /** Whether more may be done than to plan. */
  readonly mayAct: boolean;
  readonly onClear: () => void;
}

/** What can be done for everyone who is selected. */
export function BulkBar({ ids, mayAct, onClear }: BulkBarProps) {
  const [isPlanning, setIsPlanning] = useState(false);
  const [asked, setAsked] = useState<BulkAction>();
  const { settings } = useSession();
  const count = ids.size;
  const people = counted(count, 'person', 'people');
  const offered: readonly BulkAction[] = mayAct ? ['sync', 'activate', 'deactivate', 'delete'] : [];
  const words: Readonly<Record<BulkAction, string>> = {
    sync: 'Both sides of each of them are read and brought in step, one after the other.',
    activate: 'The keys of their approved apps work again.',
    deactivate: `None of their keys works any more; apps and keys are kept. At most ${number(settings.destructiveLimit)} people may be deactivated or deleted this way in an hour.`,
    delete: `They are deleted on both sides, their apps and keys with them, and nobody can bring them back. Apigee advises to deactivate instead. At most ${number(settings.destructiveLimit)} people may be deactivated or deleted this way in an hour.`,
  };
  return (
    <div className="bulk-bar" role="group" aria-label="Selected developers">
      <strong role="status">{number(count)} selected</strong>
      {offered.map((action) => (
        <button
          key={action}
          type="button"
          className={action === 'delete' ? 'button danger' : 'button'}
          onClick={() => setAsked(action)}
        >
          {labels[action]}
        </button>
      ))}
      <button type="button" className="button" onClick={() => setIsPlanning(true)}>
        Make a plan…
      </button>
      <button type="button" className="button plain" onClick={onClear}>
        Clear
      </button>
      {asked !== undefined && (
        <Confirmation
          title={`${labels[asked]}: ${people}?`}
          action={labels[asked]}
          danger={asked === 'deactivate' || asked === 'delete'}
          typed={{ label: `Type ${String(count)}, the number of people`, value: String(count) }}
          onClose={() => setAsked(undefined)}
          onConfirm={async (reason) => {
            await beginBulkJob(`${labels[asked]}: ${people}`, (signal) =>
              stream('bulkDevelopers', { body: { action: asked, people: [...ids], count, reason }, signal }),
            );
            onClear();
          }}
        >
          <p>{words[asked]}</p>
          {(asked === 'deactivate' || asked === 'delete') && <WhatStopsForMany ids={[...ids]} />}
          <p>You can follow it, and stop it: who is done by then stays done.</p>
        </Confirmation>
      )}
      {isPlanning && <PlanPeopleDialog ids={[...ids]} onClose={() => setIsPlanning(false)} />}
    </div>
  );
}
