import { readEdgeAudits, type EdgeAudit } from '../messages/edge-audit.ts';
import type { ApigeeConnection, OnCall } from './connection.ts';
import type { Answer } from './developers.ts';

/** Edge's history of calls about developers. Other flavours have an audit log, which tells by itself. */
export interface Audits {
  /**
   * What happened from `from` to `to`, ms, both included; at most `mostRows`. Undefined where there is no history: Private
   * Cloud keeps none.
   */
  between(from: number, to: number): Promise<Answer<readonly EdgeAudit[] | undefined>>;
}

/** How many records are asked for at once. The API documents no limit. */
export const mostRows = 1000;

/** `Audits` over a connection. Cheap, like `developersOf`. */
export function auditsOf(connection: ApigeeConnection, onCall?: OnCall): Audits {
  return {
    async between(from, to) {
      const query = new URLSearchParams({
        startTime: String(from),
        endTime: String(to),
        rows: String(mostRows),
        expand: 'true',
      });
      const answer = await connection.call(
        {
          operation: 'list',
          method: 'GET',
          root: 'audits',
          path: `/developers?${query.toString()}`,
          personal: [],
          turn: 'waiting',
          mayBeAbsent: false,
          read: readEdgeAudits,
        },
        onCall,
      );
      // In whatever words a server says that it does not know the path.
      return !answer.ok && answer.error.status === 404 ? { ok: true, value: undefined } : answer;
    },
  };
}
