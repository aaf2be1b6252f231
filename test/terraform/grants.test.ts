import { describe, expect, test } from 'vitest';
import { accountsOf, grantsOf, rolesOf } from './grants.ts';
import { deployments } from './settings.ts';

const { minimal, everything, edge } = deployments;
const read = ['apigee.developers.get', 'apigee.developers.list'];
const write = ['apigee.developers.create', 'apigee.developers.update'];

describe('exactly these rights are granted, each as narrow as it can be', () => {
  test('on Apigee X', () => {
    expect(grantsOf(minimal)).toEqual(
      [...common('developer-sync', '(default)', 'europe-west1'), ...onApigee('developer-sync', 'my-apigee')].sort(),
    );
    expect(rolesOf(minimal)).toEqual({
      developer_sync_reader: read,
      developer_sync_writer: [...read, ...write].sort(),
    });
  });

  test('with a console that edits, undone creations, a secret and keys of one’s own', () => {
    const console = [
      'group:api-team@example.com is roles/iap.httpsResourceAccessor on sync-eu-console',
      'service-123456789@gcp-sa-iap is roles/run.invoker on sync-eu-console',
      'sync-eu-console is projects/apigee-host/roles/sync_eu_console on project apigee-host',
      'sync-eu-console is projects/my-portal/roles/sync_eu_schedule on project my-portal',
      'sync-eu-console is roles/datastore.user on project my-portal if resource.name == "projects/my-portal/databases/people"',
      'sync-eu-console is roles/pubsub.publisher on sync-eu-batches',
      'sync-eu-console is roles/pubsub.publisher on sync-eu-requests',
      'sync-eu-console is roles/pubsub.subscriber on sync-eu-batches-dead-hold',
      'sync-eu-console is roles/pubsub.subscriber on sync-eu-requests-dead-hold',
    ];
    const readers = ['batch', 'console', 'edit', 'fan-out', 'pull'].map(
      (who) => `sync-eu-${who} is roles/secretmanager.secretAccessor on the-key`,
    );
    const key = 'projects/keys/locations/europe-west4/keyRings/ring/cryptoKeys/region';
    const encrypting = [
      'gcf-admin-robot',
      'gcp-sa-artifactregistry',
      'gcp-sa-pubsub',
      'gcp-sa-secretmanager',
      'gs-project-accounts',
      'serverless-robot-prod',
    ];
    const keys = [
      ...encrypting.map(
        (agent) => `service-123456789@${agent} is roles/cloudkms.cryptoKeyEncrypterDecrypter on ${key}`,
      ),
      'service-123456789@gcp-sa-firestore is roles/cloudkms.cryptoKeyEncrypterDecrypter on projects/keys/locations/nam5/keyRings/ring/cryptoKeys/database',
    ];
    expect(grantsOf(everything)).toEqual(
      [
        ...common('sync-eu', 'people', 'europe-west4'),
        ...onApigee('sync-eu', 'apigee-host'),
        ...pulling('sync-eu', 'people'),
        `sync-eu-pull is ${roleOn('apigee-host', 'sync-eu', 'writer')}`,
        '«google_logging_project_sink.pull[0].writer_identity» is roles/pubsub.publisher on sync-eu-audit',
        ...console,
        ...readers,
        ...keys,
      ].sort(),
    );
    expect(rolesOf(everything)).toEqual({
      sync_eu_reader: read,
      sync_eu_writer: [...read, ...write, 'apigee.developers.delete', 'apigee.developerapps.list'].sort(),
      sync_eu_console: [
        ...read,
        ...write,
        'apigee.developers.delete',
        'apigee.developerapps.get',
        'apigee.developerapps.list',
      ].sort(),
      sync_eu_schedule: ['enable', 'get', 'pause', 'run'].map((right) => `cloudscheduler.jobs.${right}`),
    });
  });

  test('on Edge, whose credentials are secrets', () => {
    const readers = ['batch', 'edit', 'fan-out', 'pull'].flatMap((who) =>
      ['developer-sync-edge-password', 'edge-user'].map(
        (secret) => `developer-sync-${who} is roles/secretmanager.secretAccessor on ${secret}`,
      ),
    );
    expect(grantsOf(edge)).toEqual(
      [
        ...common('developer-sync', '(default)', 'europe-west1'),
        ...pulling('developer-sync', '(default)'),
        ...readers,
      ].sort(),
    );
    expect(rolesOf(edge)).toEqual({});
  });
});

