import type { ReactNode } from 'react';
import { problemOf } from '../api/problem.ts';

interface StateProps {
  readonly title: string;
  readonly children?: ReactNode;
  readonly action?: ReactNode;
}

/** Where a list has nothing to show: what that means, and what to do next. */
export function Empty({ title, children, action }: StateProps) {
  return (
    <div className="state">
      <strong>{title}</strong>
      {children !== undefined && <p>{children}</p>}
      {action}
    </div>
  );
}

/** Lines in place of what is still being read. */
export function Loading({ what, lines = 4 }: { readonly what: string; readonly lines?: number }) {
  return (
    <div className="card-body stack" role="status">
      <span className="visually-hidden">Reading {what}…</span>
      {Array.from({ length: lines }, (_, line) => (
        <div key={line} className="skeleton" style={{ width: `${String(90 - ((line * 17) % 40))}%` }} />
      ))}
    </div>
  );
}

const titles = {
  'signed-out': 'You are signed out',
  forbidden: 'Your role does not allow this',
  'not-found': 'There is nothing here',
  conflict: 'It has changed meanwhile',
  invalid: 'This cannot be asked for',
  refused: 'Nothing was done',
  unavailable: 'This cannot be shown now',
} as const;

/** In place of something that could not be read. */
export function Problem({ error, onRetry }: { readonly error: unknown; readonly onRetry?: () => void }) {
  const { kind, message } = problemOf(error);
  return (
    <div className="state" role="alert">
      <strong>{titles[kind]}</strong>
      <p>{message}</p>
      {onRetry !== undefined && kind !== 'forbidden' && kind !== 'not-found' && (
        <button type="button" className="button" onClick={onRetry}>
          Try again
        </button>
      )}
    </div>
  );
}

/** Inside a form: why it was not done. What was typed stays. */
export function FormProblem({ error }: { readonly error: unknown }) {
  if (error === null || error === undefined) return null;
  const { kind, message } = problemOf(error);
  return (
    <div className={`note ${kind === 'signed-out' || kind === 'conflict' ? 'warning' : 'danger'}`} role="alert">
      <span>
        <strong>{titles[kind]}.</strong> {message}
      </span>
      {kind === 'signed-out' && (
        <a href="/" target="_blank" rel="noreferrer">
          Sign in again, in a new window
        </a>
      )}
    </div>
  );
}
