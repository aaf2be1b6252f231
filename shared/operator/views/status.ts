import type { Link } from '../../core/model/link.ts';
import { stalledAfter } from '../../run/lifecycle/resume.ts';
import { newMeter } from '../../state/meter.ts';
import type { LinkPage, StoredLink } from '../../state/people.ts';
import type { Stopped, Watermark } from '../../state/control.ts';
import type { Rejection, Run, Runs } from '../../state/runs.ts';
import type { Services } from '../../wiring/services.ts';
import { lastMoved } from './progress.ts';

/** How the synchronisation stands. Times in ms since the epoch. */
export interface Status {
  readonly now: number;
  /** Newest request first. */
  readonly runs: readonly Run[];
  readonly active: ActiveRun | undefined;
  /** Oldest request first. */
  readonly queued: readonly Run[];
  /** Rule 33. */
  readonly stopped: Stopped | undefined;
  /** The last complete run of either kind. */
  readonly lastFull: Watermark | undefined;
  readonly lastIncremental: Watermark | undefined;
  readonly pending: Counted;
  readonly held: Counted;
  readonly failed: Counted;
  /** People with a field that is left alone on both sides, and why. */
  readonly leftAlone: readonly LeftAlone[];
  /** Held and failed people, the longest waiting first. */
  readonly troubled: readonly Trouble[];
  readonly oldest: Waiting | undefined;
  readonly rejections: readonly Rejection[];
}

export interface ActiveRun {
  readonly run: Run;
  readonly lastMoved: number;
  readonly stalled: boolean;
}

export interface Counted {
  readonly people: number;
  /** False: counting ended at a limit, so there may be more. */
  readonly exact: boolean;
}

/** A person whose two sides may differ. */
export interface Waiting {
  readonly key: string;
  readonly since: number;
}

export interface LeftAlone {
  readonly key: string;
  /** A sentence for each field, without values. */
  readonly problems: readonly string[];
}

export interface Trouble extends Waiting {
  readonly kind: 'held' | 'failed';
  readonly reason: string;
  /** How often the person was tried; undefined for a held person. */
  readonly attempts: number | undefined;
  /** When the person is tried again; undefined: once either side changes, or an operator decides. */
  readonly due: number | undefined;
}

const pageSize = 500;
/** What a look may cost, in links read of each kind. */
const mostLinks = 10_000;

/** Only reads. */
export async function readStatus(services: Services): Promise<Status> {
  const meter = newMeter();
  const people = services.people(meter);
  const runs = services.runs(meter);
  const now = services.clock.now();
  const [recent, queued, control, rejections, due, troubledLinks] = await Promise.all([
    runs.recent(10),
    runs.queued(10),
    runs.control(),
    runs.rejections(10),
    readLinks((page) => people.linksDue({ ...page, at: Number.MAX_SAFE_INTEGER })),
    readLinks((page) => people.troubledLinks(page)),
  ]);
  const pending = due.links.filter((link) => link.hold === undefined && link.failure === undefined);
  const troubled = troubledLinks.links.flatMap(troubleOf).sort((a, b) => a.since - b.since);
  const count = (kind: Trouble['kind']): Counted => ({
    people: troubled.filter((trouble) => trouble.kind === kind).length,
    exact: troubledLinks.exact,
  });
  return {
    now,
    runs: recent,
    active: await activeRun(runs, control.activeRunId, now),
    queued,
    stopped: control.stopped,
    lastFull: control.lastFull,
    lastIncremental: control.lastIncremental,
    pending: { people: pending.length, exact: due.exact },
    held: count('held'),
    failed: count('failed'),
    leftAlone: troubledLinks.links.flatMap(({ key, leftAlone }) =>
      leftAlone === undefined ? [] : [{ key, problems: leftAlone }],
    ),
    troubled,
    oldest: oldestOf([...troubled, ...pending.map(({ key, due: since = now }) => ({ key, since }))]),
    rejections,
  };
}

/** Reads links page after page, up to a limit. `exact`: there are no more of them. */
export async function readLinks(
  read: (page: LinkPage) => Promise<readonly StoredLink[]>,
): Promise<{ readonly links: readonly Link[]; readonly exact: boolean }> {
  const links: Link[] = [];
  let after: StoredLink | undefined;
  while (links.length < mostLinks) {
    const page = await read({ after, limit: pageSize });
    links.push(...page.map(({ link }) => link));
    after = page.at(-1);
    if (page.length < pageSize) return { links, exact: true };
  }
  return { links, exact: false };
}

async function activeRun(runs: Runs, runId: string | undefined, now: number): Promise<ActiveRun | undefined> {
  const run = runId === undefined ? undefined : await runs.get(runId);
  if (run === undefined) return undefined;
  const moved = await lastMoved(runs, run);
  return { run, lastMoved: moved, stalled: now - moved >= stalledAfter };
}

/** A person who is held and failed is shown as failed: the failure is what happened last. */
function troubleOf({ key, hold, failure, due }: Link): readonly Trouble[] {
  if (failure !== undefined) {
    const { message: reason, since, attempts } = failure;
    return [{ key, kind: 'failed', reason, since, attempts, due }];
  }
  if (hold === undefined) return [];
  return [{ key, kind: 'held', reason: hold.detail, since: hold.since, attempts: undefined, due }];
}

function oldestOf(waiting: readonly Waiting[]): Waiting | undefined {
  return waiting.reduce<Waiting | undefined>(
    (oldest, { key, since }) => (oldest === undefined || since < oldest.since ? { key, since } : oldest),
    undefined,
  );
}