test('everything runs, builds and calls as the account that is meant', () => {
  expect(accountsOf(everything)).toEqual([
    'google_cloud_run_v2_service.console[0] service_account:sync-eu-console',
    'module.audit[0].google_pubsub_subscription.work service_account_email:sync-eu-push',
    'module.batches.google_pubsub_subscription.work service_account_email:sync-eu-push',
    'module.fan_out.google_cloudfunctions2_function.this service_account:sync-eu-build',
    'module.fan_out.google_cloudfunctions2_function.this service_account_email:sync-eu-fan-out',
    'module.pull_apigee_edit[0].google_cloudfunctions2_function.this service_account:sync-eu-build',
    'module.pull_apigee_edit[0].google_cloudfunctions2_function.this service_account_email:sync-eu-pull',
    'module.push_portal_edit.google_cloudfunctions2_function.this service_account:sync-eu-build',
    'module.push_portal_edit.google_cloudfunctions2_function.this service_account_email:sync-eu-trigger',
    'module.push_portal_edit.google_cloudfunctions2_function.this service_account_email:sync-eu-edit',
    'module.reconcile_batch.google_cloudfunctions2_function.this service_account:sync-eu-build',
    'module.reconcile_batch.google_cloudfunctions2_function.this service_account_email:sync-eu-batch',
    'module.requests.google_pubsub_subscription.work service_account_email:sync-eu-push',
  ]);
});

/** What every deployment grants. `n` begins the names. */
function common(n: string, database: string, region: string): readonly string[] {
  const onDatabase = `if resource.name == "projects/my-portal/databases/${database}"`;
  const buckets = [`my-portal-${n}-source`, `gcf-v2-sources-123456789-${region}`].map(
    (bucket) => `projects/_/buckets/${bucket}`,
  );
  const inBuckets = buckets
    .map((bucket) => `resource.name == "${bucket}" || resource.name.startsWith("${bucket}/")`)
    .join(' || ');
  return [
    `${n}-batch is roles/datastore.user on project my-portal ${onDatabase}`,
    `${n}-batch is roles/pubsub.publisher on ${n}-batches`,
    `${n}-batch is roles/pubsub.publisher on ${n}-requests`,
    `${n}-build is roles/artifactregistry.writer on ${n}-functions`,
    `${n}-build is roles/logging.logWriter on project my-portal`,
    `${n}-build is roles/storage.objectViewer on project my-portal if ${inBuckets}`,
    `${n}-edit is roles/datastore.user on project my-portal ${onDatabase}`,
    `${n}-fan-out is roles/datastore.user on project my-portal ${onDatabase}`,
    `${n}-fan-out is roles/pubsub.publisher on ${n}-batches`,
    `${n}-fan-out is roles/pubsub.publisher on ${n}-requests`,
    `${n}-push is roles/run.invoker on ${n}-fan-out`,
    `${n}-push is roles/run.invoker on ${n}-reconcile-batch`,
    `${n}-trigger is roles/eventarc.eventReceiver on project my-portal`,
    `${n}-trigger is roles/run.invoker on ${n}-push-portal-edit`,
    'service-123456789@gcp-sa-eventarc is roles/eventarc.serviceAgent on project my-portal',
    'service-123456789@gcp-sa-pubsub is roles/pubsub.serviceAgent on project my-portal',
    ...['push', 'trigger'].map(
      (account) =>
        `service-123456789@gcp-sa-pubsub is roles/iam.serviceAccountOpenIdTokenCreator on projects/my-portal/serviceAccounts/${n}-${account}`,
    ),
    ...['batches', 'requests'].flatMap((topic) => [
      `service-123456789@gcp-sa-pubsub is roles/pubsub.publisher on ${n}-${topic}-dead`,
      `service-123456789@gcp-sa-pubsub is roles/pubsub.subscriber on ${n}-${topic}-push`,
    ]),
  ];
}

/** What brings edits in Apigee to the portal, wherever these are heard of. */
function pulling(n: string, database: string): readonly string[] {
  return [
    `${n}-pull is roles/datastore.user on project my-portal if resource.name == "projects/my-portal/databases/${database}"`,
    `${n}-pull is roles/pubsub.publisher on ${n}-requests`,
    `${n}-push is roles/run.invoker on ${n}-pull-apigee-edit`,
    `service-123456789@gcp-sa-pubsub is roles/pubsub.publisher on ${n}-audit-dead`,
    `service-123456789@gcp-sa-pubsub is roles/pubsub.subscriber on ${n}-audit-push`,
  ];
}

function roleOn(project: string, n: string, name: string): string {
  return `projects/${project}/roles/${n.replaceAll('-', '_')}_${name} on project ${project}`;
}

function onApigee(n: string, project: string): readonly string[] {
  const role = (name: string): string => roleOn(project, n, name);
  return [`${n}-fan-out is ${role('reader')}`, `${n}-batch is ${role('writer')}`, `${n}-edit is ${role('writer')}`];
}
