import { useSearchParams } from 'wouter';
import { overview, useApi } from '../api/queries.ts';
import { useSession } from '../api/session.tsx';
import { Page } from '../components/page.tsx';
import { Activity } from './activity.tsx';
import { Attention } from './attention.tsx';
import { DeadLetters } from './dead-letters.tsx';
import { ExplainPanel } from './explain-panel.tsx';
import { HeldRuns } from './held-runs.tsx';
import { ProgressCard } from './progress-card.tsx';
import { RunPanel } from './run-panel.tsx';
import { Runs } from './runs.tsx';
import { SchedulePanel } from './schedule-panel.tsx';
import { Settings } from './settings.tsx';
import { StatusCard } from './status-card.tsx';
import { StopButton, StoppedBanner } from './stop.tsx';

/** How the synchronisation stands, what it did, what waits for somebody, and everything that sets it going. */
export function SyncPage() {
  const { offers } = useSession();
  const status = useApi('status', {}, overview);
  const [search, setSearch] = useSearchParams();
  const asked = search.get('run');
  const follow = (runId: string | undefined): void =>
    setSearch(runId === undefined ? {} : { run: runId }, { replace: true });
  const followed = asked ?? status.data?.active?.runId;
  return (
    <Page title="Sync" actions={status.data?.stopped === null && <StopButton />}>
      {status.data !== undefined && status.data.stopped !== null && <StoppedBanner stopped={status.data.stopped} />}
      <StatusCard status={status} />
      {followed !== undefined && (
        <ProgressCard
          key={followed}
          runId={followed}
          {...(asked === null ? {} : { onDismiss: () => follow(undefined) })}
        />
      )}
      <HeldRuns />
      <div className="columns">
        <RunPanel onFollow={follow} />
        <ExplainPanel />
        {offers.schedule && <SchedulePanel />}
      </div>
      <Attention />
      <Runs />
      {offers.deadLetters && <DeadLetters />}
      <Activity />
      <Settings />
    </Page>
  );
}
