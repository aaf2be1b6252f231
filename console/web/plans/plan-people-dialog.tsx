import { useLocation } from 'wouter';
import { call } from '../api/client.ts';
import { refresh } from '../api/queries.ts';
import { Confirmation } from '../components/confirmation.tsx';
import { counted } from '../components/time.tsx';

interface PlanPeopleDialogProps {
  readonly ids: readonly string[];
  readonly onClose: () => void;
}

/** Makes a plan for these people, and goes to its page. */
export function PlanPeopleDialog({ ids, onClose }: PlanPeopleDialogProps) {
  const [, navigate] = useLocation();
  return (
    <Confirmation
      title={`Make a plan for ${counted(ids.length, 'person', 'people')}?`}
      action="Make a plan"
      onClose={onClose}
      onConfirm={async (reason) => {
        const { runId } = await call('planPeople', { body: { people: [...ids], reason } });
        await refresh('runs', 'activity');
        navigate(`/runs/${runId}`);
      }}
    >
      <p>
        Both sides are read, and nothing is written. The plan says for each what a run would do; it can be applied as it
        is.
      </p>
    </Confirmation>
  );
}
