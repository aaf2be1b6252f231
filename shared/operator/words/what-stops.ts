import type { WhatStops } from '../views/what-stops.ts';
import { counted, number } from './quantities.ts';
import { shortText } from './safe-text.ts';

/** So many apps are named. */
const named = 10;

/** What stops working for people who are made inactive or deleted, and when: whole sentences. */
export function whatStopsWords({ people, apps, working, unread }: WhatStops): readonly string[] {
  const who = people === 1 ? 'The developer has' : 'They have';
  const names = apps.slice(0, named).map(({ name }) => shortText(name, 60));
  const more = apps.length > named ? ` and ${number(apps.length - named)} more` : '';
  const keys = `${counted(working, 'key', 'keys')} of ${counted(apps.length, 'app', 'apps')}`;
  const told =
    apps.length === 0
      ? unread === people
        ? []
        : [`${who} no apps.`]
      : [`${keys} ${working === 1 ? 'stops' : 'stop'} working: ${names.join(', ')}${more}.`];
  const untold = unread === 0 ? [] : ['Apigee does not tell which apps and keys stop working.'];
  return [...told, ...untold, ...(working === 0 && unread === 0 ? [] : [servesOn])];
}

/** Of whatever Apigee remembers (rule 9). */
export const servesOn = 'Apigee may serve them some three minutes more: it remembers a developer for at least 180 s.';
