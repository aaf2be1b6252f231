import { type ReactNode, useEffect, useRef } from 'react';

interface PageProps {
  readonly title: string;
  /** The title as shown, where more stands beside it. */
  readonly heading?: ReactNode;
  readonly trail?: ReactNode;
  readonly actions?: ReactNode;
  readonly children: ReactNode;
}

/** A page: its title in the tab and as heading. Whoever comes here by a link starts at the heading. */
export function Page({ title, heading, trail, actions, children }: PageProps) {
  const top = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    document.title = `${title} · Developer sync`;
  }, [title]);
  useEffect(() => {
    if (location.pathname !== opened) top.current?.focus();
    opened = location.pathname;
  }, []);
  return (
    <main id="main" className="page">
      <div className="page-head">
        {trail !== undefined && <div className="trail">{trail}</div>}
        <div className="head-title">
          <h1 tabIndex={-1} ref={top}>
            {title}
          </h1>
          {heading}
        </div>
        {actions !== undefined && <div className="row">{actions}</div>}
      </div>
      {children}
    </main>
  );
}

/** The page that was opened last: a browser starts at the top of the first one by itself. */
let opened = location.pathname;

interface CardProps {
  readonly title: string;
  readonly actions?: ReactNode;
  readonly children: ReactNode;
  /** What stands in it reaches to its edges: a table. */
  readonly flush?: boolean;
}

export function Card({ title, actions, children, flush = false }: CardProps) {
  return (
    <section className="card">
      <div className="card-head">
        <h2>{title}</h2>
        {actions}
      </div>
      {flush ? children : <div className="card-body stack">{children}</div>}
    </section>
  );
}
