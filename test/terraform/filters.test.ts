import { beforeAll, describe, expect, test } from 'vitest';
import { logEvents } from '../../shared/log/log.ts';
import type { Resource } from './evaluate/deployment.ts';
import { memberOf } from './evaluate/expressions.ts';
import { entriesOf, listOf, textOf, type Value } from './evaluate/values.ts';
import { everythingLogged } from './logged/everything.ts';
import { extracted, logFilter } from './logged/filter.ts';
import { loggedBy, type Logged } from './logged/lines.ts';
import { deployments } from './settings.ts';

const { resources } = deployments.everything;
const ofType = (type: string): readonly Resource[] => resources.filter((resource) => resource.type === type);
const metrics = ofType('google_logging_metric');
const counters = metrics.filter(({ address }) => address.includes('.event['));
const distributions = metrics.filter(({ address }) => address.includes('.distribution['));
const logAlerts = ofType('google_monitoring_alert_policy').flatMap((alert) =>
  conditionsOf(alert, 'condition_matched_log').map((condition) => ({ alert, condition })),
);

const services = [...ofType('google_cloudfunctions2_function'), ...ofType('google_cloud_run_v2_service')].map(
  (service) => textOf(memberOf(service.values, 'name')),
);

let entries: readonly Logged[] = [];

beforeAll(async () => {
  const { functions, console } = await everythingLogged();
  const [first = ''] = services;
  entries = [...loggedBy(first, functions), ...loggedBy('sync-eu-console', console)];
});

test('the handlers were made to say everything that the log knows', () => {
  const said = new Set(entries.map(({ jsonPayload }) => jsonPayload['event']));
  expect(logEvents.filter((event) => !said.has(event))).toEqual([]);
});

test('every event has a counter, and every counter an event', () => {
  expect(counters.map(eventOf).sort()).toEqual([...logEvents].sort());
});

describe('a counter counts exactly the entries of its event that are of no dry run', () => {
  test.each(counters.map((metric) => [eventOf(metric), metric] as const))('%s', (event, metric) => {
    const counted = entries.filter(logFilter(textOf(memberOf(metric.values, 'filter'))));
    expect(counted).toEqual(entries.filter((entry) => entry.jsonPayload['event'] === event && !isDry(entry)));
    expect(counted.length).toBeGreaterThan(0);
    for (const [label, extractor] of entriesOf(memberOf(metric.values, 'label_extractors'))) {
      expect(counted.map((entry) => [label, typeof extracted(textOf(extractor), entry)])).toEqual(
        counted.map(() => [label, 'string']),
      );
    }
    const [descriptor] = listOf(memberOf(metric.values, 'metric_descriptor'));
    expect(labelsOf(descriptor)).toEqual(
      entriesOf(memberOf(metric.values, 'label_extractors')).map(([label]) => label),
    );
    expect([memberOf(descriptor ?? null, 'metric_kind'), memberOf(descriptor ?? null, 'value_type')]).toEqual([
      'DELTA',
      'INT64',
    ]);
  });
});

describe('a distribution takes a number out of every entry that it counts', () => {
  test.each(distributions.map((metric) => [metric.address, metric] as const))('%s', (_, metric) => {
    const counted = entries.filter(logFilter(textOf(memberOf(metric.values, 'filter'))));
    expect(counted.length).toBeGreaterThan(0);
    expect(counted.filter(isDry)).toEqual([]);
    // A run that failed before it was counted has no numbers.
    const withNumbers = counted.filter(({ jsonPayload }) => jsonPayload['event'] !== 'run_failed');
    const values = withNumbers.map((entry) => extracted(textOf(memberOf(metric.values, 'value_extractor')), entry));
    expect(values.map((value) => typeof value)).toEqual(values.map(() => 'number'));
    const [descriptor] = listOf(memberOf(metric.values, 'metric_descriptor'));
    expect([memberOf(descriptor ?? null, 'metric_kind'), memberOf(descriptor ?? null, 'value_type')]).toEqual([
      'DELTA',
      'DISTRIBUTION',
    ]);
  });

  test('and every number that a run ends with has one', () => {
    const ended = entries.find(({ jsonPayload }) => jsonPayload['event'] === 'run_completed');
    const numbers = [...numbersIn('', ended?.jsonPayload['counts']), ...numbersIn('', ended?.jsonPayload['calls'])];
    const taken = distributions.map(
      ({ values }) =>
        /EXTRACT\(jsonPayload\.(?:counts|calls)\.(.+)\)/.exec(textOf(memberOf(values, 'value_extractor')))?.[1],
    );
    expect(taken.filter((name) => name !== undefined).sort()).toEqual(numbers.toSorted());
  });
});

