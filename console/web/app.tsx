import { QueryClientProvider } from '@tanstack/react-query';
import { useEffect } from 'react';
import { Route, Switch, useLocation } from 'wouter';
import { queryClient, useApi } from './api/queries.ts';
import { SessionProvider } from './api/session.tsx';
import { Boundary } from './components/boundary.tsx';
import { Notices } from './components/notices.tsx';
import { Empty, Problem } from './components/state.tsx';
import { DevelopersPage } from './developers/developers-page.tsx';
import { PersonPage } from './developers/person-page.tsx';
import { Shell } from './shell/shell.tsx';
import { Entrance } from './shell/entrance.tsx';
import { AttentionPage } from './sync/attention-page.tsx';
import { RunPage } from './sync/run-page.tsx';
import { SyncPage } from './sync/sync-page.tsx';

export function App() {
  return (
    <QueryClientProvider client={queryClient}>
      <Notices>
        <Signed />
      </Notices>
    </QueryClientProvider>
  );
}

/** Everything, for whoever is signed in. Who loses the session keeps the page as it is. */
function Signed() {
  const [path] = useLocation();
  const session = useApi('session', {}, { every: 5 * 60_000 });
  useEffect(() => {
    const look = (): void => void session.refetch();
    addEventListener('focus', look);
    return () => removeEventListener('focus', look);
  }, [session]);
  if (session.data === undefined) return <Entrance error={session.error} onRetry={() => void session.refetch()} />;
  return (
    <SessionProvider value={session.data}>
      <Shell onSignedIn={() => void session.refetch()}>
        <Boundary key={path} fallback={<Broken />}>
          <Switch>
            <Route path="/" component={SyncPage} />
            <Route path="/runs/:runId">{({ runId }) => <RunPage key={runId} runId={runId} />}</Route>
            <Route path="/attention/:group">{({ group }) => <AttentionPage key={group} group={group} />}</Route>
            <Route path="/developers" component={DevelopersPage} />
            <Route path="/developers/:id">{({ id }) => <PersonPage key={id} id={id} />}</Route>
            <Route>
              <main id="main" className="page">
                <Empty title="There is no such page">It may have been moved: the pages are Sync and Developers.</Empty>
              </main>
            </Route>
          </Switch>
        </Boundary>
      </Shell>
    </SessionProvider>
  );
}

function Broken() {
  return (
    <main id="main" className="page">
      <div className="card">
        <Problem
          error={new Error('This page broke: reload it. Nothing was done that you did not ask for.')}
          onRetry={() => location.reload()}
        />
      </div>
    </main>
  );
}
