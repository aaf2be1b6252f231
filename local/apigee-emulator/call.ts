import type { IncomingHttpHeaders } from 'node:http';
import type { Operation } from './counters.ts';
import type { JsonObject } from './json.ts';
import type { Route } from './route.ts';
import type { Mode, Settings } from './settings.ts';
import type { DeveloperStore } from './store.ts';
import type { Wire } from './wire.ts';

/** One request to the Apigee API, read but not checked yet. */
export interface Call {
  readonly method: string;
  /** As sent, without the query. */
  readonly path: string;
  readonly route: Route;
  readonly operation: Operation;
  /**
   * The developer whom the call is about: from the path (email or developerId), the body of a create, or a start key.
   */
  readonly email: string | undefined;
  readonly params: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** What an operation works with. */
export interface Site {
  readonly mode: Mode;
  readonly org: string;
  readonly store: DeveloperStore;
  /** What Edge tells of calls from one time to another, both included, newest first. */
  readonly audits: { between(from: number, to: number): readonly JsonObject[] };
  readonly settings: Settings;
  readonly wire: Wire;
  readonly now: () => number;
  /** Whether this attribute is to be answered with 400. */
  readonly refusesAttribute: (name: string, value: string) => boolean;
  /** Called for a page that a `shortPage` setting cut short. */
  readonly usedShortPage: () => void;
}

/** Who calls, for Edge's createdBy and lastModifiedBy. */
export function callerOf(headers: IncomingHttpHeaders): string {
  const basic = /^basic (.+)$/i.exec(headers.authorization ?? '');
  const user = Buffer.from(basic?.[1] ?? '', 'base64')
    .toString('utf8')
    .split(':')[0];
  return user ? user : 'oauth-user@example.com';
}
