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
}

/** Stands in for the log sink: publishes what the Apigee emulator's audit log says to the audit topic. */
export function startAuditFeed({ emulator, backend, org, own }: AuditFeedOptions): AuditFeed {
  const listeners = new Set<(pulled: Pulled) => void>();
  let tellsOfOwn = false;
  emulator?.admin.onAudit((entry) => {
    if (!tellsOfOwn && principalOf(entry) === own) return;
    // Fails only where the stack is being closed.
    backend.publishAudit(entry).catch(() => undefined);
  });
  backend.onAuditTaken((text) => {
    const reading = readAuditEntry(text, org);
    if (reading.kind !== 'edit' || reading.edit.at === undefined) return;
    const { named, at } = reading.edit;
    const who = named.kind === 'emails' ? named.emails[0] : named.kind === 'id' ? named.developerId : 'somebody';
    for (const listener of listeners) listener({ who, ms: Math.max(0, Date.now() - at) });
  });
  return {
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
