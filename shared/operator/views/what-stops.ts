import pMap from 'p-map';
import type { App } from '../../apigee/apps.ts';
import { canonicalEmail, type PersonKey } from '../../core/model/email.ts';
import { newMeter } from '../../state/meter.ts';
import type { Services } from '../../wiring/services.ts';

/** What stops working once developers are made inactive or deleted, as far as Apigee tells. */
export interface WhatStops {
  readonly people: number;
  readonly apps: readonly App[];
  /** How many keys there are, and how many of them work now. */
  readonly keys: number;
  readonly working: number;
  /** People whose apps Apigee does not tell. */
  readonly unread: number;
}

/** Asks Apigee once for each of these people: for few. */
export async function whatStops(services: Services, people: readonly PersonKey[]): Promise<WhatStops> {
  const links = await services.people(newMeter()).links(people);
  const read = await pMap(
    people,
    async (key) => {
      const email = links.get(key)?.link.developer?.email ?? canonicalEmail(key);
      return email === undefined ? ({ ok: true, value: undefined } as const) : services.apps.of(email);
    },
    { concurrency: 5 },
  );
  const apps = read.flatMap((answer) => (answer.ok ? (answer.value ?? []) : []));
  const now = services.clock.now();
  return {
    people: people.length,
    apps,
    keys: apps.reduce((sum, { keys }) => sum + keys.length, 0),
    working: apps.reduce((sum, app) => sum + workingKeys(app, now), 0),
    unread: read.filter(({ ok }) => !ok).length,
  };
}

/** How many keys of an app Apigee takes now. */
export function workingKeys({ status, keys }: App, now: number): number {
  if (status !== 'approved') return 0;
  return keys.filter((key) => key.status === 'approved' && (key.expiresAt ?? Infinity) > now).length;
}