describe('an alert on the log is raised by what the product writes, and by nothing of a dry run', () => {
  test.each(logAlerts.map(({ alert, condition }) => [alert.address, condition] as const))(
    '%s',
    (address, condition) => {
      const raising = entries.filter(logFilter(textOf(memberOf(condition, 'filter'))));
      expect(raising.length).toBeGreaterThan(0);
      expect(raising.filter(isDry)).toEqual([]);
      const key = /\["(\w+)"\]$/.exec(address)?.[1];
      expect(new Set(raising.map(({ jsonPayload }) => jsonPayload['event']))).toEqual(new Set([key]));
    },
  );

  test('and everything that is an error, or waits for somebody, raises one or is counted by one', () => {
    const urgent = entries.filter(
      (entry) => (entry.severity === 'ERROR' || entry.jsonPayload['event'] === 'run_held') && !isDry(entry),
    );
    const filters = logAlerts.map(({ condition }) => logFilter(textOf(memberOf(condition, 'filter'))));
    const charted = ofType('google_monitoring_alert_policy').flatMap((alert) =>
      conditionsOf(alert, 'condition_threshold').map(
        (condition) => /user\/[^"]*?([a-z_]+)"/.exec(textOf(memberOf(condition, 'filter')))?.[1],
      ),
    );
    const unheard = urgent.filter(
      (entry) => !filters.some((filter) => filter(entry)) && !charted.includes(String(entry.jsonPayload['event'])),
    );
    expect(unheard.map(({ jsonPayload }) => jsonPayload['event'])).toEqual([]);
  });
});

test('everything that runs is listened to', () => {
  const said = { ...entries.find(({ jsonPayload }) => jsonPayload['event'] === 'run_failed') } as Logged;
  const from = (service: string): Logged => ({
    ...said,
    resource: { ...said.resource, labels: { service_name: service } },
  });
  for (const metric of metrics.filter((one) => eventOf(one) === 'run_failed')) {
    const filter = logFilter(textOf(memberOf(metric.values, 'filter')));
    expect(services.filter((service) => !filter(from(service)))).toEqual([]);
    expect(filter(from('somebody-else'))).toBe(false);
  }
});

function eventOf({ address }: Resource): string {
  return /\["(\w+)"\]$/.exec(address)?.[1] ?? address;
}

function isDry({ jsonPayload }: Logged): boolean {
  return jsonPayload['dryRun'] === true;
}

function conditionsOf({ values }: Resource, kind: string): readonly Value[] {
  return listOf(memberOf(values, 'conditions')).flatMap((condition) => {
    const found = entriesOf(condition).find(([name]) => name === kind);
    return found === undefined ? [] : listOf(found[1]);
  });
}

function labelsOf(descriptor: Value | undefined): readonly string[] {
  const labels = entriesOf(descriptor ?? {}).find(([name]) => name === 'labels')?.[1] ?? [];
  return listOf(labels).map((label) => textOf(memberOf(label, 'key')));
}

function numbersIn(prefix: string, value: unknown): readonly string[] {
  if (typeof value === 'number') return [prefix];
  return Object.entries(value ?? {}).flatMap(([name, member]) =>
    numbersIn(prefix === '' ? name : `${prefix}.${name}`, member),
  );
}
