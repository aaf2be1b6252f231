import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import type { Resource } from './evaluate/deployment.ts';
import { memberOf } from './evaluate/expressions.ts';
import { entriesOf, listOf, numberOf, plain, textOf, type Value } from './evaluate/values.ts';
import { aligners, platformMetrics, readMonitoringFilter } from './monitoring.ts';
import { deployments } from './settings.ts';

const { resources } = deployments.everything;
const ofType = (type: string): readonly Resource[] => resources.filter((resource) => resource.type === type);
const namesOf = (type: string): readonly string[] => ofType(type).map(({ values }) => textOf(memberOf(values, 'name')));

const known = {
  service: [...namesOf('google_cloudfunctions2_function'), ...namesOf('google_cloud_run_v2_service')],
  subscription: namesOf('google_pubsub_subscription'),
  database: ['people'],
  sink: namesOf('google_logging_project_sink'),
};
const logMetrics = new Map<string, 'DELTA' | 'DISTRIBUTION'>(
  ofType('google_logging_metric').map(({ values }) => {
    const [descriptor] = listOf(memberOf(values, 'metric_descriptor'));
    const kind = memberOf(descriptor ?? null, 'value_type') === 'DISTRIBUTION' ? 'DISTRIBUTION' : 'DELTA';
    return [`logging.googleapis.com/user/${textOf(memberOf(values, 'name'))}`, kind] as const;
  }),
);

interface Question {
  readonly where: string;
  readonly filter: string;
  readonly aligner: string | undefined;
}

const tile = z.object({
  widget: z.object({
    title: z.string(),
    xyChart: z
      .object({
        dataSets: z.array(
          z.object({
            timeSeriesQuery: z.object({
              timeSeriesFilter: z.object({
                filter: z.string(),
                aggregation: z.object({ perSeriesAligner: z.string(), alignmentPeriod: z.string() }),
              }),
            }),
          }),
        ),
      })
      .optional(),
  }),
});

const charted: readonly Question[] = ofType('google_monitoring_dashboard').flatMap(({ values }) => {
  const { tiles } = z
    .object({ mosaicLayout: z.object({ tiles: z.array(tile) }) })
    .parse(JSON.parse(textOf(memberOf(values, 'dashboard_json')))).mosaicLayout;
  return tiles.flatMap(({ widget }) =>
    (widget.xyChart?.dataSets ?? []).map(({ timeSeriesQuery: { timeSeriesFilter } }) => ({
      where: `chart ${widget.title}`,
      filter: timeSeriesFilter.filter,
      aligner: timeSeriesFilter.aggregation.perSeriesAligner,
    })),
  );
});

const conditions = ofType('google_monitoring_alert_policy').flatMap(({ address, values }) =>
  listOf(memberOf(values, 'conditions')).flatMap((condition) =>
    ['condition_threshold', 'condition_absent']
      .flatMap((kind) => partsOf(condition, kind))
      .map((part) => ({ address, part })),
  ),
);
const alerting: readonly Question[] = conditions
  .map(({ address, part }) => {
    const [aggregation] = partsOf(part, 'aggregations');
    const aligner = aggregation === undefined ? undefined : textOf(memberOf(aggregation, 'per_series_aligner'));
    return { where: address, filter: textOf(memberOf(part, 'filter')), aligner };
  })
  .filter(({ filter }) => !filter.startsWith('select_slo_burn_rate'));

const promised: readonly Question[] = ofType('google_monitoring_slo').flatMap(({ address, values }) =>
  textsIn(plain(values), /filter|time_series/).map((filter) => ({ where: address, filter, aligner: undefined })),
);

test('there are charts, alerts and promises to look at', () => {
  expect([charted.length > 20, alerting.length > 7, promised.length]).toEqual([true, true, 2]);
});

describe('what is charted, alerted on and promised is measured, on the resources that there are', () => {
  test.each([...charted, ...alerting, ...promised])('$where: $filter', ({ filter, aligner }) => {
    const { metric, resource, labels } = readMonitoringFilter(filter);
    const platform = platformMetrics[metric];
    const kind = platform?.kind ?? logMetrics.get(metric);
    if (kind === undefined) throw new Error(`nobody measures ${metric}`);
    expect(resource).toBe(platform?.resource ?? 'cloud_run_revision');
    if (aligner !== undefined) expect(aligners[kind]).toContain(aligner);
    for (const { name, values, how } of labels) {
      const allowed = platform?.labels[name];
      if (allowed === undefined) throw new Error(`${metric} has no label ${name}`);
      expect(values.length).toBeGreaterThan(0);
      // Eventarc makes a subscription of its own, whose name has the function's in it.
      const things = how === 'has_substring' ? known.service : typeof allowed === 'string' ? known[allowed] : allowed;
      expect(values.filter((value) => !things.includes(value))).toEqual([]);
    }
  });
});

describe('no alert is raised while all is quiet, and each can be', () => {
  test.each(conditions.filter(({ part }) => entriesOf(part).some(([name]) => name === 'comparison')))(
    '$address',
    ({ part }) => {
      const threshold = numberOf(memberOf(part, 'threshold_value'));
      const filter = textOf(memberOf(part, 'filter'));
      const comparison = textOf(memberOf(part, 'comparison'));
      if (filter.includes('/run_completed"')) {
        // Fewer than one within the time is too few; one is enough.
        expect([comparison, threshold]).toEqual(['COMPARISON_LT', 1]);
      } else {
        expect(comparison).toBe('COMPARISON_GT');
        expect(threshold).toBeGreaterThanOrEqual(0);
      }
    },
  );

  test.each(ofType('google_monitoring_alert_policy'))(
    '$address reaches the channels and says what to do',
    ({ values }) => {
      expect(plain(memberOf(values, 'notification_channels'))).toEqual(['projects/my-portal/notificationChannels/13']);
      const [documentation] = listOf(memberOf(values, 'documentation'));
      expect(textOf(memberOf(documentation ?? null, 'content'))).toMatch(/docs\/runbook\.md, section "[\w-]+"/);
      expect(memberOf(values, 'combiner')).toBe('OR');
    },
  );
});

test('each subscription of work and of dead letters has an alert that looks at it', () => {
  const asked = alerting
    .map(({ filter }) => readMonitoringFilter(filter))
    .filter(({ resource }) => resource === 'pubsub_subscription');
  const looked = asked.flatMap(({ labels }) =>
    labels.filter(({ how }) => how !== 'has_substring').flatMap(({ values }) => values),
  );
  expect([...new Set(looked)].toSorted()).toEqual(known.subscription.toSorted());
});

function partsOf(value: Value, name: string): readonly Value[] {
  const found = entriesOf(value).find(([known]) => known === name);
  return found === undefined ? [] : listOf(found[1]);
}

function textsIn(value: unknown, names: RegExp): readonly string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, member]) =>
    typeof member === 'string' ? (names.test(name) ? [member] : []) : textsIn(member, names),
  );
}
