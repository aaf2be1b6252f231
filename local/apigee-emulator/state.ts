import { AuditTrail } from './audit.ts';
import { CallCounters, type Operation } from './counters.ts';
import { Faults } from './faults.ts';
import { isObject } from './json.ts';
import { QuotaBucket } from './quota.ts';
import { changeSettings, defaultSettings, type Mode, type Settings } from './settings.ts';
import { DeveloperStore } from './store.ts';

/** What a listener is told of a request, before the request is carried out or answered. */
export interface SeenRequest {
  readonly operation: Operation;
  readonly method: string;
  /** As sent, without the query. */
  readonly path: string;
  /** Email or developerId from the path, the email in the body of a create, the start key of a listing. */
  readonly email: string | undefined;
  readonly params: URLSearchParams;
}

/** Where it returns a promise, the request waits for that. */
export type RequestListener = (request: SeenRequest) => void | Promise<void>;
export type AttributePredicate = (name: string, value: string) => boolean;

/** Everything that one emulator keeps. */
export class EmulatorState {
  readonly mode: Mode;
  readonly org: string;
  readonly now: () => number;
  readonly store = new DeveloperStore();
  readonly counters = new CallCounters();
  readonly audits = new AuditTrail();
  readonly faults = new Faults();
  readonly listeners = new Set<RequestListener>();
  refusesAttribute: AttributePredicate | undefined;
  #settings: Settings;
  #bucket: QuotaBucket | undefined;

  constructor(mode: Mode, org: string, now: () => number) {
    this.mode = mode;
    this.org = org;
    this.now = now;
    this.#settings = defaultSettings(mode);
  }

  get settings(): Settings {
    return this.#settings;
  }

  get bucket(): QuotaBucket | undefined {
    return this.#bucket;
  }

  /**
   * A change of the quota starts with a full bucket. Throws a ZodError where a name or a value is not one of a setting.
   */
  configure(change: unknown): Settings {
    const settings = changeSettings(this.#settings, change);
    if (isObject(change) && change['quota'] !== undefined) {
      this.#bucket = settings.quota ? new QuotaBucket(settings.quota, this.now) : undefined;
    }
    this.#settings = settings;
    return settings;
  }

  /** Counts a page that was cut short, so that `shortPage` ends after as many as it says. */
  useShortPage(): void {
    const { shortPage } = this.#settings;
    if (!shortPage || shortPage.times === 'always') return;
    const times = shortPage.times - 1;
    this.#settings = { ...this.#settings, shortPage: times > 0 ? { ...shortPage, times } : null };
  }

  /**
   * Puts everything back to how it started: no developers, no counts, no rules, the default settings. Listeners stay.
   */
  reset(): void {
    this.store.clear();
    this.counters.reset();
    this.faults.clear();
    this.audits.clear();
    this.refusesAttribute = undefined;
    this.#settings = defaultSettings(this.mode);
    this.#bucket = undefined;
  }
}
