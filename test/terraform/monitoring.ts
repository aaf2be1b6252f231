/** What a chart or an alert asks of Cloud Monitoring: `name = value`, `one_of`, `has_substring`, joined by AND. */
export interface Asked {
  readonly metric: string;
  readonly resource: string;
  /** Labels of resource and metric, with the values that pass. */
  readonly labels: readonly { readonly name: string; readonly values: readonly string[]; readonly how: string }[];
}

/** Throws on a filter of another form. */
export function readMonitoringFilter(filter: string): Asked {
  const parts = filter.split(' AND ').map((part) => {
    const found = /^([\w.]+) = (?:(one_of|has_substring|starts_with)\(([^)]*)\)|"([^"]*)")$/.exec(part);
    if (found === null) throw new Error(`not understood in a filter: ${part}`);
    const [, name = '', how = 'is', listed, single] = found;
    const values =
      single === undefined ? [...(listed ?? '').matchAll(/"([^"]*)"/g)].map(([, value = '']) => value) : [single];
    return { name, how, values };
  });
  const only = (name: string): string => {
    const [first, ...more] = parts.filter((part) => part.name === name);
    if (first?.values.length !== 1 || more.length > 0) throw new Error(`${name} is not said once in ${filter}`);
    return first.values[0] ?? '';
  };
  return {
    metric: only('metric.type'),
    resource: only('resource.type'),
    labels: parts.filter(({ name }) => name !== 'metric.type' && name !== 'resource.type'),
  };
}

interface PlatformMetric {
  readonly resource: string;
  readonly kind: 'DELTA' | 'GAUGE';
  readonly labels: Readonly<Record<string, 'service' | 'subscription' | 'database' | 'sink' | readonly string[]>>;
}

const service = { 'resource.labels.service_name': 'service' } as const;
const subscription = { 'resource.labels.subscription_id': 'subscription' } as const;
const documents = {
  resource: 'firestore.googleapis.com/Database',
  kind: 'DELTA',
  labels: { 'resource.labels.database_id': 'database' },
} as const;

/**
 * Google's metrics that we ask for: on which resource they are, and which labels they have.
 * @see https://cloud.google.com/monitoring/api/metrics_gcp
 */
export const platformMetrics: Readonly<Record<string, PlatformMetric>> = {
  'run.googleapis.com/request_count': {
    resource: 'cloud_run_revision',
    kind: 'DELTA',
    labels: { ...service, 'metric.labels.response_code_class': ['1xx', '2xx', '3xx', '4xx', '5xx'] },
  },
  'run.googleapis.com/container/instance_count': { resource: 'cloud_run_revision', kind: 'GAUGE', labels: service },
  'run.googleapis.com/container/billable_instance_time': {
    resource: 'cloud_run_revision',
    kind: 'DELTA',
    labels: service,
  },
  'pubsub.googleapis.com/subscription/num_undelivered_messages': {
    resource: 'pubsub_subscription',
    kind: 'GAUGE',
    labels: subscription,
  },
  'pubsub.googleapis.com/subscription/oldest_unacked_message_age': {
    resource: 'pubsub_subscription',
    kind: 'GAUGE',
    labels: subscription,
  },
  'logging.googleapis.com/exports/error_count': {
    resource: 'logging_sink',
    kind: 'DELTA',
    labels: { 'resource.labels.name': 'sink' },
  },
  'firestore.googleapis.com/document/read_ops_count': documents,
  'firestore.googleapis.com/document/write_ops_count': documents,
  'firestore.googleapis.com/document/delete_ops_count': documents,
};

/** Which aligners go with which kind of metric. */
export const aligners: Readonly<Record<'DELTA' | 'GAUGE' | 'DISTRIBUTION', readonly string[]>> = {
  DELTA: ['ALIGN_SUM', 'ALIGN_DELTA', 'ALIGN_RATE'],
  GAUGE: ['ALIGN_MAX', 'ALIGN_MIN', 'ALIGN_MEAN'],
  DISTRIBUTION: ['ALIGN_DELTA', 'ALIGN_PERCENTILE_50', 'ALIGN_PERCENTILE_95', 'ALIGN_PERCENTILE_99'],
};
