import { z } from 'zod';
import { findNamed, organizationIn, type Named } from './developer-name.ts';

/** What was done to a developer in Apigee, as far as it matters what to do about it. */
export interface DeveloperEdit {
  readonly named: Exclude<Named, { kind: 'nobody' }>;
  readonly does: EditKind;
  /** When, ms by Apigee's clock; undefined where the entry does not say. */
  readonly at: number | undefined;
  /** Apigee's id of the developer, where the entry says it. */
  readonly developerId: string | undefined;
  /**
   * The developer's `lastModifiedAt` behind the edit. Of edits of names and attributes as a whole only: the other calls may
   * leave the time as it was, so that it tells nothing.
   */
  readonly modifiedAt: number | undefined;
}

/** `attributes` and `status`: calls of their own, which may leave `lastModifiedAt` as it was. */
export type EditKind = 'create' | 'update' | 'attributes' | 'status' | 'delete';

export type AuditReading =
  | { readonly kind: 'edit'; readonly edit: DeveloperEdit }
  /** Nothing that happened to a developer of ours. `why` is fit for the log. */
  | { readonly kind: 'ignored'; readonly why: string }
  /** Not a shape that we know. `problem` names the method and members, never a value (rule 27). */
  | { readonly kind: 'unknown'; readonly problem: string };

const prefix = 'google.cloud.apigee.v1.Developers.';

/** Every method that changes a developer. @see https://github.com/googleapis/google-cloudevents (service_catalog.json) */
const methods: Readonly<Record<string, EditKind>> = {
  CreateDeveloper: 'create',
  UpdateDeveloper: 'update',
  DeleteDeveloper: 'delete',
  SetDeveloperStatus: 'status',
  UpdateDeveloperAttribute: 'attributes',
  UpdateDeveloperAttributes: 'attributes',
  DeleteDeveloperAttribute: 'attributes',
};

/** The names of these methods, as entries have them and as a log sink filters by them. */
export const editMethods: readonly string[] = Object.keys(methods).map((name) => `${prefix}${name}`);

const record = z.record(z.string(), z.unknown()).nullish().catch(undefined);
const number = z.coerce.number().nullish().catch(undefined);

/** A member of another kind than it has to be counts as missing: an entry is a hint, and one usable name is enough. */
const payload = z.looseObject({
  serviceName: z.unknown(),
  methodName: z.string(),
  resourceName: z.string().nullish().catch(undefined),
  request: record,
  response: record,
  status: z.looseObject({ code: number }).nullish().catch(undefined),
});
const entry = z.looseObject({
  protoPayload: payload,
  timestamp: z.string().nullish().catch(undefined),
  split: z.looseObject({ index: number }).nullish().catch(undefined),
});

/**
 * Reads a LogEntry of Apigee's Admin Activity audit log, as a log sink publishes it. Leniently: which members an entry
 * has depends on the method, and Google does not promise them.
 * @see https://cloud.google.com/logging/docs/reference/v2/rest/v2/LogEntry
 */
export function readAuditEntry(text: string, org: string): AuditReading {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return unknownShape('not JSON', []);
  }
  const parsed = entry.safeParse(json);
  if (!parsed.success) return unknownShape('no audit log entry', [['entry', json]]);
  const { protoPayload: audit, timestamp, split } = parsed.data;
  const { methodName, resourceName, request, response } = audit;
  const does = audit.serviceName === 'apigee.googleapis.com' ? kindOf(methodName) : undefined;
  if (does === undefined) return ignored('another method');
  if ((audit.status?.code ?? 0) !== 0) return ignored('a call that failed');
  if ((split?.index ?? 0) > 0) return ignored('a further part of an entry');
  const names = [resourceName, textOf(request?.['name']), textOf(request?.['parent'])].map((name) => name ?? undefined);
  const theirs = names.map((name) => name && organizationIn(name)).find((name) => name !== undefined);
  if (theirs !== undefined && theirs !== '' && theirs !== org) return ignored('another organisation');
  const sent = memberOf(request, 'developer');
  const named = findNamed([response?.['email'], memberOf(sent, 'email'), request?.['email']], names);
  if (named.kind === 'nobody') {
    const members = [['protoPayload', audit] as const, ['request', request] as const, ['response', response] as const];
    return unknownShape(`${methodName.slice(prefix.length)} without a developer`, members);
  }
  const at = timestamp === undefined || timestamp === null ? Number.NaN : Date.parse(timestamp);
  const saysTime = does === 'create' || does === 'update';
  return {
    kind: 'edit',
    edit: {
      named,
      does,
      at: Number.isFinite(at) ? at : undefined,
      developerId: textOf(response?.['developerId']),
      modifiedAt: saysTime ? timeOf(response?.['lastModifiedAt']) : undefined,
    },
  };
}

function kindOf(methodName: string): EditKind | undefined {
  const name = methodName.startsWith(prefix) ? methodName.slice(prefix.length) : '';
  return Object.hasOwn(methods, name) ? methods[name] : undefined;
}

const ignored = (why: string): AuditReading => ({ kind: 'ignored', why });

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

/** Ms: a decimal text on X, as int64 is in JSON. */
function timeOf(value: unknown): number | undefined {
  const time = typeof value === 'string' && /^\d{1,15}$/.test(value) ? Number(value) : value;
  return typeof time === 'number' && Number.isSafeInteger(time) && time > 0 ? time : undefined;
}

function memberOf(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined;
  return (value as Readonly<Record<string, unknown>>)[name];
}

/** Names that an API has; what somebody chose, an attribute's name or an email, does not look like it. */
const apiName = /^@?[A-Za-z]\w{0,39}$/;
const mostNames = 12;

function unknownShape(what: string, members: readonly (readonly [string, unknown])[]): AuditReading {
  const said = members.flatMap(([where, value]) => {
    const names = typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.keys(value) : [];
    const known = names.filter((name) => apiName.test(name)).slice(0, mostNames);
    return [`${where}: ${known.length === 0 ? 'nothing' : known.join(', ')}`];
  });
  return { kind: 'unknown', problem: [what, ...said].join('; ') };
}
