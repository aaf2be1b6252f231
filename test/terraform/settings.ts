import { deploy, type Deployment } from './evaluate/deployment.ts';
import type { Values } from './evaluate/values.ts';

/** What cannot be left out. */
export const required: Values = {
  project: 'my-portal',
  region: 'europe-west1',
  apigee: { org: 'my-apigee' },
  firestore: { location: 'eur3' },
  // Any file will do.
  source_archive: './tests/setup.txt',
};

const image = `europe-west1-docker.pkg.dev/images/sync/console@sha256:${'0123456789abcdef'.repeat(4)}`;

/** Every setting differs from its default, and numbers and names from each other: a swapped pair shows. */
const everySetting: Values = {
  project: 'my-portal',
  region: 'europe-west4',
  name: 'sync-eu',
  labels: { team: 'api' },
  apigee: {
    org: 'my-apigee',
    type: 'hybrid',
    endpoint: 'https://eu-apigee.googleapis.com',
    project: 'apigee-host',
    calls_per_minute: 1777,
  },
  firestore: { location: 'nam5', database: 'people', create_database: true, backup_days: 14 },
  portal: {
    collection: 'tenants/main/users',
    mapping: { email: 'mail', emailVerified: 'mailVerified' },
    filter: '@example\\.com$',
    select: 'role == "developer"',
    unselect: 'deactivate',
    mail: { collection: 'outgoing', template: { name: 'welcome' } },
  },
  state_prefix: 'syncEu',
  policies: {
    conflict: 'newest-record',
    portal_delete: 'keep',
    apigee_delete: 'hold',
    destructive_limit: 61,
    destructive_limit_percent: 7,
    creation_limit: 503,
    approval: 'always',
    forget_days: 401,
    undo_days: 31,
    undo_creations: true,
  },
  schedule: {
    incremental: '*/20 * * * *',
    full: '11 2 * * *',
    time_zone: 'Europe/Berlin',
    paused: true,
    region: 'europe-west3',
  },
  functions: {
    fan_out: { max_instances: 2, min_instances: 1, concurrency: 9, cpu: 2, memory: '2Gi' },
    reconcile_batch: { max_instances: 6, min_instances: 3, concurrency: 5, cpu: 4, memory: '4Gi' },
    push_portal_edit: { max_instances: 7, min_instances: 4, concurrency: 11, cpu: 1, memory: '1536Mi' },
  },
  pull: { mode: 'audit-log', max_instances: 9, min_instances: 6, concurrency: 800, memory: '640Mi' },
  max_delivery_attempts: 16,
  ingress: 'ALLOW_ALL',
  network: { network: 'the-vpc', subnetwork: 'the-subnet', fixed_addresses: 2, tags: ['sync'] },
  encryption: {
    key: 'projects/keys/locations/europe-west4/keyRings/ring/cryptoKeys/region',
    database_key: 'projects/keys/locations/nam5/keyRings/ring/cryptoKeys/database',
  },
  secrets: { log_hash_key: { id: 'the-key', version: '12' } },
  alerts: {
    notification_channels: ['projects/my-portal/notificationChannels/13'],
    runbook_url: 'https://example.com/runbook',
    freshness_minutes: 160,
    oldest_message_minutes: 70,
    failures_per_hour: 27,
  },
  console_image: image,
  console: {
    members: ['group:api-team@example.com'],
    viewers: ['domain:example.com'],
    operators: ['ada@example.com'],
    admins: ['bo@example.com'],
    edit_developers: true,
    max_instances: 8,
    min_instances: 5,
    memory: '768Mi',
  },
  source_archive: './tests/setup.txt',
};

const edge: Values = {
  ...required,
  apigee: { org: 'my-edge', type: 'edge' },
  pull: { mode: 'audit-poll' },
  secrets: { edge_username: { id: 'edge-user', version: '3' } },
  secret_revisions: { edge_password: 7 },
  secret_values: { edge_password: 'never to be seen' },
};

/** The deployments that the checks look at: what cannot be left out, everything set, and Edge. */
export const deployments: Readonly<Record<'minimal' | 'everything' | 'edge', Deployment>> = {
  minimal: deploy(required),
  everything: deploy(everySetting),
  edge: deploy(edge),
};
