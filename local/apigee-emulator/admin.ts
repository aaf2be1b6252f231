import type { AuditListener } from './audit.ts';
import type { Counters } from './counters.ts';
import type { DeveloperRecord, DeveloperSeed } from './developer.ts';
import type { FaultRule, FaultRuleInput } from './faults.ts';
import type { Settings, SettingsChange } from './settings.ts';
import type { AttributePredicate, EmulatorState, RequestListener } from './state.ts';
import { recordFromSeed } from './store.ts';

/** The emulator's controls. All but the last three are also served over HTTP, see README.md. Their use is not counted. */
export interface EmulatorAdmin {
  /**
   * Adds developers, or replaces those with the same email; a replaced one keeps its developerId unless another is
   * given. Answers how many were given. None of the API's checks apply.
   */
  seed(developers: Iterable<DeveloperSeed>): number;
  /** All developers, in the order of the listing. */
  developers(): DeveloperRecord[];
  /** By exact email or developerId. */
  developer(emailOrId: string): DeveloperRecord | undefined;
  /** Answers false if there was no such developer. */
  remove(email: string): boolean;
  /** Removes all developers and nothing else. */
  clear(): void;
  /** Puts the emulator back to how it started. Listeners stay. */
  reset(): void;
  counters(): Counters;
  resetCounters(): void;
  settings(): Settings;
  /** Changes the settings that are named. Throws a ZodError where a name or a value is not one of a setting. */
  configure(change: SettingsChange): Settings;
  /** Rules that are not used up, in the order in which they are tried. */
  faults(): FaultRule[];
  /** Throws a ZodError on a malformed rule. */
  addFault(rule: FaultRuleInput): void;
  clearFaults(): void;
  /** Has a write answered with 400 if `predicate` is true for one of its attributes. Settings may refuse more. */
  refuseAttributes(predicate: AttributePredicate | undefined): void;
  /** Calls `listener` for each request before it is carried out, and waits for its promise. Returns how to stop. */
  onRequest(listener: RequestListener): () => void;
  /**
   * Calls `listener` with the audit log entry of each call that changes a developer or tries to, once it is made. Seeding and
   * removing leave no entry. Returns how to stop.
   */
  onAudit(listener: AuditListener): () => void;
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
    onAudit(listener) {
      state.audits.listeners.add(listener);
      return () => {
        state.audits.listeners.delete(listener);
      };
    },
  };
}
