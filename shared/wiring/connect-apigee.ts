import type { Credentials } from '../apigee/auth.ts';
import type { BreakerChange } from '../apigee/breaker.ts';
import { createApigeeConnection, type ApigeeConnection, type ApigeeConnectionOptions } from '../apigee/connection.ts';
import type { Config } from '../config/config.ts';
import type { CallLedger } from '../state/call-ledger.ts';
import type { Log, LogEntry } from '../log/log.ts';

/** How long one call to Apigee may take, ms, how many at a time, and what for; the client's own choice where undefined. */
export type CallLimits = Pick<ApigeeConnectionOptions, 'timeoutMs' | 'totalTimeoutMs' | 'maxConcurrent' | 'lane'>;

/** Apigee as configured, with the call budget of `ledger`. Each outage is logged once. */
export function connectApigee(
  { apigee }: Config,
  ledger: CallLedger,
  log: Log,
  limits: CallLimits = {},
): ApigeeConnection {
  return createApigeeConnection({
    type: apigee.type,
    endpoint: apigee.endpoint,
    org: apigee.org,
    credentials: credentialsFrom(apigee),
    ledger,
    onBreaker: (change) => log(outageEntry(change)),
    ...limits,
  });
}

/** What the log is told when the breaker opens, and when it closes. */
export function outageEntry(change: BreakerChange): LogEntry {
  const { kind, message } = change;
  if (kind === 'closed') return { event: 'apigee_answers', severity: 'NOTICE', message };
  return change.trouble === 'denied'
    ? { event: 'apigee_denied', severity: 'ERROR', message }
    : { event: 'apigee_unavailable', severity: 'WARNING', message };
}

function credentialsFrom({ accessToken, username, password }: Config['apigee']): Credentials {
  if (accessToken !== undefined) return { kind: 'token', token: accessToken };
  if (username !== undefined && password !== undefined) return { kind: 'basic', username, password };
  return { kind: 'adc' };
}
