import type { Control, StateOwner } from '../state/control.ts';
import type { Runs } from '../state/runs.ts';

/** Rule 38: whether the state that is kept under STATE_PREFIX belongs to the settings of this process. */
export interface StateGuard {
  /**
   * For what is about to write: where the state belongs to nobody yet, it belongs to these settings from now on. Asks
   * the store until the answer is `ours`, and then never again.
   */
  claim(runs: Runs): Promise<Ownership>;
  /** For what only reads: claims nothing. */
  look(runs: Runs): Promise<Ownership>;
}

export type Ownership =
  | { readonly kind: 'ours' }
  /** `owner`: whose state it is. Everything that would follow from it would be about other people. */
  | { readonly kind: 'anothers'; readonly owner: StateOwner; readonly differs: readonly (keyof StateOwner)[] };

const parts = ['type', 'org', 'project', 'database', 'collection'] as const;

/** An organisation of X and a hybrid one are told apart by nothing but their runtime. */
function isSame(part: keyof StateOwner, a: StateOwner, b: StateOwner): boolean {
  return part === 'type' ? (a.type === 'edge') === (b.type === 'edge') : a[part] === b[part];
}

/** One guard for a process. `mine`: what its settings name. */
export function guardState(mine: StateOwner): StateGuard {
  let isOurs = false;
  const judge = (owner: StateOwner): Ownership => {
    const differs = parts.filter((part) => !isSame(part, owner, mine));
    return differs.length === 0 ? ours : { kind: 'anothers', owner, differs };
  };
  return {
    async claim(runs) {
      if (isOurs) return ours;
      const found = (await runs.control()).owner;
      const owner = found ?? (await runs.updateControl((control) => claimedBy(control, mine)));
      const ownership = judge(owner);
      isOurs = ownership.kind === 'ours';
      return ownership;
    },
    async look(runs) {
      if (isOurs) return ours;
      const { owner } = await runs.control();
      return owner === undefined ? ours : judge(owner);
    },
  };
}

const ours = { kind: 'ours' } as const;

/** Another process may have been quicker: then the state is that one's. */
function claimedBy(control: Control, mine: StateOwner): { readonly control?: Control; readonly result: StateOwner } {
  if (control.owner !== undefined) return { result: control.owner };
  return { control: { ...control, owner: mine }, result: mine };
}
