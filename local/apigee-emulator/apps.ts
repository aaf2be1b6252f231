import { hash } from 'node:crypto';
import { failed, type Outcome, read } from './answer.ts';
import type { Call, Site } from './call.ts';
import type { DeveloperRecord } from './developer.ts';
import type { Json, JsonObject } from './json.ts';

/**
 * `GET /developers/{id}/apps`. The emulator keeps names of apps only; what else Apigee says of an app is made of the name:
 * one approved key that never expires, for one product.
 */
export function listApps(call: Call, site: Site, id: string): Outcome {
  const record = site.store.find(id);
  if (!record) return failed({ kind: 'developer-missing', id, by: 'id' });
  if (call.params.get('expand') === 'true') return read(wrapped(site, record.apps.map(appOf(site, record))));
  if (site.mode === 'edge') return read([...record.apps]);
  return read(
    wrapped(
      site,
      record.apps.map((name) => ({ appId: idOf(record, name), name })),
    ),
  );
}

function wrapped({ settings }: Site, apps: readonly Json[]): JsonObject {
  return apps.length === 0 && settings.omitEmptyArrays ? {} : { app: apps };
}

function appOf({ mode }: Site, record: DeveloperRecord): (name: string) => JsonObject {
  const time = (ms: number): Json => (mode === 'x' ? String(ms) : ms);
  return (name) => ({
    appId: idOf(record, name),
    name,
    status: 'approved',
    developerId: record.developerId,
    createdAt: time(record.createdAt),
    lastModifiedAt: time(record.createdAt),
    credentials: [
      {
        consumerKey: digest(`key ${record.developerId} ${name}`),
        consumerSecret: digest(`secret ${record.developerId} ${name}`),
        status: 'approved',
        issuedAt: time(record.createdAt),
        expiresAt: time(-1),
        apiProducts: [{ apiproduct: 'standard', status: 'approved' }],
      },
    ],
  });
}

function idOf({ developerId }: DeveloperRecord, name: string): string {
  return digest(`id ${developerId} ${name}`).slice(0, 32);
}

function digest(text: string): string {
  return hash('sha256', text, 'hex').slice(0, 48);
}
