import type { ReactNode } from 'react';
import { Link, useLocation } from 'wouter';
import { useSession } from '../api/session.tsx';
import { useSignedOut } from '../api/signed-in.ts';
import { BulkCard } from '../bulk/bulk-card.tsx';
import { Mark } from './mark.tsx';

/** What stands around every page: where one is, who one is, and whether one still is. */
export function Shell({ children, onSignedIn }: { readonly children: ReactNode; readonly onSignedIn: () => void }) {
  const { operator, role, settings } = useSession();
  const [path] = useLocation();
  const isOnDevelopers = path.startsWith('/developers');
  return (
    <>
      <a className="skip-link" href="#main">
        Skip to the page
      </a>
      <header className="topbar">
        <div className="topbar-inner">
          <div className="product">
            <Mark /> <span className="product-name">Developer sync</span>
          </div>
          <nav aria-label="Pages">
            <ul>
              <li>
                <Link href="/" aria-current={isOnDevelopers ? undefined : 'page'}>
                  Sync
                </Link>
              </li>
              <li>
                <Link href="/developers" aria-current={isOnDevelopers ? 'page' : undefined}>
                  Developers
                </Link>
              </li>
            </ul>
          </nav>
          <div className="whoami">
            <span title="Apigee organisation">{settings.org}</span>
            <span aria-hidden="true">·</span>
            <span>{operator.name}</span>
            <span className="badge">{role}</span>
          </div>
        </div>
      </header>
      <SignedOut onSignedIn={onSignedIn} />
      <BulkCard />
      {children}
    </>
  );
}

/** The page below stays as it is, with everything that was typed. */
function SignedOut({ onSignedIn }: { readonly onSignedIn: () => void }) {
  if (!useSignedOut()) return null;
  return (
    <div className="signed-out" role="alert">
      <div className="note warning">
        <span>
          <strong>You are signed out.</strong> Nothing that you typed is lost. Sign in in a new window, come back and go
          on; on your own machine, open the address that <code>devsync console</code> or <code>npm start</code> printed.
        </span>
        <div className="row">
          <a className="button primary" href="/" target="_blank" rel="noreferrer">
            Sign in again
          </a>
          <button type="button" className="button" onClick={onSignedIn}>
            I am signed in
          </button>
        </div>
      </div>
    </div>
  );
}
