import { randomUUID } from 'node:crypto';
import type { Answer, Outcome } from './answer.ts';
import { read } from './answer.ts';
import { type Call, callerOf, type Site } from './call.ts';
import { parseJson, type Json, type JsonObject } from './json.ts';
import type { Route } from './route.ts';

/** A LogEntry of the Admin Activity audit log, as a log sink publishes it. */
export type AuditListener = (entry: JsonObject) => void;

/** What Edge tells of a call in its audit history. `timeStamp`: ms. */
export type EdgeRecord = JsonObject & { readonly timeStamp: number };

/** Every call that changes a developer, or tries to, as both flavours tell of it; reads are in neither. */
export class AuditTrail {
  readonly listeners = new Set<AuditListener>();
  #records: EdgeRecord[] = [];

  note(call: Call, site: Site, outcome: Outcome, answer: Answer): void {
    const method = methodOf(call.route);
    if (method === undefined) return;
    if (site.mode === 'edge') {
      this.#records.push(edgeRecord(call, site, answer));
      if (this.#records.length > mostRecords) this.#records = this.#records.slice(-mostRecords);
    }
    const entry = logEntry(call, site, method, outcome, answer);
    for (const listener of this.listeners) listener(entry);
  }

  /** From `from` to `to`, both included, newest first. */
  between(from: number, to: number): readonly EdgeRecord[] {
    return this.#records.filter(({ timeStamp }) => timeStamp >= from && timeStamp <= to).toReversed();
  }

  clear(): void {
    this.#records = [];
  }
}

const mostRecords = 100_000;

/** Edge's `GET /v1/audits/organizations/{org}/developers`. */
export function listAudits({ params }: Call, { audits, settings }: Site): Outcome {
  const [from = 0, to = Number.MAX_SAFE_INTEGER] = ['startTime', 'endTime'].map((name) => {
    const value = params.get(name);
    return value === null ? undefined : Number(value);
  });
  const rows = Number(params.get('rows') ?? 100);
  return read({ auditRecord: audits.between(from, to).slice(0, Math.min(rows, settings.mostAudits)) });
}

function methodOf(route: Route): string | undefined {
  switch (route.kind) {
    case 'create':
      return 'CreateDeveloper';
    case 'update':
      return 'UpdateDeveloper';
    case 'status':
      return 'SetDeveloperStatus';
    case 'delete':
      return 'DeleteDeveloper';
    case 'attributes-replace':
      return 'UpdateDeveloperAttributes';
    case 'attribute-write':
      return 'UpdateDeveloperAttribute';
    case 'attribute-delete':
      return 'DeleteDeveloperAttribute';
    default:
      return undefined;
  }
}

/** Names the developer as the caller did. What is empty in Apigee's answer is empty in the entry, too. */
function logEntry(call: Call, site: Site, method: string, outcome: Outcome, { status }: Answer): JsonObject {
  const { org, now } = site;
  const { route } = call;
  const organization = `organizations/${org}`;
  const attribute = 'name' in route ? `/${route.name}` : '';
  const attributes = route.kind.startsWith('attribute') ? `/attributes${attribute}` : '';
  const resourceName = 'id' in route ? `${organization}/developers/${route.id}${attributes}` : organization;
  const timestamp = new Date(now()).toISOString();
  const methodName = `google.cloud.apigee.v1.Developers.${method}`;
  return {
    insertId: randomUUID(),
    logName: `projects/${org}/logs/cloudaudit.googleapis.com%2Factivity`,
    timestamp,
    receiveTimestamp: timestamp,
    severity: outcome.kind === 'failure' ? 'ERROR' : 'NOTICE',
    resource: {
      type: 'audited_resource',
      labels: { project_id: org, service: 'apigee.googleapis.com', method: methodName },
    },
    protoPayload: {
      '@type': 'type.googleapis.com/google.cloud.audit.AuditLog',
      serviceName: 'apigee.googleapis.com',
      methodName,
      resourceName,
      authenticationInfo: { principalEmail: principalOf(call) },
      request: requestOf(call, resourceName),
      ...(outcome.kind === 'json' && route.kind !== 'delete' ? { response: outcome.value } : {}),
      status: outcome.kind === 'failure' ? { code: codeOf(status), message: 'refused' } : {},
    },
  };
}

/** A token stands for whoever has it: an email of that account, or somebody. */
export function principalOf({ headers }: Pick<Call, 'headers'>): string {
  const [, token = ''] = /^bearer +(\S+)$/i.exec(headers.authorization ?? '') ?? [];
  return token.includes('@') ? token : 'somebody@example.com';
}

function requestOf({ route, body, params }: Call, name: string): JsonObject {
  const parsed = parseJson(body);
  // It came out of JSON, so that it is some.
  const sent = (parsed.ok ? parsed.value : null) as Json;
  switch (route.kind) {
    case 'create':
      return { parent: name, developer: sent };
    case 'update':
      return { name, developer: sent };
    case 'status':
      return { name, action: params.get('action') ?? '' };
    default:
      return { name };
  }
}

/** gRPC's code for an HTTP status. */
function codeOf(status: number): number {
  const codes: Readonly<Record<number, number>> = { 400: 3, 401: 16, 403: 7, 404: 5, 409: 10, 429: 8 };
  return codes[status] ?? 13;
}

function edgeRecord(call: Call, { now }: Site, { status }: Answer): EdgeRecord {
  const operations: Readonly<Record<string, string>> = {
    create: 'CREATE',
    delete: 'DELETE',
    'attribute-delete': 'DELETE',
  };
  return {
    operation: operations[call.route.kind] ?? 'UPDATE',
    requestUri: call.path,
    request: call.body,
    responseCode: String(status),
    timeStamp: now(),
    user: callerOf(call.headers),
  };
}
