import type { Hold, HoldReason, Link } from '../../core/model/link.ts';
import { approvableFor, beganAt, supersededBy } from '../../run/lifecycle/approve-run.ts';
import { isReviewed } from '../../run/session.ts';
import { newMeter } from '../../state/meter.ts';
import { heldAt } from '../../state/run-document.ts';
import type { ReportRow } from '../../state/batch.ts';
import type { Run, Runs } from '../../state/runs.ts';
import type { Services } from '../../wiring/services.ts';
import { readLinks } from './status.ts';

/** What waits until an operator decides. Times in ms since the epoch. */
export interface Holds {
  readonly now: number;
  /** Most recently held first. */
  readonly runs: readonly HeldRun[];
  /** The longest waiting first. */
  readonly people: readonly HeldPerson[];
  /** False: reading ended at a limit, so there may be more held people. */
  readonly exact: boolean;
}

export interface HeldRun {
  readonly run: Run;
  readonly heldAt: number;
  readonly advice: 'approve' | 'dry-run' | 'too-old';
  /** A full run that began after this one. */
  readonly supersededBy: string | undefined;
  /**
   * The people who wait for the run, by key. Read only for the latest run that can be approved,
   * since the others plan much the same.
   */
  readonly planned: readonly PlannedRow[] | undefined;
}

/** Somebody for whom a run waits, and what approving it would do to them. */
export interface PlannedRow extends ReportRow {
  readonly act: 'deactivate' | 'delete' | 'create' | 'write';
}

export interface HeldPerson extends Hold {
  readonly key: Link['key'];
}

const mostRuns = 20;

export interface HeldGroup {
  readonly reason: HoldReason;
  readonly people: readonly HeldPerson[];
}

/** Only reads. */
export async function readHolds(services: Services): Promise<Holds> {
  const meter = newMeter();
  const people = services.people(meter);
  const runs = services.runs(meter);
  const now = services.clock.now();
  const [held, control, { links, exact }] = await Promise.all([
    runs.held(mostRuns),
    runs.control(),
    readLinks((page) => people.troubledLinks(page)),
  ]);
  const latest = held.find((run) => adviceFor(run, now) === 'approve');
  const planned = latest && (await plannedBy(runs, latest));
  return {
    now,
    runs: held.map((run) => ({
      run,
      heldAt: heldAt(run),
      advice: adviceFor(run, now),
      supersededBy: supersededBy(run, control, held),
      planned: run === latest ? planned : undefined,
    })),
    people: links.flatMap(heldPerson).sort((a, b) => a.since - b.since),
    exact,
  };
}

/** What may be done about a held run. */
export function adviceFor(run: Run, now: number): HeldRun['advice'] {
  if (now - beganAt(run) > approvableFor) return 'too-old';
  return run.dryRun ? 'dry-run' : 'approve';
}

/** The people whom a run left to its gate, by key. A person whom several batches met is listed once. */
export async function plannedBy(runs: Runs, run: Run): Promise<readonly PlannedRow[]> {
  const rows = new Map<string, PlannedRow>();
  for await (const { result } of runs.batches(run.runId)) {
    const planned: ReadonlySet<string> = new Set(result?.planned);
    const uncreated: ReadonlySet<string> = new Set(result?.uncreated);
    for (const row of result?.rows ?? []) {
      if (!planned.has(row.key)) continue;
      const destroys = row.fields.includes('deleted') ? 'delete' : 'deactivate';
      const act = isReviewed(run) ? 'write' : uncreated.has(row.key) ? 'create' : destroys;
      rows.set(row.key, { ...row, act });
    }
  }
  return [...rows.values()].sort((a, b) => (a.key < b.key ? -1 : 1));
}

/** Held people by reason, the largest group first, and within it the longest waiting first. */
export function heldGroups(people: readonly HeldPerson[]): readonly HeldGroup[] {
  const groups = new Map<HoldReason, HeldPerson[]>();
  for (const person of people) {
    const group = groups.get(person.reason) ?? [];
    group.push(person);
    groups.set(person.reason, group);
  }
  return [...groups]
    .map(([reason, members]) => ({ reason, people: members }))
    .toSorted((a, b) => b.people.length - a.people.length || (a.reason < b.reason ? -1 : 1));
}

function heldPerson({ key, hold }: Link): readonly HeldPerson[] {
  return hold === undefined ? [] : [{ key, ...hold }];
}
