import { describe, expect, test } from 'vitest';
import { readConfig } from '../../shared/config/config.ts';
import type { Deployment } from './evaluate/deployment.ts';
import { memberOf } from './evaluate/expressions.ts';
import { entriesOf, listOf, textOf, type Value } from './evaluate/values.ts';
import { deployments } from './settings.ts';

const { everything, minimal, edge } = deployments;

/** With every setting set to a value of its own (`settings.ts`). */
const told = {
  APIGEE_CALLS_PER_MINUTE: '1777',
  APIGEE_DELETE_POLICY: 'hold',
  APIGEE_ENDPOINT: 'https://eu-apigee.googleapis.com',
  APIGEE_ORG: 'my-apigee',
  APIGEE_TYPE: 'hybrid',
  APPROVAL: 'always',
  BATCHES_AT_ONCE: '5',
  CONFLICT_POLICY: 'newest-record',
  CREATION_LIMIT: '503',
  DESTRUCTIVE_LIMIT: '61',
  DESTRUCTIVE_LIMIT_PERCENT: '7',
  FIRESTORE_DATABASE: 'people',
  FORGET_DAYS: '401',
  GOOGLE_CLOUD_PROJECT: 'my-portal',
  LOG_HASH_KEY: 'secret the-key version 12',
  MAIL_COLLECTION: 'outgoing',
  MAIL_TEMPLATE: '{"name":"welcome"}',
  NODE_ENV: 'production',
  PORTAL_COLLECTION: 'tenants/main/users',
  PORTAL_DELETE_POLICY: 'keep',
  PORTAL_FILTER: '@example\\.com$',
  PORTAL_MAPPING: '{"email":"mail","emailVerified":"mailVerified"}',
  PORTAL_SELECT: 'role == "developer"',
  PORTAL_UNSELECT_POLICY: 'deactivate',
  PULL: 'audit-log',
  STATE_PREFIX: 'syncEu',
  SYNC_BATCHES_TOPIC: 'sync-eu-batches',
  SYNC_REQUESTS_TOPIC: 'sync-eu-requests',
  UNDO_DAYS: '31',
};

const heap = (megabytes: number): string =>
  `--enable-source-maps --max-old-space-size=${String(megabytes)} --max-semi-space-size=16`;

test('no two settings have one value, so that a swapped pair shows', () => {
  expect(new Set(Object.values(told)).size).toBe(Object.keys(told).length);
});

describe('everything that runs is told exactly this', () => {
  test.each([
    ['fan_out', { ...told, LOG_EXECUTION_ID: 'true', NODE_OPTIONS: heap(1024) }],
    ['reconcile_batch', { ...told, LOG_EXECUTION_ID: 'true', NODE_OPTIONS: heap(2048) }],
    ['push_portal_edit', { ...told, LOG_EXECUTION_ID: 'true', NODE_OPTIONS: heap(768) }],
    ['pull_apigee_edit', { ...told, LOG_EXECUTION_ID: 'true', NODE_OPTIONS: heap(320) }],
    [
      'console',
      {
        ...told,
        NODE_OPTIONS: heap(384),
        CONSOLE_IAP_AUDIENCE: '/projects/123456789/locations/europe-west4/services/sync-eu-console',
        CONSOLE_VIEWERS: 'domain:example.com',
        CONSOLE_OPERATORS: 'ada@example.com',
        CONSOLE_ADMINS: 'bo@example.com',
        CONSOLE_EDIT_DEVELOPERS: 'true',
        CONSOLE_SCHEDULE_LOCATION: 'europe-west3',
        CONSOLE_INCREMENTAL_JOB: 'sync-eu-incremental',
        CONSOLE_FULL_JOB: 'sync-eu-full',
      },
    ],
  ])('%s', (name, expected) => {
    expect(environments(everything).get(name)).toEqual(expected);
  });

  test('and nothing else runs', () => {
    expect([...environments(everything).keys()].sort()).toEqual([
      'console',
      'fan_out',
      'pull_apigee_edit',
      'push_portal_edit',
      'reconcile_batch',
    ]);
    expect([...environments(minimal).keys()].sort()).toEqual(['fan_out', 'push_portal_edit', 'reconcile_batch']);
  });
});

