import type { Services } from '../../shared/wiring/services.ts';
import type { OpenDeadLetters } from '../../shared/operator/actions/replay.ts';
import type { Layout } from '../render/layout.ts';
import type { Rights } from '../../shared/operator/views/rights.ts';
import type { OpenScheduler } from '../../shared/operator/actions/schedule.ts';

/** Everything that a command needs from the process around it, so that it can run in any process. */
export interface CliIo {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
  /** What takes `out`. */
  readonly layout: Layout;
  /** Where a progress bar may be drawn. Undefined: progress is written to `err`, line by line. */
  readonly terminal?: NodeJS.WritableStream | undefined;
  /** Puts this into the environment of the process, the only place where Google's clients look for emulators. */
  readonly useEmulators?: (environment: EmulatorEnvironment) => void;
  /** Used instead of connecting, and not closed. Commands wait by the clock of these services. */
  readonly services?: Services;
  /** Connects for a command that does most of its work without these services. Default: as configured. */
  readonly openServices?: () => Promise<Services>;
  /** Asks the operator; undefined where nobody is there to answer. */
  readonly ask?: (question: string) => Promise<string | undefined>;
  /** Resolves once what was written to `out` has been taken, for commands that write much. */
  readonly written?: () => Promise<void>;
  /** Resolves when the operator interrupts the command. */
  readonly interrupted?: () => Promise<void>;
  /** Default: Google Cloud, where no emulator is used. */
  readonly rights?: Rights;
  readonly openScheduler?: OpenScheduler;
  readonly openDeadLetters?: OpenDeadLetters;
}

export interface EmulatorEnvironment {
  readonly FIRESTORE_EMULATOR_HOST: string;
  readonly PUBSUB_EMULATOR_HOST: string;
  /** Otherwise the clients first look whether they run on Google's own machines. */
  readonly METADATA_SERVER_DETECTION: 'none';
}

/**
 * 0: all is well. 1: not complete, or never begun. 2: complete, but people failed or are held. 3: there is no such person or run.
 */
export type ExitCode = 0 | 1 | 2 | 3;

/** Something that the operator can put right. The message says how, and is all that is printed. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly code: ExitCode;

  constructor(message: string, code: ExitCode = 1) {
    super(message);
    this.code = code;
  }
}
