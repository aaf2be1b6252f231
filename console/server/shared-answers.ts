import type { RouteName } from '../api/routes.ts';
import type { Reply } from './asked.ts';

/**
 * Answers that are the same for everybody, and that every open page asks for again and again: one look at the store serves
 * all of them for a moment. Whatever is done through this process ends that moment.
 */
export interface SharedAnswers {
  of(name: RouteName, address: string, ask: () => Promise<Reply<unknown>>): Promise<Reply<unknown>>;
  anew(ask: () => Promise<Reply<unknown>>): Promise<Reply<unknown>>;
}

export function shareAnswers(sharedFor: Partial<Record<RouteName, number>>, now: () => number): SharedAnswers {
  const kept = new Map<string, { readonly until: number; readonly reply: Promise<Reply<unknown>> }>();
  return {
    of(name, address, ask) {
      const forMs = sharedFor[name];
      if (forMs === undefined) return ask();
      const known = kept.get(address);
      if (known !== undefined && known.until > now()) return known.reply;
      for (const [other, { until }] of kept) if (until <= now()) kept.delete(other);
      const reply = ask();
      kept.set(address, { until: now() + forMs, reply });
      reply.catch(() => kept.delete(address));
      return reply;
    },
    async anew(ask) {
      kept.clear();
      try {
        return await ask();
      } finally {
        kept.clear();
      }
    },
  };
}
