import { resumeWrites, stopWrites } from '../../../shared/operator/actions/stop.ts';
import { batchAllowance } from '../../../shared/wiring/allowances.ts';
import type { Services } from '../../../shared/wiring/services.ts';
import type { Post } from './post.ts';
import { startProcess } from './process.ts';
import { servicesFor } from './services.ts';
import type { World } from './world.ts';

const acting = { operator: { id: 'olga', name: 'olga@acme.example', role: 'admin' }, reason: 'to see' } as const;
const second = 1000;

/** An operator stops every write, and lets everything go on after `ms` (rule 33). */
export function stopFor(world: World, post: Post, ms: number): void {
  command(world, post, 'stop', stopWrites, () => world.scheduler.at(ms, () => resume(world, post)));
}

/** Who sees no answer asks again. */
function resume(world: World, post: Post): void {
  command(world, post, 'resume', resumeWrites, (isHeard) => {
    if (!isHeard) world.scheduler.at(second, () => resume(world, post));
  });
}

function command(
  world: World,
  post: Post,
  name: string,
  act: (services: Services, by: typeof acting) => Promise<unknown>,
  end: (isHeard: boolean) => void,
): void {
  const { timing } = batchAllowance;
  startProcess(
    world,
    { name: `${name}@${String(world.scheduler.now())}`, runId: undefined, timing, timeoutMs: 600 * second },
    async (process) => {
      await act(servicesFor(world, process, post), acting);
      return 'done';
    },
    (ending) => end(ending === 'done'),
  );
}
