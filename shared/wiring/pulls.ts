import type { PersonResult } from '../sync/result.ts';
import { newCoalescer, type Coalescer } from './coalesce.ts';

/** What one process knows of the edits in Apigee that it is told of. */
export interface Pulls {
  /** One look at a person at a time: entries that wait for it are one look. */
  readonly looks: Coalescer<PersonResult>;
  /** How many entries were begun and are not over. */
  waiting: number;
  /** The run that was last asked for in place of looking at people one by one. */
  handedTo: string | undefined;
  /** Asks for it right now. */
  handing: Promise<void> | undefined;
}

export function newPulls(): Pulls {
  return { looks: newCoalescer(), waiting: 0, handedTo: undefined, handing: undefined };
}