test('what is left out keeps the default of the product, and Edge has its credentials from secrets', () => {
  const least = {
    APIGEE_CALLS_PER_MINUTE: '3000',
    APIGEE_DELETE_POLICY: 'recreate',
    APIGEE_ORG: 'my-apigee',
    APIGEE_TYPE: 'x',
    APPROVAL: 'destructive',
    BATCHES_AT_ONCE: '4',
    CONFLICT_POLICY: 'merge',
    CREATION_LIMIT: '500',
    DESTRUCTIVE_LIMIT: '50',
    DESTRUCTIVE_LIMIT_PERCENT: '5',
    FIRESTORE_DATABASE: '(default)',
    FORGET_DAYS: '400',
    GOOGLE_CLOUD_PROJECT: 'my-portal',
    LOG_EXECUTION_ID: 'true',
    NODE_ENV: 'production',
    NODE_OPTIONS: heap(512),
    PORTAL_COLLECTION: 'portalUsers',
    PORTAL_DELETE_POLICY: 'deactivate',
    PORTAL_UNSELECT_POLICY: 'keep',
    STATE_PREFIX: 'developerSync',
    SYNC_BATCHES_TOPIC: 'developer-sync-batches',
    SYNC_REQUESTS_TOPIC: 'developer-sync-requests',
    UNDO_DAYS: '30',
  };
  expect(environments(minimal).get('reconcile_batch')).toEqual(least);
  const byDefault = readConfig({ APIGEE_ORG: 'my-apigee', GOOGLE_CLOUD_PROJECT: 'my-portal' });
  expect(readConfig(least)).toEqual(byDefault);
  expect(environments(edge).get('fan_out')).toEqual({
    ...least,
    APIGEE_ORG: 'my-edge',
    APIGEE_TYPE: 'edge',
    PULL: 'audit-poll',
    APIGEE_USERNAME: 'secret edge-user version 3',
    APIGEE_PASSWORD:
      'secret developer-sync-edge-password version «module.secret["edge_password"].google_secret_manager_secret_version.this[0].version»',
  });
});

test('the output for devsync tells the same, but for secrets and how Node.js runs', () => {
  const { LOG_HASH_KEY: _, NODE_ENV: __, ...settings } = told;
  expect(memberOf(everything.outputs, 'environment')).toEqual({ ...settings, LOG_EXECUTION_ID: 'true' });
});

/** Name of the module, or of the service, to what it is told; a secret as its id and version. */
function environments({ resources }: Deployment): ReadonlyMap<string, Readonly<Record<string, string>>> {
  const functions = resources.filter(({ type }) => type === 'google_cloudfunctions2_function');
  const services = resources.filter(({ type }) => type === 'google_cloud_run_v2_service');
  return new Map([
    ...functions.map(({ address, values }) => {
      const [config] = listOf(memberOf(values, 'service_config'));
      return [/^module\.(\w+)[.[]/.exec(address)?.[1] ?? address, ofFunction(config ?? null)] as const;
    }),
    ...services.map(({ address, values }) => [/\.(\w+)/.exec(address)?.[1] ?? address, ofService(values)] as const),
  ]);
}

function ofFunction(config: Value): Readonly<Record<string, string>> {
  const plain = entriesOf(memberOf(config, 'environment_variables')).map(
    ([name, value]) => [name, textOf(value)] as const,
  );
  const names = entriesOf(config).map(([name]) => name);
  const secrets = names.includes('secret_environment_variables')
    ? listOf(memberOf(config, 'secret_environment_variables'))
    : [];
  return Object.fromEntries([
    ...plain,
    ...secrets.map((secret) => [textOf(memberOf(secret, 'key')), secretOf(secret)] as const),
  ]);
}

function ofService(values: Value): Readonly<Record<string, string>> {
  const [template] = listOf(memberOf(values, 'template'));
  const [container] = listOf(memberOf(template ?? null, 'containers'));
  const variables = listOf(memberOf(container ?? null, 'env')).map((variable) => {
    const members = Object.fromEntries(entriesOf(variable));
    const [source] = listOf(members['value_source'] ?? []);
    const [secret] = source === undefined ? [] : listOf(memberOf(source, 'secret_key_ref'));
    return [
      textOf(members['name'] ?? null),
      secret === undefined ? textOf(members['value'] ?? null) : secretOf(secret),
    ] as const;
  });
  return Object.fromEntries(variables);
}

function secretOf(secret: Value): string {
  return `secret ${textOf(memberOf(secret, 'secret'))} version ${textOf(memberOf(secret, 'version'))}`;
}
