import type { Operation } from './counters.ts';
import type { Mode } from './settings.ts';
import { unreachable } from './unreachable.ts';

export type Route =
  | { readonly kind: 'organizations' | 'organization' | 'project-mapping' }
  | { readonly kind: 'list' | 'create' | 'audits' }
  | { readonly kind: 'get' | 'update' | 'status' | 'delete' | 'apps'; readonly id: string }
  | { readonly kind: 'attributes-read' | 'attributes-replace'; readonly id: string }
  | {
      readonly kind: 'attribute-read' | 'attribute-write' | 'attribute-delete';
      readonly id: string;
      readonly name: string;
    }
  | { readonly kind: 'wrong-organization'; readonly organization: string }
  | { readonly kind: 'undecodable' }
  | { readonly kind: 'unknown' };

/** The route of a raw path (no query). Trailing slashes are dropped, so `/developers/` is the listing. */
export function findRoute(mode: Mode, org: string, method: string, path: string): Route {
  const segments = decodeSegments(mode, path);
  if (!segments) return { kind: 'undecodable' };
  const [version, collection, organization, ...rest] = segments;
  if (version !== 'v1' || segments.includes('')) return { kind: 'unknown' };
  if (collection === 'audits' && mode === 'edge') return onAudits(org, method, segments.slice(2));
  if (collection !== 'organizations' && !(collection === 'o' && mode === 'edge')) return { kind: 'unknown' };
  if (organization === undefined) return method === 'GET' ? { kind: 'organizations' } : { kind: 'unknown' };
  const mapping = ':getProjectMapping';
  if (mode === 'x' && organization.endsWith(mapping)) {
    const name = organization.slice(0, -mapping.length);
    if (rest.length > 0 || method !== 'GET') return { kind: 'unknown' };
    return name === org ? { kind: 'project-mapping' } : { kind: 'wrong-organization', organization: name };
  }
  const route = rest.length === 0 ? onOrganization(method) : onDevelopers(method, rest);
  return route.kind === 'unknown' || organization === org ? route : { kind: 'wrong-organization', organization };
}

/** Edge's history of calls about developers, beside the organisations: `/v1/audits/organizations/{org}/developers`. */
function onAudits(org: string, method: string, [collection, organization, ...rest]: readonly string[]): Route {
  const isKnown = (collection === 'organizations' || collection === 'o') && rest.join('/') === 'developers';
  if (!isKnown || organization === undefined || method !== 'GET') return { kind: 'unknown' };
  return organization === org ? { kind: 'audits' } : { kind: 'wrong-organization', organization };
}

function onOrganization(method: string): Route {
  return method === 'GET' ? { kind: 'organization' } : { kind: 'unknown' };
}

function onDevelopers(method: string, segments: readonly string[]): Route {
  const [collection, id, attributes, name, ...more] = segments;
  const unknown: Route = { kind: 'unknown' };
  if (collection !== 'developers' || more.length > 0) return unknown;
  if (id === undefined) {
    return method === 'GET' ? { kind: 'list' } : method === 'POST' ? { kind: 'create' } : unknown;
  }
  if (attributes === undefined) {
    const kinds = { GET: 'get', PUT: 'update', POST: 'status', DELETE: 'delete' } as const;
    return isKeyOf(kinds, method) ? { kind: kinds[method], id } : unknown;
  }
  if (attributes === 'apps') return method === 'GET' && name === undefined ? { kind: 'apps', id } : unknown;
  if (attributes !== 'attributes') return unknown;
  if (name === undefined) {
    const kinds = { GET: 'attributes-read', POST: 'attributes-replace' } as const;
    return isKeyOf(kinds, method) ? { kind: kinds[method], id } : unknown;
  }
  const kinds = { GET: 'attribute-read', POST: 'attribute-write', DELETE: 'attribute-delete' } as const;
  return isKeyOf(kinds, method) ? { kind: kinds[method], id, name } : unknown;
}

function isKeyOf<T extends object>(object: T, key: string): key is Extract<keyof T, string> {
  return Object.hasOwn(object, key);
}

/** Each segment decoded once; X reads a raw `+` as a space. Undefined where the encoding is broken. */
function decodeSegments(mode: Mode, path: string): string[] | undefined {
  const segments: string[] = [];
  for (const raw of path.replace(/^\//, '').replace(/\/+$/, '').split('/')) {
    const segment = decodeSegment(mode === 'x' ? raw.replaceAll('+', ' ') : raw);
    if (segment === undefined) return undefined;
    segments.push(segment);
  }
  return segments;
}

/** Undefined where the percent-encoding is broken. */
export function decodeSegment(raw: string): string | undefined {
  try {
    return decodeURIComponent(raw);
  } catch {
    return undefined;
  }
}

export function operationOf(route: Route): Operation {
  switch (route.kind) {
    case 'list':
    case 'create':
    case 'get':
    case 'update':
    case 'status':
    case 'delete':
      return route.kind;
    case 'attributes-read':
    case 'attributes-replace':
    case 'attribute-read':
    case 'attribute-write':
    case 'attribute-delete':
      return 'attributes';
    case 'apps':
    case 'audits':
    case 'organizations':
    case 'organization':
    case 'project-mapping':
    case 'wrong-organization':
    case 'undecodable':
    case 'unknown':
      return 'other';
    default:
      return unreachable(route);
  }
}
