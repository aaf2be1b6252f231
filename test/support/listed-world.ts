import type { Developers, ListPage } from '../../shared/apigee/developers.ts';
import { crowd } from './crowd.ts';
import { inProcess, type InProcess, type InProcessOptions } from './in-process.ts';
import { manualClock, type ManualClock } from './manual-clock.ts';

export const hour = 3_600_000;

export interface ListedWorld {
  readonly world: InProcess;
  readonly clock: ManualClock;
  /** The calls that list, expanded or not, since they were looked at last. */
  readonly lists: () => readonly (ListPage & { readonly expanded: boolean })[];
}

/** So many people in step, as a first run has found them. */
export async function listed(
  count: number,
  { wrap = (it: Developers) => it, ...options }: InProcessOptions = {},
): Promise<ListedWorld> {
  const clock = manualClock();
  let calls: (ListPage & { readonly expanded: boolean })[] = [];
  const world = inProcess({
    clock,
    ...options,
    wrap: (developers) => {
      const inner = wrap(developers);
      const told = (page: ListPage, expanded: boolean): ListPage => (calls.push({ ...page, expanded }), page);
      return {
        ...inner,
        listEmails: (page) => inner.listEmails(told(page, false)),
        listDevelopers: (page) => inner.listDevelopers(told(page, true)),
      };
    },
  });
  await crowd(world, count);
  clock.advance(hour);
  calls = [];
  return { world, clock, lists: () => calls.splice(0) };
}

/** How Apigee answers a list call that fails. */
export function listError(kind: 'refused' | 'unavailable') {
  const status = kind === 'refused' ? 400 : 503;
  const message = `list: HTTP ${String(status)}`;
  const error = { kind, operation: 'list', status, code: undefined, message, ambiguous: false } as const;
  return { ok: false, error } as const;
}
