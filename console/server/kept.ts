import type { Desk } from './desk.ts';

/** What was counted over a whole run, which does not change any more: counted once, and kept for as long as it is asked for. */
export interface Kept<T> {
  of(desk: Desk, name: string, make: () => Promise<T>): Promise<T>;
  clear(desk: Desk): void;
}

const most = 20;

/** `forMs`: how long an answer is kept at most. */
export function newKept<T>(forMs = Infinity): Kept<T> {
  const caches = new WeakMap<Desk, Map<string, { readonly value: Promise<T>; readonly until: number }>>();
  return {
    of(desk, name, make) {
      const now = desk.services.clock.now();
      const cache = caches.get(desk) ?? new Map<string, { readonly value: Promise<T>; readonly until: number }>();
      caches.set(desk, cache);
      const known = cache.get(name);
      const one = known !== undefined && known.until > now ? known : { value: make(), until: now + forMs };
      cache.delete(name);
      cache.set(name, one);
      for (const old of [...cache.keys()].slice(0, Math.max(0, cache.size - most))) cache.delete(old);
      one.value.catch(() => cache.delete(name));
      return one.value;
    },
    clear: (desk) => void caches.delete(desk),
  };
}
