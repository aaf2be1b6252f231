import type { DeveloperSeed } from '../../shared/apigee/in-memory.ts';
import type { Answer } from '../../shared/wiring/http-push.ts';
import { handlePullEdit } from '../../shared/wiring/pull-handler.ts';
import { auditEntry, developersPrefix, pushed } from './audit-entries.ts';
import type { InProcess } from './in-process.ts';

export const pullEnv = { PULL: 'audit-log' };

/** Delivers the entry of a call in Apigee about this developer; `differs` are members of its `protoPayload`. */
export function deliverEntry(
  world: InProcess,
  method: string,
  id: string,
  differs: Readonly<Record<string, unknown>> = {},
  at?: number,
): Promise<Answer> {
  const resourceName = `organizations/acme/developers/${id}`;
  const entry = auditEntry({ methodName: `${developersPrefix}${method}`, resourceName, ...differs }, at);
  return handlePullEdit(world.services, pushed(entry));
}

/** Somebody saves the developer in Apigee; answers what the entry says of it. */
export function saveInApigee(world: InProcess, seed: DeveloperSeed): { readonly response: Record<string, unknown> } {
  const known = world.developers.all().find(({ email }) => email === seed.email);
  world.developers.seed({ ...known, lastModifiedAt: Date.now(), ...seed });
  const saved = world.developers.all().find(({ email }) => email === seed.email);
  if (saved === undefined) throw new Error('the developer was not saved');
  const { email, developerId, lastModifiedAt } = saved;
  return { response: { email, developerId, lastModifiedAt: String(lastModifiedAt) } };
}
