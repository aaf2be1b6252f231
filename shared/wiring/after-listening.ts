import { once } from './once.ts';

/**
 * For what a function needs with its first request only: begins to make it as soon as the process listens, or with the
 * first request if that is earlier, and keeps it. What cannot be made then ends the process, as it would have at start.
 */
export function afterListening<T>(make: () => Promise<T>): () => Promise<T> {
  const made = once(make);
  // The framework listens in the same turn in which the function's module is loaded.
  setImmediate(() => void made());
  return made;
}
