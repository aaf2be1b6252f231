import type { Hold, Link } from '../../core/model/link.ts';
import { approvableFor, beganAt, supersededBy } from '../../run/lifecycle/approve-run.ts';
import type { People } from '../../state/people.ts';
import { heldAt } from '../../state/run-document.ts';
import type { ReportRow, Run, Runs } from '../../state/runs.ts';
import { readLinks } from '../../../cli/read-links.ts';

/** What waits for somebody to decide, as `holds` shows it. Times in ms. */
export interface Holds {
  readonly now: number;
  /** Most recently held first. */
  readonly runs: readonly HeldRun[];
  /** Those who wait longest first. */
  readonly people: readonly HeldPerson[];
  /** False: there may be more people than were read. */
  readonly exact: boolean;
}

export interface HeldRun {
  readonly run: Run;
  readonly heldAt: number;
  readonly advice: 'approve' | 'dry-run' | 'too-old';
  /** A full run that began later. */
  readonly supersededBy: string | undefined;
  /** Whom it would deactivate or delete, by key: read for the latest one that can be approved, the others plan much the same. */
  readonly planned: readonly ReportRow[] | undefined;
}

export interface HeldPerson extends Hold {
  readonly key: string;
}

const mostRuns = 20;

export async function readHolds(people: People, runs: Runs, now: number): Promise<Holds> {
  const [held, control, { links, exact }] = await Promise.all([
    runs.held(mostRuns),
    runs.control(),
    readLinks((page) => people.troubledLinks(page)),
  ]);
  const latest = held.find((run) => adviceFor(run, now) === 'approve');
  const planned = latest && (await plannedBy(runs, latest.runId));
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

function adviceFor(run: Run, now: number): HeldRun['advice'] {
  if (run.dryRun) return 'dry-run';
  return now - beganAt(run) > approvableFor ? 'too-old' : 'approve';
}

/** Whom several batches met is told once. */
async function plannedBy(runs: Runs, runId: string): Promise<readonly ReportRow[]> {
  const rows = new Map<string, ReportRow>();
  for await (const { result } of runs.batches(runId)) {
    const planned: ReadonlySet<string> = new Set(result?.planned);
    for (const row of result?.rows ?? []) if (planned.has(row.key)) rows.set(row.key, row);
  }
  return [...rows.values()].sort((a, b) => (a.key < b.key ? -1 : 1));
}

function heldPerson({ key, hold }: Link): readonly HeldPerson[] {
  return hold === undefined ? [] : [{ key, ...hold }];
}
