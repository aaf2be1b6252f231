import { whatStops as readWhatStops } from '../../../shared/operator/views/what-stops.ts';
import { answer, type Handler } from '../asked.ts';
import { keysOf } from './people.ts';

export const whatStops: Handler<'whatStops'> = async ({ desk, body }) => {
  const keys = await keysOf(desk, [...new Set(body.people)]);
  if (keys.kind === 'problem') return keys;
  const { people, apps, keys: count, working, unread } = await readWhatStops(desk.services, keys.keys);
  return answer({ people, apps: apps.length, keys: count, working, unread });
};
