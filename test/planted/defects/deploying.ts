import type { PlantedDefect } from '../planted-defect.ts';

const grants = 'test/terraform/grants.test.ts';
const whole = 'test/terraform/whole.test.ts';
const environment = 'test/terraform/whole-environment.test.ts';
const builds = 'test/terraform/cloudbuild.test.ts';

type Planted = Omit<PlantedDefect, 'rules'>;

/** terraform and cloudbuild: what is deployed, with which rights and settings, and by which steps. */
const planted: readonly Planted[] = [
  {
    name: 'The build may read every bucket of the project',
    file: 'terraform/iam.tf',
    find: `|| resource.name.startsWith(\\"projects/_/buckets/\${bucket}/\\")`,
    replace: `|| resource.name.startsWith(\\"projects/_/buckets/\\")`,
    caughtBy: [grants],
  },
  {
    name: 'Eventarc’s agent gets no role, and the trigger cannot be made',
    file: 'terraform/iam.tf',
    find: `    eventarc = { member = local.eventarc_agent, role = "roles/eventarc.serviceAgent" }\n`,
    replace: '',
    caughtBy: [grants],
  },
  {
    name: 'Pub/Sub may sign tokens for the push account only, and no event reaches the trigger function',
    file: 'terraform/iam.tf',
    find: `{ push = google_service_account.push.name, trigger = google_service_account.trigger.name }`,
    replace: `{ push = google_service_account.push.name }`,
    caughtBy: [grants],
  },
  {
    name: 'fan-out may write developers',
    file: 'terraform/iam.tf',
    find: `apigee_role_of = { fan_out = "reader",`,
    replace: `apigee_role_of = { fan_out = "writer",`,
    caughtBy: [grants],
  },
  {
    name: 'The functions reach every database of the project',
    file: 'terraform/iam.tf',
    find: `databases/\${var.firestore.database}\\""`,
    replace: `databases/\${var.firestore.database}\\" || true"`,
    caughtBy: [grants],
  },
  {
    name: 'One more grant: a function is an editor of the project',
    file: 'terraform/identities.tf',
    find: `resource "google_service_account" "push" {`,
    replace: `resource "google_project_iam_member" "extra" {
  project = local.project
  role    = "roles/editor"
  member  = google_service_account.function["fan_out"].member
}

resource "google_service_account" "push" {`,
    caughtBy: [grants],
  },
  {
    name: 'A binding takes a role away from everybody else',
    file: 'terraform/identities.tf',
    find: `resource "google_service_account" "trigger" {`,
    replace: `resource "google_project_iam_binding" "extra" {
  project = local.project
  role    = "roles/pubsub.publisher"
  members = [google_service_account.push.member]
}

resource "google_service_account" "trigger" {`,
    caughtBy: [grants],
  },
  {
    name: 'The trigger function runs as the account of the batches',
    file: 'terraform/functions.tf',
    find: `google_service_account.function["push_portal_edit"].email`,
    replace: `google_service_account.function["reconcile_batch"].email`,
    caughtBy: [grants],
  },
  {
    name: 'The limit in people and the one in per cent are swapped',
    file: 'terraform/environment.tf',
    find: `DESTRUCTIVE_LIMIT         = var.policies.destructive_limit\n`,
    replace: `DESTRUCTIVE_LIMIT         = var.policies.destructive_limit_percent\n`,
    caughtBy: [environment],
  },
  {
    name: 'The policies for deletions on the two sides are swapped',
    file: 'terraform/environment.tf',
    find: `PORTAL_DELETE_POLICY      = var.policies.portal_delete\n`,
    replace: `PORTAL_DELETE_POLICY      = var.policies.apigee_delete\n`,
    caughtBy: [environment],
  },
  {
    name: 'Changes are kept for as long as tombstones',
    file: 'terraform/environment.tf',
    find: `UNDO_DAYS                 = var.policies.undo_days\n`,
    replace: `UNDO_DAYS                 = var.policies.forget_days\n`,
    caughtBy: [environment],
  },
  {
    name: 'Batches are published to the topic of requests',
    file: 'terraform/environment.tf',
    find: `SYNC_BATCHES_TOPIC        = local.batches_topic`,
    replace: `SYNC_BATCHES_TOPIC        = local.requests_topic`,
    caughtBy: [environment],
  },
  {
    name: 'The functions do not know how many batches they work on',
    file: 'terraform/environment.tf',
    find: `    BATCHES_AT_ONCE           = var.functions.reconcile_batch.concurrency\n`,
    replace: '',
    caughtBy: [environment],
  },
  {
    name: 'The console’s admins are whoever its operators are',
    file: 'terraform/console.tf',
    find: `join(",", var.console.admins)`,
    replace: `join(",", var.console.operators)`,
    caughtBy: [environment],
  },
  {
    name: 'Traffic may stay with an old revision',
    file: 'terraform/modules/function/main.tf',
    find: `all_traffic_on_latest_revision   = true`,
    replace: `all_traffic_on_latest_revision   = false`,
    caughtBy: [whole],
  },
  {
    name: 'A worker is cut off while Pub/Sub waits for it',
    file: 'terraform/modules/function/main.tf',
    find: `timeout_seconds                  = var.timeout_seconds`,
    replace: `timeout_seconds                  = 60`,
    caughtBy: [whole],
  },
  {
    name: 'The nightly run is incremental',
    file: 'terraform/schedule.tf',
    find: `{\\"mode\\":\\"\${each.key}\\",`,
    replace: `{\\"mode\\":\\"incremental\\",`,
    caughtBy: [whole],
  },
  {
    name: 'The archives have no versions',
    file: 'terraform/source.tf',
    find: `  versioning {
    enabled = true`,
    replace: `  versioning {
    enabled = false`,
    caughtBy: [whole],
  },
  {
    name: 'An API that is needed is not enabled',
    file: 'terraform/apis.tf',
    find: `      "eventarc.googleapis.com",\n`,
    replace: '',
    caughtBy: [whole],
  },
  {
    name: 'Grants are not waited for',
    file: 'terraform/functions.tf',
    find: `  trigger = {
    # The database's location, whatever the function's is.
    region          = var.firestore.location
    service_account = google_service_account.trigger.email
  }

  depends_on = [time_sleep.grants]`,
    replace: `  trigger = {
    # The database's location, whatever the function's is.
    region          = var.firestore.location
    service_account = google_service_account.trigger.email
  }`,
    caughtBy: [whole],
  },
  {
    name: 'Tests may fail, and the archive is kept all the same',
    file: 'cloudbuild.check.yaml',
    find: `    waitFor: [types, lint, test, build, terraform-check]`,
    replace: `    waitFor: [types, lint, build, terraform-check]`,
    caughtBy: [builds],
  },
  {
    name: 'A proposal’s archive is kept as a release',
    file: 'cloudbuild.check.yaml',
    find: `      if [ "\${_KEEP}" != true ]; then
        echo 'Not kept`,
    replace: `      if [ "\${_KEEP}" = never ]; then
        echo 'Not kept`,
    caughtBy: [builds],
  },
  {
    name: 'An archive is planned whose hash nobody has looked at',
    file: 'cloudbuild.plan.yaml',
    find: `      echo "\${hash}  dist/functions.zip" | sha256sum --check\n`,
    replace: '',
    caughtBy: [builds],
  },
  {
    name: 'Two installations share one Terraform state',
    file: 'cloudbuild.plan.yaml',
    find: `-backend-config="prefix=\${_NAME}"`,
    replace: `-backend-config="prefix=developer-sync"`,
    caughtBy: [builds],
  },
  {
    name: 'Something is applied that nobody has planned',
    file: 'cloudbuild.apply.yaml',
    find: `apply -input=false -lock-timeout=300s tfplan`,
    replace: `apply -input=false -lock-timeout=300s -auto-approve`,
    caughtBy: [builds],
  },
  {
    name: 'A plan of another commit is applied',
    file: 'cloudbuild.apply.yaml',
    find: `        echo "That plan is of the commit $(cat commit.txt): run this trigger on it."
        exit 1`,
    replace: `        echo "That plan is of the commit $(cat commit.txt): run this trigger on it."`,
    caughtBy: [builds],
  },
  {
    name: 'The build is cut off within an apply',
    file: 'cloudbuild.apply.yaml',
    find: `timeout: 7200s`,
    replace: `timeout: 3600s`,
    caughtBy: [builds],
  },
  {
    name: 'Code of a dependency runs with the deployer’s rights',
    file: 'cloudbuild.apply.yaml',
    find: `      mv tfplan terraform/`,
    replace: `      mv tfplan terraform/\n      npx devsync status`,
    caughtBy: [builds],
  },
  {
    name: 'Checks run as the deployer',
    file: 'cloudbuild.check.yaml',
    find: `  _CHECKER: developer-sync-check`,
    replace: `  _CHECKER: developer-sync-deploy`,
    caughtBy: [builds],
  },
  {
    name: 'A function makes its clients while it starts, and is late to listen',
    file: 'shared/wiring/after-listening.ts',
    find: `  setImmediate(() => void made());`,
    replace: `  void made();`,
    caughtBy: ['test/shared/wiring/after-listening.test.ts'],
  },
  {
    name: 'A function reads its clients before it listens',
    file: 'functions/reconcile-batch.ts',
    find: `import { batchCalls } from '../shared/wiring/allowances.ts';\n`,
    replace: `import { batchCalls } from '../shared/wiring/allowances.ts';\nimport '../shared/wiring/google-services.ts';\n`,
    caughtBy: ['test/build/cold-start.test.ts'],
  },
  {
    name: 'Every file of zod is read at every start',
    file: 'scripts/build/bundle.ts',
    find: `const bundled: readonly string[] = ['zod'];`,
    replace: `const bundled: readonly string[] = [];`,
    caughtBy: ['test/build/build.test.ts', 'test/build/cold-start.test.ts'],
  },
  {
    name: 'Source maps lead to where the sources never lay',
    file: 'scripts/build/bundle.ts',
    find: `  return relative(folder, join(out, inCheckout)).replaceAll('\\\\', '/');`,
    replace: `  return inCheckout.replaceAll('\\\\', '/');`,
    caughtBy: ['test/build/build.test.ts'],
  },
];

export const deploying: readonly PlantedDefect[] = planted.map((defect) => ({ rules: [], ...defect }));
