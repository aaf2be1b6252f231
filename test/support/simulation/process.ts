import type { SyncTiming } from '../../../shared/sync/deps.ts';
import type { CallLimits } from '../../../shared/wiring/connect-apigee.ts';
import type { Answer } from '../../../shared/wiring/http-push.ts';
import { faultsOf, problem, type World } from './world.ts';

export interface Reading {
  readonly at: number;
  readonly foreign: string | undefined;
  readonly version: string;
}

/** One invocation of a function. Dies at any of its scheduling points, and then nothing more of it happens. */
export interface Process {
  readonly name: string;
  readonly runId: string | undefined;
  /** Owns what it waits for. */
  readonly self: object;
  readonly timing: SyncTiming;
  readonly calls: ProcessOptions['calls'];
  /** Its latest reads of developers, by email: when, and what it saw. */
  readonly reads: Map<string, Reading>;
  /** The status that it saw last, by email. */
  readonly statuses: Map<string, string | undefined>;
  /** What its latest update of each email was made of: a read, which serves for one update only. */
  readonly bases: Map<string, Reading | undefined>;
  /** Emails it gave to developers, and the email each had before. */
  readonly renamed: Map<string, string>;
  /** Writes that are on their way to Apigee: they may land although the process dies. */
  readonly flying: Set<() => void>;
  /** It met an error that it could not deal with. */
  hasFailed: boolean;
  /** Waits a while before something happens; `most`: no longer than this, ms. */
  point(most?: number): Promise<void>;
  newId(): string;
}

export type Ending = Answer | 'crashed';

export interface ProcessOptions {
  readonly name: string;
  /** What it works for. */
  readonly runId: string | undefined;
  readonly timing: SyncTiming;
  /** Its calls to Apigee, where there is a budget of them. */
  readonly calls: CallLimits & Required<Pick<CallLimits, 'totalTimeoutMs' | 'maxConcurrent'>>;
  /** The platform ends it after this long, ms. */
  readonly timeoutMs: number;
}

/** Starts an invocation; `end` is told how it ended, once. */
export function startProcess(
  world: World,
  { name, runId, timing, calls, timeoutMs }: ProcessOptions,
  work: (process: Process) => Promise<Answer>,
  end: (ending: Ending) => void,
): void {
  const { scheduler, random } = world;
  const self = {};
  let ids = 0;
  let state: 'running' | 'over' = 'running';
  let left = random.chance(faultsOf(world).crash) ? random.int(1, random.pick([8, 30, 100])) : Infinity;
  const process: Process = {
    name,
    runId,
    self,
    timing,
    calls,
    reads: new Map(),
    statuses: new Map(),
    bases: new Map(),
    renamed: new Map(),
    flying: new Set(),
    hasFailed: false,
    point(most = Infinity) {
      if (state === 'over') return never();
      left -= 1;
      wakeSomebody(world);
      if (left <= 0 && !world.calm) {
        crash('crashes');
        return never();
      }
      if (!world.calm && random.chance(faultsOf(world).meddling)) world.meddle();
      const pause = Math.min(most, delay(world));
      return pause > longPause ? park(pause) : scheduler.sleep(pause, self);
    },
    newId() {
      ids += 1;
      return `${name}.${String(ids)}`;
    },
  };

  /** Stands still for a long time, or until somebody else is at work, when it does most harm. */
  function park(pause: number): Promise<void> {
    const { parked } = world;
    return new Promise((resolve) => {
      const wake = (): void => {
        parked.delete(wake);
        if (state === 'running') scheduler.at(random.int(1, 100), resolve, self);
      };
      parked.set(wake, scheduler.now());
      scheduler.at(pause, () => parked.has(wake) && wake(), self);
    });
  }

  function crash(how: string): void {
    if (state === 'over') return;
    state = 'over';
    world.trace(() => `${name} ${how}`);
    scheduler.kill(self);
    for (const land of process.flying) if (random.chance(0.4)) scheduler.at(random.int(0, timing.callMs / 4), land);
    end('crashed');
  }

  scheduler.at(timeoutMs, () => crash('is ended by the platform'), self);
  void work(process).then((answer) => {
    if (state === 'over') return;
    // It was to die before it could answer: the work is done, and nobody knows.
    if (left < Infinity && !world.calm) return crash('crashes before it answers');
    state = 'over';
    scheduler.kill(self);
    world.trace(() => `${name} answers ${answer}`);
    if (process.hasFailed && answer === 'done') problem(world, `${name} failed and says that it is done`);
    end(answer);
  });
}

/** Ms; as long as the shorter leases. */
const longPause = 20_000;

function wakeSomebody({ parked, scheduler, random }: World): void {
  for (const [wake, since] of parked) if (scheduler.now() - since > longPause && random.chance(0.1)) wake();
}

/** One of its own for each: a promise that never settles keeps whoever waits for it. */
function never(): Promise<never> {
  return new Promise(() => undefined);
}

function delay(world: World): number {
  const { random } = world;
  const { slow } = faultsOf(world);
  if (!random.chance(slow)) return random.int(1, 60);
  return random.chance(0.15) ? random.int(20_000, 240_000) : random.int(1000, 12_000);
}
