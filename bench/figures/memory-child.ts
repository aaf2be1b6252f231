import { batchPhases, type BatchPhase } from '../../shared/state/batch.ts';
import { hour, withSteadyWorld } from '../worlds/steady.ts';

/** What a process needed. */
export interface Needs {
  /** The most resident memory that it had, bytes. */
  readonly peak: number;
  readonly phases: Readonly<Record<string, PhaseNeeds>>;
}

/** What a phase needed in all three runs. */
export interface PhaseNeeds {
  /** The most resident memory of the process, each time that something was logged; bytes. */
  rss: number;
  /** Of all cores, ms. */
  cpu: number;
}

/**
 * One process that does everything for as many people as its argument says, with stores that keep nobody: the first run, a full
 * and an incremental one, and one that searches all links for who has vanished. Prints what it needed; counting a run is part of its last phase.
 */
const people = Number(process.argv[2]);
const needs = new Map<BatchPhase, PhaseNeeds>();
let phase: BatchPhase = 'portal';
let since = process.cpuUsage();
let runs = 0;

await withSteadyWorld(
  people,
  async (world, generated) => {
    for (const mode of ['full', 'full', 'incremental', 'incremental'] as const) {
      if (runs === 3) generated.miscount();
      runs += 1;
      phase = 'portal';
      since = process.cpuUsage();
      await world.run(mode);
      note();
      world.clock.advance(hour);
    }
  },
  {
    log(entry) {
      note();
      if (entry.event === 'run_phase') phase = batchPhases.find((one) => one === entry.phase) ?? phase;
    },
  },
);
const found: Needs = { peak: process.resourceUsage().maxRSS * 1024, phases: Object.fromEntries(needs) };
console.log(JSON.stringify(found));

/** Counts what was needed since the last time for the present phase. */
function note(): void {
  const { rss, cpu } = needs.get(phase) ?? { rss: 0, cpu: 0 };
  const { user, system } = process.cpuUsage(since);
  since = process.cpuUsage();
  needs.set(phase, { rss: Math.max(rss, process.memoryUsage.rss()), cpu: cpu + (user + system) / 1000 });
}
