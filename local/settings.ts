import { variables } from '../shared/config/config.ts';

export type Environment = Readonly<Record<string, string | undefined>>;
/** Settings of the product, by name of the environment variable, that the functions run with. */
export type Settings = Readonly<Record<string, string>>;

export interface SettingsOptions {
  /** Settings are taken from here, except for those that say where things are. */
  readonly env: Environment;
  readonly project: string;
  readonly type: 'x' | 'hybrid' | 'edge';
  readonly org: string;
  /** Base URL of Apigee. */
  readonly endpoint: string;
  /** Whether Apigee is our own emulator, which takes any token and any number of calls. */
  readonly ownEmulator: boolean;
  /** Key of the hash in logs. All functions have the same, so that a person can be followed through their logs. */
  readonly hashKey: string;
}

/** The account as whom the functions call our own emulator, which takes any token. */
export const ownAccount = 'developer-sync@demo.iam.gserviceaccount.com';

export function settingsFor(options: SettingsOptions): Settings {
  const { env, project, type, org, endpoint, ownEmulator, hashKey } = options;
  const given = Object.keys(variables).flatMap((name) => {
    const value = env[name];
    return value === undefined || value === '' ? [] : [[name, value] as const];
  });
  return {
    LOG_HASH_KEY: hashKey,
    PULL: type === 'edge' ? 'audit-poll' : 'audit-log',
    // Sample data of any size is made in one run.
    ...(ownEmulator ? { APIGEE_CALLS_PER_MINUTE: '60000', CREATION_LIMIT: '10000000' } : {}),
    ...Object.fromEntries(given.filter(([name]) => !(ownEmulator && credentials.has(name)))),
    ...(ownEmulator ? ownCredentials(type) : {}),
    ...(!ownEmulator && isStandIn(endpoint) && !given.some(([name]) => credentials.has(name))
      ? { APIGEE_ACCESS_TOKEN: 'local' }
      : {}),
    APIGEE_TYPE: type,
    APIGEE_ORG: org,
    APIGEE_ENDPOINT: endpoint,
    GOOGLE_CLOUD_PROJECT: project,
  };
}

/** The environment without the variables that the product reads. */
export function withoutSettings(env: Environment): Record<string, string> {
  return Object.fromEntries(
    Object.entries(env).flatMap(([name, value]) =>
      value === undefined || name in variables ? [] : [[name, value] as const],
    ),
  );
}

/** Edge's history of calls names a user. */
function ownCredentials(type: SettingsOptions['type']): Settings {
  return type === 'edge'
    ? { APIGEE_USERNAME: ownAccount, APIGEE_PASSWORD: 'local' }
    : { APIGEE_ACCESS_TOKEN: ownAccount };
}

const credentials: ReadonlySet<string> = new Set(['APIGEE_ACCESS_TOKEN', 'APIGEE_USERNAME', 'APIGEE_PASSWORD']);

/** Whether the endpoint is a stand-in: Apigee itself is reached over HTTPS only. */
function isStandIn(endpoint: string): boolean {
  return endpoint.startsWith('http:');
}
