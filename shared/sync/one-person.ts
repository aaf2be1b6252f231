import type { Decision } from '../core/model/decision.ts';
import type { PersonKey } from '../core/model/email.ts';
import type { Log } from '../log/log.ts';
import type { SyncDeps } from './deps.ts';
import type { PersonResult } from './result.ts';

/** The dependencies, with what is to be remembered while one person is worked on. */
export interface PersonDeps extends SyncDeps {
  /** The plan is carried out: what comes now came meanwhile, and is for us to look at (rule 21). */
  readonly applied: () => void;
  readonly end: (result: PersonResult) => PersonResult;
}

/**
 * With how long it took in the log. A person's deletion or creation that is decided again counts once (rules 16, 32).
 */
export function forOnePerson(outer: SyncDeps): PersonDeps {
  const { creation } = outer;
  let isCreated = false;
  const take = async (): Promise<boolean> => (isCreated ||= (await creation?.take()) ?? true);
  const end = (result: PersonResult): PersonResult => {
    if (isCreated && !creates(result)) creation?.giveBack();
    return result;
  };
  let isApplied = false;
  const { planned } = outer;
  const deps = {
    ...outer,
    end,
    creation: creation && { ...creation, take },
    planned: planned && ((key: PersonKey) => (isApplied ? undefined : planned(key))),
    applied: () => {
      isApplied = true;
    },
  };
  const started = deps.now();
  const log: Log = (entry) => deps.log({ durationMs: deps.now() - started, ...entry });
  const { gate } = deps;
  if (gate.kind !== 'allowance') return { ...deps, log };
  let isSpent = false;
  const spend = async (): Promise<boolean> => (isSpent ||= await gate.spend());
  return { ...deps, log, gate: { kind: 'allowance', spend } };
}

export function creates({ outcome }: Pick<Decision, 'outcome'>): boolean {
  return outcome === 'created-apigee' || outcome === 'created-portal';
}
