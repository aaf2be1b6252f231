import { createJsonLog } from '../../../shared/log/json-log.ts';
import type { LogEntry } from '../../../shared/log/log.ts';

/** An entry of Cloud Logging, as a function's line becomes one. */
export interface Logged {
  readonly resource: { readonly type: string; readonly labels: Readonly<Record<string, string>> };
  readonly severity: string;
  readonly jsonPayload: Readonly<Record<string, unknown>>;
}

/** What Cloud Logging makes of the lines that the product writes for these entries, as the service of this name. */
export function loggedBy(service: string, entries: readonly LogEntry[]): readonly Logged[] {
  const lines: string[] = [];
  const destination = { write: (line: string): void => void lines.push(line) };
  const log = createJsonLog({ hashKey: 'a key of the tests', project: 'my-portal', destination });
  for (const entry of entries) log(entry);
  return lines.map((line) => {
    // These members are taken out of the payload.
    const { severity, time: _, ...jsonPayload } = JSON.parse(line) as Record<string, unknown>;
    const labels = { service_name: service, revision_name: `${service}-00001` };
    return { resource: { type: 'cloud_run_revision', labels }, severity: String(severity), jsonPayload };
  });
}
