import type { PersonKey } from '../../core/model/email.ts';
import type { AuditAction, AuditEnd } from '../../state/audit.ts';
import { operatorName } from '../../state/link-document.ts';
import { batchAllowance } from '../../wiring/allowances.ts';
import { peopleAtOnce } from '../../wiring/people-at-once.ts';
import type { Services } from '../../wiring/services.ts';
import { beginAudited, type Acting } from './audited.ts';
import { newActionId } from './request-run.ts';

/** What became of one of many. */
export interface OneOfMany {
  readonly state: 'done' | 'nothing' | 'held' | 'failed';
  readonly words: string;
  /** Apigee refuses every call, or a limit is used up: the others would fare no better. */
  readonly stops?: boolean;
}

export type ManyStep =
  | { readonly kind: 'begun'; readonly actionId: string; readonly people: number }
  | { readonly kind: 'person'; readonly key: PersonKey; readonly done: number; readonly one: OneOfMany }
  | { readonly kind: 'over'; readonly totals: ManyTotals; readonly words: string };

export interface ManyTotals {
  readonly done: number;
  readonly changed: number;
  readonly held: number;
  readonly failed: number;
  /** People whom nobody has looked at. */
  readonly left: number;
}

/**
 * Acts on many people, a few at a time, for as long as one invocation may work, or for `workMs`. Recorded before the first of them and after
 * the last (rule 39); whoever stops reading stops it, and that is recorded too.
 */
export async function* actOnMany(
  services: Services,
  acting: Acting,
  action: AuditAction,
  people: readonly PersonKey[],
  act: (key: PersonKey, actionId: string) => Promise<OneOfMany>,
  workMs: number = batchAllowance.workMs,
): AsyncGenerator<ManyStep> {
  const { clock, config } = services;
  const actionId = newActionId(operatorName, clock.now());
  const at = clock.now();
  const complete = await beginAudited(services, acting, { action, actionId, people: people.length });
  const counts = { done: 0, changed: 0, held: 0, failed: 0 };
  const totals = (): ManyTotals => ({ ...counts, left: people.length - counts.done });
  const atOnce = peopleAtOnce(config.apigee);
  const deadline = at + workMs;
  let isStopped = false;
  let isOver = false;
  try {
    yield { kind: 'begun', actionId, people: people.length };
    for (let from = 0; from < people.length && !isStopped && clock.now() < deadline; from += atOnce) {
      const some = people.slice(from, from + atOnce);
      const ended = await Promise.all(some.map(async (key) => ({ key, one: await act(key, actionId) })));
      for (const { key, one } of ended) {
        counts.done += 1;
        if (one.state === 'done') counts.changed += 1;
        if (one.state === 'held') counts.held += 1;
        if (one.state === 'failed') counts.failed += 1;
        isStopped ||= one.stops === true;
        yield { kind: 'person', key, done: counts.done, one };
      }
    }
    isOver = true;
    yield { kind: 'over', totals: totals(), words: wordsOf(totals()) };
  } finally {
    await complete({ state: stateOf(totals(), isOver), words: wordsOf(totals()) });
  }
}

function stateOf({ failed, held, left }: ManyTotals, isOver: boolean): AuditEnd['state'] {
  if (failed > 0 || left > 0 || !isOver) return 'failed';
  return held > 0 ? 'held' : 'done';
}

function wordsOf({ done, changed, held, failed, left }: ManyTotals): string {
  const rest = left === 0 ? '' : `, ${String(left)} not looked at`;
  return `${String(changed)} of ${String(done)} changed, ${String(held)} held, ${String(failed)} failed${rest}`;
}
