import type { Services } from '../../shared/wiring/services.ts';
import type { OpenDeadLetters } from '../../shared/operator/actions/dead-letters.ts';
import type { OpenScheduler } from '../../shared/operator/actions/scheduler.ts';

/** Everything the command line has to do with the world around it, so that it runs in any process. */
export interface CliIo {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
  /** Where a progress bar may be drawn; plain lines go to `err` otherwise. */
  readonly terminal?: NodeJS.WritableStream | undefined;
  /** Tells the Google clients where the emulators are: they read it from the environment only. */
  readonly useEmulators?: (environment: EmulatorEnvironment) => void;
  /** Used instead of connecting, and left open. Its clock times the waiting. */
  readonly services?: Services;
  readonly openScheduler?: OpenScheduler;
  readonly openDeadLetters?: OpenDeadLetters;
}

export interface EmulatorEnvironment {
  readonly FIRESTORE_EMULATOR_HOST: string;
  readonly PUBSUB_EMULATOR_HOST: string;
  /** Or the clients look for Google's own machines first. */
  readonly METADATA_SERVER_DETECTION: 'none';
}

/** 0 all well; 1 not complete, or never begun; 2 complete, but people failed or are held. */
export type ExitCode = 0 | 1 | 2;

/** Something the operator can put right. The message says how; nothing else needs to be told. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
}
