import { variables } from '../shared/config/config.ts';

export type Environment = Readonly<Record<string, string | undefined>>;
/** Product settings (DESIGN: environment) that the functions run with. */
export type Settings = Readonly<Record<string, string>>;

export interface SettingsOptions {
  /** Settings are taken over from here, except for those that say where things are. */
  readonly env: Environment;
  readonly project: string;
  readonly type: 'x' | 'hybrid' | 'edge';
  readonly org: string;
  /** Base URL of Apigee. */
  readonly endpoint: string;
  /** Our own emulator: it takes any token, and as many calls as there are. */
  readonly ownEmulator: boolean;
  /** Key of the hash in logs; the same for all functions, so that a person can be followed. */
  readonly hashKey: string;
}

/** How many instances of the functions share the call budget: one of each. */
const instances = '3';

export function settingsFor(options: SettingsOptions): Settings {
  const { env, project, type, org, endpoint, ownEmulator, hashKey } = options;
  const given = Object.keys(variables).flatMap((name) => {
    const value = env[name];
    return value === undefined || value === '' ? [] : [[name, value] as const];
  });
  return {
    LOG_HASH_KEY: hashKey,
    ...(ownEmulator ? { APIGEE_CALLS_PER_MINUTE: '60000' } : {}),
    ...Object.fromEntries(given.filter(([name]) => !(ownEmulator && credentials.has(name)))),
    ...(ownEmulator || (isStandIn(endpoint) && !given.some(([name]) => credentials.has(name)))
      ? { APIGEE_ACCESS_TOKEN: 'local' }
      : {}),
    APIGEE_BUDGET_SHARES: instances,
    APIGEE_TYPE: type,
    APIGEE_ORG: org,
    APIGEE_ENDPOINT: endpoint,
    GOOGLE_CLOUD_PROJECT: project,
  };
}

/** The environment without anything the product would read. */
export function withoutSettings(env: Environment): Record<string, string> {
  return Object.fromEntries(
    Object.entries(env).flatMap(([name, value]) =>
      value === undefined || name in variables ? [] : [[name, value] as const],
    ),
  );
}

const credentials: ReadonlySet<string> = new Set(['APIGEE_ACCESS_TOKEN', 'APIGEE_USERNAME', 'APIGEE_PASSWORD']);

/** Apigee itself is never spoken to in the clear. */
function isStandIn(endpoint: string): boolean {
  return endpoint.startsWith('http:');
}
