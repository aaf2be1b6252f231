import { listAudits } from './audit.ts';
import { callAttributes } from './attribute-calls.ts';
import { failed, type Outcome, read } from './answer.ts';
import type { Call, Site } from './call.ts';
import type { Failure } from './failure.ts';
import { listApps } from './apps.ts';
import { listDevelopers } from './listing.ts';
import { organization, organizations, projectMapping } from './organization.ts';
import { createDeveloper, deleteDeveloper, setStatus, updateDeveloper } from './writes.ts';
import { unreachable } from './unreachable.ts';

/** Checks a call and carries it out. Synchronous, so that calls cannot interleave. */
export function respond(call: Call, site: Site): Outcome {
  const refusal = refuse(call, site);
  if (refusal) return failed(refusal);
  const { mode, org, store, wire } = site;
  const { route } = call;
  switch (route.kind) {
    case 'organizations':
      return read(organizations(mode, org));
    case 'organization':
      return read(organization(mode, org));
    case 'project-mapping':
      return read(projectMapping(org));
    case 'list':
      return listDevelopers(call, site);
    case 'create':
      return createDeveloper(call, site);
    case 'get': {
      const record = store.find(route.id);
      return record ? read(wire.developer(record)) : failed({ kind: 'developer-missing', id: route.id, by: 'id' });
    }
    case 'apps':
      return listApps(call, site, route.id);
    case 'audits':
      return site.settings.audits ? listAudits(call, site) : failed({ kind: 'unknown-path', path: call.path });
    case 'update':
      return updateDeveloper(call, site, route.id);
    case 'status':
      return setStatus(call, site, route.id);
    case 'delete':
      return deleteDeveloper(site, route.id);
    case 'attributes-read':
    case 'attributes-replace':
    case 'attribute-read':
    case 'attribute-write':
    case 'attribute-delete':
      return callAttributes(call, site, route);
    case 'wrong-organization':
      return failed({ kind: 'forbidden', organization: route.organization });
    case 'undecodable':
      return failed({ kind: 'invalid-argument', message: 'Request contains an invalid argument.' });
    case 'unknown':
      return failed({ kind: 'unknown-path', path: call.path });
    default:
      return unreachable(route);
  }
}

/** What is wrong with a call, whatever it asks for. */
function refuse(call: Call, site: Site): Failure | undefined {
  if (call.route.kind === 'unknown') return { kind: 'unknown-path', path: call.path };
  if (!authenticated(call, site)) return { kind: 'unauthenticated' };
  if (site.settings.refuseCharset && /^application\/json\s*;.*charset/i.test(call.headers['content-type'] ?? '')) {
    return { kind: 'invalid-argument', message: 'Request contains an invalid argument.' };
  }
  if (site.mode === 'edge') return undefined;
  const stranger = [...call.params.keys()].find((name) => !knownParameter(call, name));
  return stranger === undefined ? undefined : { kind: 'unknown-parameter', name: stranger };
}

/** X takes a bearer token, Edge that or a user with a password. */
function authenticated(call: Call, site: Site): boolean {
  const [, scheme, credentials] = /^(bearer|basic) +(\S+)$/i.exec(call.headers.authorization ?? '') ?? [];
  if (scheme === undefined || credentials === undefined) return false;
  if (scheme.toLowerCase() === 'basic' && site.mode === 'x') return false;
  return !site.settings.expiredTokens.includes(credentials);
}

/** Parameters of every Google method. */
const standardParameters = new Set([
  'access_token',
  'alt',
  'callback',
  'fields',
  'key',
  'oauth_token',
  'prettyPrint',
  'quotaUser',
  'uploadType',
  'upload_protocol',
]);
const listParameters = new Set(['expand', 'count', 'startKey', 'ids', 'includeCompany', 'app']);

function knownParameter(call: Call, name: string): boolean {
  if (name.startsWith('$') || standardParameters.has(name)) return true;
  switch (call.route.kind) {
    case 'list':
      return listParameters.has(name);
    case 'apps':
      return name === 'expand' || name === 'count' || name === 'startKey' || name === 'shallowExpand';
    // The Discovery document lists the parameter on GET too, where it has no effect.
    case 'get':
    case 'status':
      return name === 'action';
    default:
      return false;
  }
}
