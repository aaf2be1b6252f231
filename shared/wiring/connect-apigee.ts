import type { Credentials } from '../apigee/auth.ts';
import { createApigeeConnection, type ApigeeConnection, type ApigeeConnectionOptions } from '../apigee/connection.ts';
import type { Config } from '../config/config.ts';

/** How long one call to Apigee may take, ms, and how many at a time; the client's own choice where undefined. */
export type CallLimits = Pick<ApigeeConnectionOptions, 'timeoutMs' | 'totalTimeoutMs' | 'maxConcurrent'>;

/** Apigee as configured, with this instance's share of the call budget. */
export function connectApigee({ apigee }: Config, limits: CallLimits = {}): ApigeeConnection {
  return createApigeeConnection({
    type: apigee.type,
    endpoint: apigee.endpoint,
    org: apigee.org,
    credentials: credentialsFrom(apigee),
    callsPerMinute: Math.max(1, Math.floor(apigee.callsPerMinute / apigee.budgetShares)),
    ...limits,
  });
}

function credentialsFrom({ accessToken, username, password }: Config['apigee']): Credentials {
  if (accessToken !== undefined) return { kind: 'token', token: accessToken };
  if (username !== undefined && password !== undefined) return { kind: 'basic', username, password };
  return { kind: 'adc' };
}
