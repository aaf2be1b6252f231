import { expect, test } from 'vitest';
import { operations } from '../../shared/apigee/developers.ts';
import { logEvents } from '../../shared/log/log.ts';
import { keysOf, read, stringsOf, valueOf } from './hcl.ts';

const metrics = read('terraform/modules/observability/metrics.tf');
const alerts = ['alerts', 'pull'].map((name) => read(`terraform/modules/observability/${name}.tf`)).join('\n');

test('every event of the log is counted, and nothing that is none', () => {
  expect([...keysOf(valueOf(metrics, 'events'))].sort()).toEqual([...logEvents].sort());
});

test('alerts wait for events that exist', () => {
  const waitedFor = [
    ...keysOf(valueOf(alerts, 'log_alerts')),
    ...[...alerts.matchAll(/^ +event += "(\w+)"/gm)].map(([, event]) => event),
  ];
  expect(waitedFor.length).toBeGreaterThan(5);
  expect(waitedFor.filter((event) => !logEvents.some((known) => known === event))).toEqual([]);
});

test("a run's Apigee calls are charted by the operations that are counted", () => {
  expect(stringsOf(valueOf(metrics, 'calls'))).toEqual(operations);
});

test('every alert has its section in the runbook', () => {
  const sections = [...alerts.matchAll(/^ +section += "([\w-]+)"/gm)].map(([, section]) => section);
  expect(sections.length).toBeGreaterThan(8);
  const headings = [...read('docs/runbook.md').matchAll(/^#+ (.+)$/gm)].map(([, heading]) => anchorOf(heading ?? ''));
  expect(sections.filter((section) => !headings.includes(section ?? ''))).toEqual([]);
});

/** As GitHub makes anchors of headings. */
function anchorOf(heading: string): string {
  return heading
    .toLowerCase()
    .replaceAll(/[^\w\s-]/g, '')
    .replaceAll(' ', '-');
}
