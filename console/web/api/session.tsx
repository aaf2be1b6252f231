import { createContext, use } from 'react';
import type { SessionAnswer } from '../../api/answers/session.ts';
import { mayAct, type Role } from '../../api/roles.ts';

const SessionContext = createContext<SessionAnswer | undefined>(undefined);
export const SessionProvider = SessionContext.Provider;

/** Who is signed in, what they may, and what this installation offers. */
export function useSession(): SessionAnswer {
  const session = use(SessionContext);
  if (session === undefined) throw new Error('a page is shown before it is known who looks at it');
  return session;
}

/** Whether the operator has this role or a higher one. The server decides; this only spares a refusal. */
export function useMay(role: Role): boolean {
  return mayAct(useSession().role, role);
}
