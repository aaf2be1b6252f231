import type { Counters } from './counters.ts';
import type { DeveloperRecord, DeveloperSeed } from './developer.ts';
import type { FaultRule, FaultRuleInput } from './faults.ts';
import type { Settings, SettingsChange } from './settings.ts';
import type { AttributePredicate, EmulatorState, RequestListener } from './state.ts';
import { recordFromSeed } from './store.ts';

/** The controls. All but the last two are also served over HTTP, see README.md. Nothing done here is counted. */
export interface EmulatorAdmin {
  /**
   * Adds developers, or replaces those with the same email (their developerId stays unless another one is given). Answers
   * how many were given. None of the API's checks apply.
   */
  seed(developers: Iterable<DeveloperSeed>): number;
  /** Everyone, in the order of the listing. */
  developers(): DeveloperRecord[];
  /** By exact email or developerId. */
  developer(emailOrId: string): DeveloperRecord | undefined;
  /** False if there was none. */
  remove(email: string): boolean;
  /** Removes all developers and nothing else. */
  clear(): void;
  /** As just started; listeners stay. */
  reset(): void;
  counters(): Counters;
  resetCounters(): void;
  settings(): Settings;
  /** Changes the settings that are named. Throws a ZodError on a change that is none. */
  configure(change: SettingsChange): Settings;
  /** Rules that are not used up, in the order in which they are tried. */
  faults(): FaultRule[];
  /** Throws a ZodError on a rule that is none. */
  addFault(rule: FaultRuleInput): void;
  clearFaults(): void;
  /** Answers 400 to every write with an attribute for which this is true, besides the `refusedAttributeValues`. */
  refuseAttributes(predicate: AttributePredicate | undefined): void;
  /** Called for each request before it is carried out; the answer waits for it. Answers the function that ends it. */
  onRequest(listener: RequestListener): () => void;
}

export function adminOf(state: EmulatorState): EmulatorAdmin {
  return {
    seed(developers) {
      let given = 0;
      for (const seed of developers) {
        state.store.put(recordFromSeed(seed, state.store.byEmail(seed.email), state.now()));
        given++;
      }
      return given;
    },
    developers: () => state.store.all(state.settings.order),
    developer: (emailOrId) => state.store.find(emailOrId),
    remove: (email) => state.store.delete(email),
    clear: () => state.store.clear(),
    reset: () => state.reset(),
    counters: () => state.counters.read(),
    resetCounters: () => state.counters.reset(),
    settings: () => state.settings,
    configure: (change) => state.configure(change),
    faults: () => state.faults.read(),
    addFault: (rule) => state.faults.add(rule),
    clearFaults: () => state.faults.clear(),
    refuseAttributes(predicate) {
      state.refusesAttribute = predicate;
    },
    onRequest(listener) {
      state.listeners.add(listener);
      return () => {
        state.listeners.delete(listener);
      };
    },
  };
}
