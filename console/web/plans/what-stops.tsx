import type { AppAnswer } from '../../api/answers/person.ts';
import type { PersonRef } from '../../api/requests.ts';
import { useApi } from '../api/queries.ts';
import { useNow } from '../components/clock.ts';
import { counted, number } from '../components/time.tsx';

/** So many people’s apps are asked for: each is a call to Apigee. */
const asked = 10;

const servesOn = 'Apigee may serve them some three minutes more: it remembers a developer for at least 180 s.';

/** What stops working once one developer is inactive, or deleted with all apps and keys. */
export function WhatStops({ person, isDeleted }: { readonly person: PersonRef; readonly isDeleted: boolean }) {
  const { data, error } = useApi('apps', { body: { person } });
  const now = useNow();
  if (data === undefined)
    return (
      <p role="status">
        {error === null ? 'Reading which apps and keys stop…' : `Apps could not be read: ${error.message}`}
      </p>
    );
  const { apps } = data;
  const keys = apps.reduce((sum, app) => sum + app.keys.length, 0);
  const working = apps.reduce((sum, app) => sum + workingKeys(app, now), 0);
  return (
    <div className="note danger">
      <p>
        <strong>
          {isDeleted
            ? `The developer is deleted with ${counted(apps.length, 'app', 'apps')} and ${counted(keys, 'key', 'keys')}.`
            : `${counted(working, 'key', 'keys')} of ${counted(apps.length, 'app', 'apps')} ${working === 1 ? 'stops' : 'stop'} working.`}
        </strong>{' '}
        {isDeleted ? 'Nobody can bring them back. The portal user is deleted, too.' : 'Apps and keys are kept.'}{' '}
        {working > 0 && servesOn}
      </p>
      {apps.length > 0 && (
        <ul className="dies">
          {apps.map((app) => (
            <li key={app.name}>
              {app.name}, {counted(app.keys.length, 'key', 'keys')}, {app.status}
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

function workingKeys({ status, keys }: AppAnswer, now: number): number {
  if (status !== 'approved') return 0;
  return keys.filter((key) => key.status === 'approved' && (key.expiresAt === null || key.expiresAt > now)).length;
}

/** The same for many people, of whom only the first few are looked at, which is said. */
export function WhatStopsForMany({ ids }: { readonly ids: readonly string[] }) {
  const { data, error } = useApi('whatStops', { body: { people: ids.slice(0, asked) } });
  if (data === undefined)
    return (
      <p role="status">
        {error === null ? 'Reading which apps and keys stop…' : `Apps could not be read: ${error.message}`}
      </p>
    );
  const { people, apps, working, unread } = data;
  const who = ids.length > people ? `The first ${number(people)} of ${number(ids.length)} have` : 'They have';
  return (
    <div className="note danger">
      <p>
        <strong>
          {who} {counted(apps, 'app', 'apps')}, with {counted(working, 'key', 'keys')} that work now.
        </strong>{' '}
        {ids.length > people && 'The others were not asked for. '}
        {unread > 0 && `Of ${number(unread)} Apigee does not tell. `}
        {servesOn}
      </p>
    </div>
  );
}
