import { useState } from 'react';
import type { RouteName } from '../../api/routes.ts';
import { call } from '../api/client.ts';
import { overview, refresh, useApi } from '../api/queries.ts';
import { useMay } from '../api/session.tsx';
import { Badge } from '../components/badge.tsx';
import { Confirmation } from '../components/confirmation.tsx';
import { useNotice } from '../components/notices.tsx';
import { Card } from '../components/page.tsx';
import { Loading, Problem } from '../components/state.tsx';

type Action = Extract<RouteName, 'pauseSchedule' | 'resumeSchedule' | 'runSchedule'>;

const actions: Readonly<Record<Action, { readonly label: string; readonly what: string; readonly done: string }>> = {
  pauseSchedule: {
    label: 'Pause',
    what: 'No run begins by itself until somebody resumes the schedule. Portal edits are still pushed.',
    done: 'The schedule is paused.',
  },
  resumeSchedule: {
    label: 'Resume',
    what: 'Runs begin by themselves again, at the times that are set.',
    done: 'The schedule goes on.',
  },
  runSchedule: {
    label: 'Run the job',
    what: 'The scheduled job is started now, as if its time had come.',
    done: 'The scheduled job was started.',
  },
};

export function SchedulePanel() {
  const { data, error, refetch } = useApi('schedule', {}, overview);
  const mayAct = useMay('operator');
  const notice = useNotice();
  const [asked, setAsked] = useState<Action>();
  if (data === undefined)
    return (
      <Card title="Schedule">
        {error === null ? <Loading what="the schedule" /> : <Problem error={error} onRetry={() => void refetch()} />}
      </Card>
    );
  const isPaused = data.jobs.some(({ state }) => state === 'paused');
  const offered: readonly Action[] = isPaused ? ['resumeSchedule', 'runSchedule'] : ['pauseSchedule', 'runSchedule'];
  return (
    <Card title="Schedule">
      {data.problem !== null && <p className="muted">{data.problem}</p>}
      <ul className="stack">
        {data.jobs.map(({ name, state, words }) => (
          <li key={name} className="stack">
            <span className="row">
              <strong>{name}</strong>
              {state !== null && <Badge value={state} />}
            </span>
            <span className="muted">{words}</span>
          </li>
        ))}
      </ul>
      {mayAct && data.problem === null && (
        <div className="row">
          {offered.map((action) => (
            <button key={action} type="button" className="button" onClick={() => setAsked(action)}>
              {actions[action].label}
            </button>
          ))}
        </div>
      )}
      {asked !== undefined && (
        <Confirmation
          title={`${actions[asked].label}?`}
          action={actions[asked].label}
          onClose={() => setAsked(undefined)}
          onConfirm={async (reason) => {
            await call(asked, { body: { reason } });
            notice(actions[asked].done);
            await refresh('schedule', 'status', 'activity');
          }}
        >
          <p>{actions[asked].what}</p>
        </Confirmation>
      )}
    </Card>
  );
}
