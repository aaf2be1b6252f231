import { batchAllowance, batchCalls, pushCalls } from '../../../shared/wiring/allowances.ts';
import { callsOf } from './call-budget.ts';
import { startProcess } from './process.ts';
import type { World } from './world.ts';

const minute = 60_000;

/**
 * Where there is a quota, processes that work for people whom the history is not about, so that it is used up: otherwise nobody
 * would ever have to wait for anybody. They come, go, stand still and die like all others.
 */
export function letOthersWork(world: World): void {
  const { quota, scheduler } = world;
  if (quota === undefined) return;
  const { random: draw, callsPerMinute } = quota;
  for (let left = draw.int(0, 8); left > 0; left -= 1) {
    const isEdits = draw.chance(0.3);
    const calls = draw.int(1, 2 * callsPerMinute);
    const atOnce = draw.int(1, 6);
    const name = `other${String((quota.others += 1))}`;
    const limits = {
      timing: batchAllowance.timing,
      calls: isEdits ? { ...batchCalls, lane: pushCalls.lane } : batchCalls,
    };
    scheduler.at(draw.int(0, minute), () =>
      startProcess(
        world,
        { name, runId: undefined, ...limits, timeoutMs: 10 * minute },
        async (process) => {
          quota.working += 1;
          world.trace(() => `${name} starts: ${String(calls)} calls`);
          const way = callsOf(world, process);
          let toMake = calls;
          const one = async (): Promise<void> => {
            while ((toMake -= 1) >= 0)
              await way.send('list', 'waiting', async () => {
                await process.point();
                return { ok: true, value: undefined };
              });
          };
          await Promise.all(Array.from({ length: atOnce }, one));
          return 'done';
        },
        () => (quota.working -= 1),
      ),
    );
  }
}
