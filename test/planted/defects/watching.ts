import type { PlantedDefect } from '../planted-defect.ts';

const filters = 'test/terraform/filters.test.ts';
const monitoring = 'test/terraform/monitoring.test.ts';
const queries = 'test/terraform/queries.test.ts';
const operations = 'test/documents/operations.test.ts';

type Planted = Omit<PlantedDefect, 'rules'>;

/** terraform, queries and the runbook: how the deployment is watched, what somebody on call is told, and what is refused at start. */
const planted: readonly Planted[] = [
  {
    name: 'A counter counts dry runs as well',
    file: 'terraform/modules/observability/metrics.tf',
    find: `jsonPayload.event=\\"\${each.key}\\" AND \${local.no_dry_run}"`,
    replace: `jsonPayload.event=\\"\${each.key}\\""`,
    caughtBy: [filters],
  },
  {
    name: 'A metric takes its number out of a member that no entry has',
    file: 'terraform/modules/observability/metrics.tf',
    find: `value_extractor = "EXTRACT(jsonPayload.\${each.value.field})"`,
    replace: `value_extractor = "EXTRACT(jsonPayload.totals.\${each.value.field})"`,
    caughtBy: [filters],
  },
  {
    name: 'A counter has a label that its entries do not carry',
    file: 'terraform/modules/observability/metrics.tf',
    find: `run_started         = { says = "Runs started", labels = [] }`,
    replace: `run_started         = { says = "Runs started", labels = ["mode"] }`,
    caughtBy: [filters],
  },
  {
    name: 'Durations are taken of the wrong event',
    file: 'terraform/modules/observability/metrics.tf',
    find: `event = "\\"batch_completed\\"", field = "durationMs"`,
    replace: `event = "\\"run_phase\\"", field = "durationMs"`,
    caughtBy: [filters],
  },
  {
    name: 'An alert waits for an event that nobody writes',
    file: 'terraform/modules/observability/alerts.tf',
    find: `    settings_refused = {`,
    replace: `    setting_refused = {`,
    caughtBy: [filters],
  },
  {
    name: 'The alert on freshness asks for more than one run',
    file: 'terraform/modules/observability/alerts.tf',
    find: `      comparison      = "COMPARISON_LT"`,
    replace: `      comparison      = "COMPARISON_GT"`,
    caughtBy: [monitoring],
  },
  {
    name: 'The alert on dead letters looks at the subscriptions of work',
    file: 'terraform/modules/observability/alerts.tf',
    find: `resource.labels.subscription_id = one_of(\${local.hold_names})"`,
    replace: `resource.labels.subscription_id = one_of(\${local.work_names})"`,
    caughtBy: [monitoring],
  },
  {
    name: 'An alert asks for a metric that Google does not have',
    file: 'terraform/modules/observability/alerts.tf',
    find: `metric.type = \\"run.googleapis.com/request_count\\"`,
    replace: `metric.type = \\"run.googleapis.com/requests_count\\"`,
    caughtBy: [monitoring],
  },
  {
    name: 'A chart of a counter asks for a percentile',
    file: 'terraform/modules/observability/dashboard.tf',
    find: `aligner = "ALIGN_RATE", reducer = "REDUCE_SUM", by = ["resource.label.service_name"]`,
    replace: `aligner = "ALIGN_PERCENTILE_95", reducer = "REDUCE_SUM", by = ["resource.label.service_name"]`,
    caughtBy: [monitoring],
  },
  {
    name: 'A promise is about a metric that is not made',
    file: 'terraform/modules/observability/slos.tf',
    find: `/push_latency\\""`,
    replace: `/push_latencies\\""`,
    caughtBy: [monitoring],
  },
  {
    name: 'A field that a query asks for has no index, in the code and in Terraform alike',
    file: 'terraform/firestore.tf',
    find: `    runs       = ["walks",`,
    replace: `    runs       = ["heldAt", "walks",`,
    caughtBy: [queries],
  },
  {
    name: 'A query asks for a field without an index',
    file: 'shared/state/firestore/notices.ts',
    find: `rejections.orderBy('at', 'desc')`,
    replace: `rejections.orderBy('source', 'desc')`,
    caughtBy: [queries],
  },
  {
    name: 'The runbook gives a command that there is not',
    file: 'docs/runbook.md',
    find: `\`npx devsync holds release --reason-is REASON --all\``,
    replace: `\`npx devsync holds release --because REASON --all\``,
    caughtBy: [operations],
  },
  {
    name: 'The runbook takes dead letters off a subscription that there is not',
    file: 'docs/runbook.md',
    find: `seek developer-sync-batches-dead-hold --time`,
    replace: `seek developer-sync-batches-dead-letters --time`,
    caughtBy: [operations],
  },
  {
    name: 'The runbook replaces a resource by an address that there is not',
    file: 'docs/runbook.md',
    find: `-replace=module.push_portal_edit.google_cloudfunctions2_function.this`,
    replace: `-replace=module.push_portal_edit.google_cloudfunctions2_function.function`,
    caughtBy: [operations],
  },
  {
    name: 'The runbook looks for an event that nobody writes',
    file: 'docs/runbook.md',
    find: `'jsonPayload.event="unexpected_error"'`,
    replace: `'jsonPayload.event="unexpected_errors"'`,
    caughtBy: [operations],
  },
  {
    name: 'The runbook leaves a collection behind when everything is removed',
    file: 'docs/runbook.md',
    find: `developerSyncAudit,developerSyncChanges,developerSyncPlanned`,
    replace: `developerSyncAudit,developerSyncPlanned`,
    caughtBy: [operations],
  },
  {
    name: 'The runbook names a setting of the deployment that there is not',
    file: 'docs/runbook.md',
    find: `Do not raise the limit to get rid of the alert.`,
    replace: `Raise \`policies.deletion_limit\` to get rid of the alert.`,
    caughtBy: [operations],
  },
  {
    name: 'Tokens are sent to whatever address is set, unencrypted',
    file: 'shared/config/config.ts',
    find: `return (protocol === 'https:' || isLoopback) && username === '' && password === '';`,
    replace: `return (protocol !== '' || isLoopback) && username === '' && password === '';`,
    caughtBy: ['test/shared/config/config.test.ts'],
  },
  {
    name: 'More batches at once make as many calls for each',
    file: 'shared/wiring/people-at-once.ts',
    find: `callsForOne / batchesAtOnce)`,
    replace: `callsForOne / Math.min(4, batchesAtOnce))`,
    caughtBy: ['test/shared/wiring/people-at-once.test.ts'],
  },
  {
    name: 'An edit whose push failed counts as one that no event brought',
    file: 'shared/sync/result.ts',
    find: `const couldBePushed = link?.failure === undefined && link?.hold === undefined;`,
    replace: `const couldBePushed = link?.hold === undefined;`,
    caughtBy: ['test/shared/run/missed-edits.test.ts'],
  },
  {
    name: 'An edit of a moment ago counts as one that no event brought',
    file: 'shared/sync/result.ts',
    find: `now() - portal.user.updatedAt > pushedWithin;`,
    replace: `now() - portal.user.updatedAt >= 0;`,
    caughtBy: ['test/shared/run/missed-edits.test.ts'],
  },
];

export const watching: readonly PlantedDefect[] = planted.map((defect) => ({ rules: [], ...defect }));
