import { z } from 'zod';
import type { DeveloperEdit, EditKind } from './audit-entry.ts';
import { developerIn, findNamed, organizationIn, type DeveloperPath } from './developer-name.ts';

/** One record of Edge's audit history, as its audits API answers it. */
export interface EdgeAudit {
  readonly operation: string;
  readonly requestUri: string;
  readonly request: string | undefined;
  readonly responseCode: number | undefined;
  /** Ms, by Apigee's clock. */
  readonly timeStamp: number;
  readonly user: string | undefined;
}

const text = z.string().nullish().catch(undefined);
const record = z.looseObject({
  operation: z.string(),
  requestUri: z.string(),
  request: text,
  responseCode: z.coerce.number().nullish().catch(undefined),
  timeStamp: z.coerce.number(),
  user: text,
});

/** Reads the answer of the audits API: a list, bare or as `auditRecord`. Undefined where it is neither. */
export function readEdgeAudits(body: string): readonly EdgeAudit[] | undefined {
  let json: unknown;
  try {
    json = JSON.parse(body);
  } catch {
    return undefined;
  }
  const list = typeof json === 'object' && json !== null && 'auditRecord' in json ? json.auditRecord : json;
  if (!Array.isArray(list)) return undefined;
  return list.flatMap((item: unknown) => {
    const parsed = record.safeParse(item);
    if (!parsed.success) return [];
    const { operation, requestUri, request, responseCode, timeStamp, user } = parsed.data;
    return [
      {
        operation,
        requestUri,
        request: request ?? undefined,
        responseCode: responseCode ?? undefined,
        timeStamp,
        user: user ?? undefined,
      },
    ];
  });
}

const changes = new Set(['CREATE', 'UPDATE', 'DELETE']);

/**
 * The edit of a developer that a record tells of; undefined for everything else: reads, failed calls, apps and keys, other
 * organisations, and calls by `own`, the user as whom we call.
 */
export function editIn(audit: EdgeAudit, org: string, own: string | undefined): DeveloperEdit | undefined {
  const { operation, requestUri, responseCode, timeStamp, user } = audit;
  const isDone = responseCode === undefined || (responseCode >= 200 && responseCode < 300);
  if (!changes.has(operation.toUpperCase()) || !isDone) return undefined;
  if (own !== undefined && user?.toLowerCase() === own.toLowerCase()) return undefined;
  const [path = ''] = requestUri.split('?', 1);
  const whose = organizationIn(path);
  if (whose !== undefined && whose !== org) return undefined;
  const developer = developerIn(path);
  const rest = developer?.rest ?? '';
  if (!/^(?:\/attributes(?:\/.*)?)?\/?$/s.test(rest) || !/\/developers(?:\/|$)/.test(path)) return undefined;
  const sent = rest === '' ? emailsSent(audit.request) : [];
  const named = findNamed(sent, [path]);
  if (named.kind === 'nobody') return undefined;
  const does = kindOf(operation.toUpperCase(), developer);
  return { named, does, at: timeStamp, developerId: undefined, modifiedAt: undefined };
}

function kindOf(operation: string, developer: DeveloperPath | undefined): EditKind {
  if (developer === undefined) return 'create';
  if (developer.rest.startsWith('/attributes')) return 'attributes';
  return operation === 'DELETE' ? 'delete' : 'update';
}

/** The email in the body of a create or an update: on Edge an update may change it. */
function emailsSent(request: string | undefined): readonly unknown[] {
  if (request === undefined) return [];
  try {
    const body: unknown = JSON.parse(request);
    return typeof body === 'object' && body !== null && 'email' in body ? [body.email] : [];
  } catch {
    return [];
  }
}
