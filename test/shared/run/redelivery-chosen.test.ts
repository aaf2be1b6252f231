import { describe, expect, test } from 'vitest';
import { applyPlan } from '../../../shared/operator/actions/plan.ts';
import { approveHeldRun } from '../../../shared/operator/actions/holds.ts';
import { undoAct } from '../../../shared/operator/actions/undo.ts';
import { everybody } from '../../../shared/operator/views/plan.ts';
import { newMeter } from '../../../shared/state/meter.ts';
import type { Run } from '../../../shared/state/runs.ts';
import { crowd, deleteUsers, documentOf, emailOf, idOf } from '../../support/crowd.ts';
import { inProcess, type InProcess } from '../../support/in-process.ts';
import { manualClock, type ManualClock } from '../../support/manual-clock.ts';

class Crash extends Error {}

const acting = {
  operator: { id: 'opal', name: 'opal', role: 'admin', via: 'cli' },
  reason: 'because',
} as const;

/** What an operator lets a run do. `prepare` answers what `act` begins; `act` may be called again after a crash. */
interface Scenario {
  readonly name: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly prepare: (world: InProcess) => Promise<string>;
  readonly act: (world: InProcess, id: string) => Promise<unknown>;
  readonly runOf: (world: InProcess, id: string) => Promise<Run | undefined>;
}

const runsOf = (world: InProcess) => world.services.runs(newMeter());
const apply = async (world: InProcess, planId: string) =>
  applyPlan(world.services, acting, { planId, hash: undefined, only: everybody });

const scenarios: readonly Scenario[] = [
  {
    name: 'a plan that is applied',
    prepare: async (world) => (await world.run({ dryRun: true })).runId,
    act: apply,
    runOf: (world, planId) => runsOf(world).get(`${planId}.applied`),
  },
  {
    name: 'a run that was looked at first',
    env: { APPROVAL: 'always' },
    prepare: async (world) => (await world.scheduledRun()).runId,
    act: (world, runId) => approveHeldRun(world.services, runId),
    runOf: (world, runId) => runsOf(world).get(runId),
  },
  {
    name: 'a run that is undone',
    prepare: async (world) => (await world.run()).runId,
    act: (world, act) => undoAct(world.services, acting, { act, people: [], dryRun: false }),
    runOf: async (world) => (await runsOf(world).recent(9)).find(({ mode }) => mode === 'undo'),
  },
];

interface Played {
  readonly effects: number;
  readonly run: Run | undefined;
  readonly sides: unknown;
  /** By a full run after it. */
  readonly writes: number | undefined;
}

async function play(
  { env = {}, prepare, act, runOf }: Scenario,
  crash: { readonly at: number; readonly side: 'before' | 'after' } | undefined,
): Promise<Played> {
  const clock: ManualClock = manualClock();
  let effects = 0;
  let armed = false;
  const world: InProcess = inProcess({
    clock,
    env: { DESTRUCTIVE_LIMIT_PERCENT: '100', ...env },
    async around(_, happen) {
      if (!armed) return happen();
      const now = effects;
      effects += 1;
      if (crash?.at === now && crash.side === 'before') throw new Crash();
      const result = await happen();
      if (crash?.at === now) throw new Crash();
      return result;
    },
  });
  await crowd(world, 5);
  clock.advance(3_600_000);
  world.database.putPortalDocument(idOf(0), { ...documentOf(0), lastName: 'Edited', updatedAt: new Date(clock.now()) });
  deleteUsers(world, 1, 2);
  world.database.putPortalDocument('new', documentOf(7));
  world.developers.seed({ email: emailOf(8), createdAt: clock.now(), lastModifiedAt: clock.now() });
  clock.advance(60_000);
  const id = await prepare(world);
  clock.advance(60_000);
  armed = true;
  const acted = await act(world, id).catch((error: unknown) => {
    if (!(error instanceof Crash)) throw error;
    return 'crashed';
  });
  if (acted === 'crashed') await act(world, id);
  await world.drain();
  armed = false;
  const run = await runOf(world, id);
  clock.advance(3_600_000);
  const after = await world.run();
  return { effects, run, sides: sidesOf(world), writes: after.totals?.traffic.writes };
}

/** Both sides but for ids and times. */
function sidesOf(world: InProcess): unknown {
  const developers = world.developers
    .all()
    .map(({ email, firstName, lastName, status }) => [email, firstName, lastName, status].join(' '));
  const users = world.database
    .portalDocuments()
    .map(({ data }) => [data['email'], data['firstName'], data['lastName'], data['status']].join(' '));
  return { developers: developers.toSorted(), users: users.toSorted() };
}

describe('wherever the run crashes that an operator let go on, redelivery alone brings it to its end (rules 24, 26)', () => {
  test.each(scenarios)('$name', async (scenario) => {
    const smooth = await play(scenario, undefined);
    expect(smooth.run).toMatchObject({ state: 'done', totals: { counts: { failed: 0 } } });
    expect(smooth.effects).toBeGreaterThan(15);
    for (let at = 0; at < smooth.effects; at += 1) {
      for (const side of ['before', 'after'] as const) {
        const { run, sides } = await play(scenario, { at, side });
        expect({ at, side, state: run?.state, failed: run?.totals?.counts.failed }).toEqual({
          at,
          side,
          state: 'done',
          failed: 0,
        });
        expect({ at, side, sides }).toEqual({ at, side, sides: smooth.sides });
      }
    }
  });
});
