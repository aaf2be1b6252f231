import { createContext, type ReactNode, use, useCallback, useMemo, useState } from 'react';

interface Notice {
  readonly id: number;
  readonly text: ReactNode;
}

const NoticesContext = createContext<(text: ReactNode) => void>(() => undefined);

/** Says what was just done: seen in the corner, heard by a screen reader. */
export function useNotice(): (text: ReactNode) => void {
  return use(NoticesContext);
}

let lastId = 0;

export function Notices({ children }: { readonly children: ReactNode }) {
  const [notices, setNotices] = useState<readonly Notice[]>([]);
  const remove = useCallback((id: number) => setNotices((all) => all.filter((notice) => notice.id !== id)), []);
  const say = useCallback(
    (text: ReactNode) => {
      lastId += 1;
      const id = lastId;
      setNotices((all) => [...all.slice(-2), { id, text }]);
      setTimeout(() => remove(id), 10_000);
    },
    [remove],
  );
  const list = useMemo(
    () =>
      notices.map(({ id, text }) => (
        <div key={id} className="note good">
          <span>{text}</span>
          <button type="button" className="button plain" onClick={() => remove(id)}>
            Dismiss
          </button>
        </div>
      )),
    [notices, remove],
  );
  return (
    <NoticesContext value={say}>
      {children}
      <div className="notices" role="status" aria-label="Notices">
        {list}
      </div>
    </NoticesContext>
  );
}
