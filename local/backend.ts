import type { Config } from '../shared/config/config.ts';
import type { Services } from '../shared/wiring/services.ts';
import type { DevsyncOrder, DevsyncPrinter } from './control-server.ts';
import type { EventarcRelay, RelayTiming } from './eventarc-relay.ts';
import type { FunctionProcess } from './function-process.ts';
import type { PortalDocuments } from './portal-documents.ts';
import type { PushRelay } from './push-relay.ts';
import type { Environment, Settings } from './settings.ts';
import type { TopicsOptions } from './topics.ts';

/** The part of the local stack that differs between the emulators and memory. */
export interface Backend {
  readonly kind: 'emulators' | 'memory';
  /** `host:port`; undefined in memory. */
  readonly firestore: string | undefined;
  readonly pubsub: string | undefined;
  /** Base URLs, by name of the function. */
  readonly functions: Readonly<Record<string, string>>;
  /** The processes of the functions. Empty in memory, where the functions are in this process. */
  readonly processes: readonly FunctionProcess[];
  /** Base URL of the control server; in memory only. */
  readonly control: string | undefined;
  /** Undefined in memory. */
  readonly relay: EventarcRelay | undefined;
  /** Undefined in memory. */
  readonly pushes: PushRelay | undefined;
  readonly portal: PortalDocuments;
  /** What operators work with: the same state, settings and topics as the functions. */
  readonly services: Services;
  /** From now on portal edits are pushed. A second call does nothing. */
  startTrigger(): Promise<void>;
  /** Called with the id of a portal document when its edit has been handled. Returns how to stop. */
  onPushed(listener: (userId: string) => void): () => void;
  /** The topic that takes audit log entries; undefined in memory, where the control server takes them. */
  readonly auditTopic: string | undefined;
  /** Publishes an audit log entry as the sink would, or, with attributes, what a schedule does. Resolves when it is stored. */
  publishAudit(entry: unknown, attributes?: Readonly<Record<string, string>>): Promise<void>;
  /** Called with the text of each message of the audit topic that was taken. Returns how to stop. */
  onAuditTaken(listener: (text: string) => void): () => void;
  /** Called with the topic when one of its messages went to the dead letters. Returns how to stop. */
  onDeadLetter(listener: (topic: string) => void): () => void;
  /** Resolves with what happened when a part of the stack died by itself. */
  readonly broken: Promise<string>;
}

/** Runs a `devsync` command on the stack's own services. `env`: the environment that the stack was started with. */
export type RunDevsync = (
  order: DevsyncOrder,
  printer: DevsyncPrinter,
  services: Services,
  env: Environment,
) => Promise<number>;

/** What a caller of the stack may say about its backend. */
export interface BackendChoices {
  /**
   * In memory only this process can run a `devsync` command, and the stack knows no command line of its own. Default:
   * none is run.
   */
  readonly devsync?: RunDevsync;
  /** Called with what the operator should know, a sentence at a time. Default: nothing is said. */
  readonly notice?: (text: string) => void;
  readonly relay?: RelayTiming;
  /** Of the Pub/Sub subscriptions, in seconds. */
  readonly backoff?: TopicsOptions['backoff'];
  /** Of a message, before it goes to the dead letters. */
  readonly maxDeliveryAttempts?: TopicsOptions['maxDeliveryAttempts'];
}

export interface BackendOptions extends BackendChoices {
  readonly config: Config;
  readonly settings: Settings;
  readonly env: Environment;
  /** Folder of the log files; it exists. */
  readonly logs: string;
}
