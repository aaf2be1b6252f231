import type { Acting } from '../../../shared/operator/actions/audited.ts';
import { batchAllowance, operatorCalls } from '../../../shared/wiring/allowances.ts';
import type { Services } from '../../../shared/wiring/services.ts';
import type { Order } from './operations.ts';
import type { Post } from './post.ts';
import { startProcess } from './process.ts';
import { servicesFor } from './services.ts';
import type { World } from './world.ts';

const acting: Acting = { operator: { id: 'olga', name: 'olga@acme.example', role: 'admin' }, reason: 'to see' };
const second = 1000;

/**
 * An operator's command in a process of its own, which may crash like every other. `end` is told what it answered; undefined:
 * nobody has heard. `order`: what the operator wants to be set by it.
 */
export function command<T>(
  world: World,
  post: Post,
  name: string,
  act: (services: Services, by: Acting) => Promise<T>,
  end: (answer: T | undefined) => void = () => undefined,
  order?: Order,
): void {
  const { timing } = batchAllowance;
  const { operations } = world;
  operations.commands += 1;
  const id = `o${String(operations.commands)}`;
  if (order !== undefined) operations.orders.set(id, order);
  let answer: T | undefined;
  const start = (): void =>
    startProcess(
      world,
      { name: id, runId: undefined, timing, calls: operatorCalls, timeoutMs: 600 * second },
      async (process) => {
        world.trace(() => `${id} starts: ${name}`);
        try {
          answer = await act(servicesFor(world, process, post), acting);
          world.trace(() => `  ${id} answers ${JSON.stringify(answer)}`);
        } catch (error) {
          // A failure of the command is said to whoever gave it, and no message comes again for it.
          if (!(error instanceof Error) || error.constructor !== Error) throw error;
          world.trace(() => `  ${id} fails: ${error.message}`);
        }
        return 'done';
      },
      (ending) => {
        const made = operations.orders.get(id);
        if (ending === 'done' && made !== undefined) operations.orders.set(id, { ...made, isEnded: true });
        end(ending === 'done' ? answer : undefined);
      },
    );
  world.scheduler.at(0, start);
}
