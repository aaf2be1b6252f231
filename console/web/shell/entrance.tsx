import { problemOf } from '../api/problem.ts';
import { Loading, Problem } from '../components/state.tsx';
import { Mark } from './mark.tsx';

/** In place of the pages, until it is known who looks at them; or why they are not shown. */
export function Entrance({ error, onRetry }: { readonly error: Error | null; readonly onRetry: () => void }) {
  return (
    <main id="main" className="page">
      <h1 className="product">
        <Mark /> Developer sync
      </h1>
      <div className="card">
        {error === null ? <Loading what="who you are" /> : <Reason error={error} onRetry={onRetry} />}
      </div>
    </main>
  );
}

function Reason({ error, onRetry }: { readonly error: Error; readonly onRetry: () => void }) {
  const { kind, message } = problemOf(error);
  if (kind === 'signed-out')
    return (
      <div className="state" role="alert">
        <strong>You are not signed in</strong>
        <p>
          On your own machine, open the address that <code>devsync console</code> or <code>npm start</code> printed: it
          signs you in. In your organisation, sign in with your account.
        </p>
        <button type="button" className="button primary" onClick={() => location.reload()}>
          Sign in
        </button>
      </div>
    );
  if (kind === 'forbidden')
    return (
      <div className="state" role="alert">
        <strong>You have no role here</strong>
        <p>{message}</p>
        <p>
          Whoever runs this installation gives roles: ask to be added as <b>viewer</b>, to look; as <b>operator</b>, to
          run and edit; or as <b>admin</b>, to approve and delete.
        </p>
      </div>
    );
  return <Problem error={error} onRetry={onRetry} />;
}
