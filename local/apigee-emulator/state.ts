import { CallCounters, type Operation } from './counters.ts';
import { Faults } from './faults.ts';
import { isObject } from './json.ts';
import { QuotaBucket } from './quota.ts';
import { changeSettings, defaultSettings, type Mode, type Settings } from './settings.ts';
import { DeveloperStore } from './store.ts';

/** What a listener hears of a request, before anything of it is carried out or answered. */
export interface SeenRequest {
  readonly operation: Operation;
  readonly method: string;
  /** As sent, without the query. */
  readonly path: string;
  /** Email or developerId from the path, the email in the body of a create, the start key of a listing. */
  readonly email: string | undefined;
  readonly params: URLSearchParams;
}

/** The answer waits for a promise. */
export type RequestListener = (request: SeenRequest) => void | Promise<void>;
export type AttributePredicate = (name: string, value: string) => boolean;

/** All that one emulator knows. */
export class EmulatorState {
  readonly mode: Mode;
  readonly org: string;
  readonly now: () => number;
  readonly store = new DeveloperStore();
  readonly counters = new CallCounters();
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

  /** A change that names the quota starts a full bucket. Throws a ZodError on a change that is none. */
  configure(change: unknown): Settings {
    const settings = changeSettings(this.#settings, change);
    if (isObject(change) && change['quota'] !== undefined) {
      this.#bucket = settings.quota ? new QuotaBucket(settings.quota, this.now) : undefined;
    }
    this.#settings = settings;
    return settings;
  }

  /** One page was cut short: the setting is used up by one. */
  useShortPage(): void {
    const { shortPage } = this.#settings;
    if (!shortPage || shortPage.times === 'always') return;
    const times = shortPage.times - 1;
    this.#settings = { ...this.#settings, shortPage: times > 0 ? { ...shortPage, times } : null };
  }

  /** As just started: no developers, nothing counted, nothing forced, the default settings. Listeners stay. */
  reset(): void {
    this.store.clear();
    this.counters.reset();
    this.faults.clear();
    this.refusesAttribute = undefined;
    this.#settings = defaultSettings(this.mode);
    this.#bucket = undefined;
  }
}
