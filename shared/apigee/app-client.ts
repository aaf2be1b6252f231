import { readApps, readListed } from './app-wire.ts';
import type { Apps } from './apps.ts';
import type { ApigeeConnection, OnCall } from './connection.ts';
import { canBeNamed, unusableEmail } from './refusals.ts';

/** `Apps` over a connection. Cheap, like `developersOf`. */
export function appsOf(connection: ApigeeConnection, onCall?: OnCall): Apps {
  return {
    async of(email) {
      if (!canBeNamed(email)) return unusableEmail('get');
      const answer = await connection.call(
        {
          operation: 'get',
          method: 'GET',
          path: `/developers/${encodeURIComponent(email)}/apps?expand=true&count=1000`,
          personal: [email],
          turn: 'waiting',
          mayBeAbsent: true,
          read: readApps,
        },
        onCall,
      );
      return !answer.ok && answer.error.kind === 'absent' ? { ok: true, value: undefined } : answer;
    },
    listed: ({ startKey, count }) => {
      const query = new URLSearchParams({ count: String(count), expand: 'true' });
      if (startKey !== undefined) query.set('startKey', startKey);
      return connection.call(
        {
          operation: 'list',
          method: 'GET',
          path: `/developers?${query.toString()}`,
          personal: startKey === undefined ? [] : [startKey],
          turn: 'waiting',
          mayBeAbsent: startKey !== undefined,
          read: readListed,
        },
        onCall,
      );
    },
  };
}
