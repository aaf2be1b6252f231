import { randomUUID } from 'node:crypto';
import { failed, type Outcome, wrote } from './answer.ts';
import { readDeveloper } from './body.ts';
import { type Call, callerOf, type Site } from './call.ts';
import type { Attribute, DeveloperRecord } from './developer.ts';
import type { Failure } from './failure.ts';

/** `POST /developers`. The new developer is active, whatever the body says. */
export function createDeveloper(call: Call, site: Site): Outcome {
  const input = readDeveloper(site.mode, call.body);
  if (!input.ok) return failed(input.failure);
  const refusal = refuseAttributes(site, input.value.attributes);
  if (refusal) return failed(refusal);
  if (site.store.byEmail(input.value.email)) return failed({ kind: 'developer-exists', email: input.value.email });
  const now = site.now();
  const caller = callerOf(call.headers);
  const record: DeveloperRecord = {
    ...input.value,
    developerId: randomUUID(),
    status: 'active',
    apps: [],
    companies: [],
    createdAt: now,
    lastModifiedAt: now,
    createdBy: caller,
    lastModifiedBy: caller,
  };
  site.store.put(record);
  return wrote(site.wire.developer(record), 201);
}

/** `PUT /developers/{email}`: a full replacement. Another email in the body is a rename on Edge and refused by X. */
export function updateDeveloper(call: Call, site: Site, id: string): Outcome {
  const known = site.store.find(id);
  const input = readDeveloper(site.mode, call.body, known);
  if (!input.ok) return failed(input.failure);
  // X compares the path with the email: a developerId in the path is a mismatch too.
  if (site.mode === 'x' && input.value.email !== id) return failed({ kind: 'name-mismatch' });
  if (!known) return failed({ kind: 'developer-missing', id, by: 'update' });
  const refusal = refuseAttributes(site, input.value.attributes);
  if (refusal) return failed(refusal);
  const { email } = input.value;
  const record = { ...known, ...input.value, lastModifiedAt: site.now(), lastModifiedBy: callerOf(call.headers) };
  if (email === known.email) {
    site.store.put(record);
  } else {
    if (site.store.byEmail(email)) return failed({ kind: 'developer-exists', email });
    site.store.rename(known.email, record);
  }
  return wrote(site.wire.developer(record));
}

/** `POST /developers/{id}?action=active|inactive`. */
export function setStatus(call: Call, site: Site, id: string): Outcome {
  const action = call.params.get('action') ?? undefined;
  if (action !== 'active' && action !== 'inactive') return failed({ kind: 'invalid-action', action });
  const known = site.store.find(id);
  if (!known) return failed({ kind: 'developer-missing', id, by: 'id' });
  site.store.put({
    ...known,
    status: action,
    ...(site.settings.statusCallBumps ? { lastModifiedAt: site.now(), lastModifiedBy: callerOf(call.headers) } : {}),
  });
  return { kind: 'no-content', wrote: true };
}

/** `DELETE /developers/{id}`. Answers the developer that was deleted. */
export function deleteDeveloper(site: Site, id: string): Outcome {
  const known = site.store.find(id);
  if (!known) return failed({ kind: 'developer-missing', id, by: 'id' });
  site.store.delete(known.email);
  return wrote(site.wire.developer(known));
}

export function refuseAttributes(site: Site, attributes: readonly Attribute[]): Failure | undefined {
  const limit = site.settings.maxAttributes;
  if (attributes.length > limit) return { kind: 'too-many-attributes', limit };
  const refused = attributes.find(({ name, value }) => site.refusesAttribute(name, value));
  return refused ? { kind: 'attribute-refused', name: refused.name } : undefined;
}
