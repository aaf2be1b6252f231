import { resumeWrites, stopWrites } from '../../../shared/operator/actions/stop.ts';
import { command } from './command.ts';
import type { Post } from './post.ts';
import type { World } from './world.ts';

const second = 1000;

/** An operator stops every write, and lets everything go on after `ms` (rule 33). */
export function stopFor(world: World, post: Post, ms: number): void {
  command(world, post, 'stop', stopWrites, () => world.scheduler.at(ms, () => resume(world, post)));
}

/** Who sees no answer asks again. */
function resume(world: World, post: Post): void {
  command(world, post, 'resume', resumeWrites, (answer) => {
    if (answer === undefined) world.scheduler.at(second, () => resume(world, post));
  });
}
