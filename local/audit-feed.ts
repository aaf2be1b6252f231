import { readAuditEntry } from '../shared/messages/audit-entry.ts';
import type { ApigeeEmulator } from './apigee-emulator/server.ts';
import type { Backend } from './backend.ts';

/** An edit in Apigee that was brought to the portal. */
export interface Pulled {
  /** The developer's email, or Apigee's id. */
  readonly who: string;
  /** From the edit to its arrival. */
  readonly ms: number;
}

export interface AuditFeedOptions {
  /** `audit-poll`: the functions are asked to poll; nothing is told. */
  readonly pull: 'audit-log' | 'audit-poll' | 'off';
  readonly emulator: ApigeeEmulator | undefined;
  readonly backend: Pick<Backend, 'publishAudit' | 'onAuditTaken'>;
  readonly org: string;
  /** The account as whom the functions call: entries about that are left out, as the sink of a deployment does. */
  readonly own: string;
}

export interface AuditFeed {
  /** Called with each edit that was handled. Returns how to stop. */
  onPulled(listener: (pulled: Pulled) => void): () => void;
  /** Whether entries about our own calls are published, too, as where the sink's exclusion is missing. Default: no. */
  tellOfOwn(tells: boolean): void;
  /** Has Edge be asked once what was edited, as the schedule does every minute. */
  poll(): Promise<void>;
}

/** Stands in for the log sink, which publishes what Apigee's audit log says, and for the schedule, which has Edge be asked. */
export function startAuditFeed({ pull, emulator, backend, org, own }: AuditFeedOptions): AuditFeed {
  const listeners = new Set<(pulled: Pulled) => void>();
  let tellsOfOwn = false;
  /** What Edge was edited by since it was asked last. */
  let untold: string[] = [];
  let asked: readonly string[] = [];
  emulator?.admin.onAudit((entry) => {
    if (!tellsOfOwn && principalOf(entry) === own) return;
    if (pull === 'audit-poll') untold.push(JSON.stringify(entry));
    if (pull !== 'audit-log') return;
    // Fails only where the stack is being closed.
    backend.publishAudit(entry).catch(() => undefined);
  });
  const tell = (text: string): void => {
    const reading = readAuditEntry(text, org);
    if (reading.kind !== 'edit' || reading.edit.at === undefined) return;
    const { named, at } = reading.edit;
    const who = named.kind === 'emails' ? named.emails[0] : named.kind === 'id' ? named.developerId : 'somebody';
    for (const listener of listeners) listener({ who, ms: Math.max(0, Date.now() - at) });
  };
  backend.onAuditTaken((text) => {
    if (pull !== 'audit-poll') return tell(text);
    for (const edit of asked) tell(edit);
    asked = [];
  });
  return {
    async poll() {
      asked = [...asked, ...untold];
      untold = [];
      await backend.publishAudit({}, { poll: 'edge' });
    },
    tellOfOwn(tells) {
      tellsOfOwn = tells;
    },
    onPulled(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

function principalOf(entry: Readonly<Record<string, unknown>>): unknown {
  return memberOf(memberOf(entry['protoPayload'], 'authenticationInfo'), 'principalEmail');
}

function memberOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}
