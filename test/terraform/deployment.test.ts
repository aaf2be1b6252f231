import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { consolePart, deployedPackage, functionsPart } from '../../scripts/build/deployed-package.ts';
import { memoryMiB } from '../../local/emulated-stack.ts';
import { batchAllowance, fanOutAllowance, pullAllowance, pushAllowance } from '../../shared/wiring/allowances.ts';
import { blocksOf, read, readModule } from './hcl.ts';

const folder = fileURLToPath(new URL('../../terraform', import.meta.url));

test('Terraform files are formatted', ({ skip }) => {
  const version = spawnSync('terraform', ['version'], { encoding: 'utf8' });
  skip(version.error !== undefined, 'there is no terraform on the PATH');
  const checked = spawnSync('terraform', ['fmt', '-check', '-recursive', '-diff'], { cwd: folder, encoding: 'utf8' });
  expect({ status: checked.status, differences: checked.stdout }).toEqual({ status: 0, differences: '' });
});

test('the functions are deployed under the names by which the code registers them', () => {
  const registered = readdirSync(new URL('../../functions', import.meta.url))
    .filter((name) => name.endsWith('.ts'))
    .flatMap((name) => [...read(`functions/${name}`).matchAll(/^(?:http|cloudEvent)\('([\w-]+)'/gm)])
    .map(([, name]) => name);
  const deployed = [...readModule('terraform').matchAll(/^ +entry_point += "([\w-]+)"/gm)].map(([, name]) => name);
  expect(deployed.sort()).toEqual(registered.sort());
});

test.each([functionsPart, consolePart])('the runtime is the one that the $suffix are made for', (part) => {
  const product = { name: 'product', version: '1.0.0', license: 'Apache-2.0', dependencies: {} };
  const runtime = /runtime += "nodejs(\d+)"/.exec(readModule('terraform/modules/function'))?.[1];
  expect(deployedPackage(product, [], part).engines.node).toBe(runtime);
});

test('the local stack gives the functions the memory that they have where they are deployed', () => {
  const sizes = [
    ...readModule('terraform').matchAll(
      /^ {4}(\w+) = optional\(object\(\{[^}]*?memory += optional\(string, "(\d+)(Mi|Gi)"\)/gm,
    ),
  ];
  const deployed = sizes.map(([, name = '', number, unit]) => [
    name.replaceAll('_', '-'),
    Number(number) * (unit === 'Gi' ? 1024 : 1),
  ]);
  const pull = /^variable "pull" .*?memory += optional\(string, "(\d+)Mi"\)/ms.exec(readModule('terraform'))?.[1];
  expect({ ...Object.fromEntries(deployed), 'pull-apigee-edit': Number(pull) }).toEqual(memoryMiB);
});

describe('time limits leave the work enough time', () => {
  const waits = Number(/ack_deadline_seconds = (\d+)/.exec(read('terraform/functions.tf'))?.[1]) * 1000;
  const trigger = Number(/timeout_seconds += (\d+)/.exec(read('terraform/functions.tf'))?.[1]) * 1000;

  test.each([
    ['fan-out', fanOutAllowance, waits],
    ['reconcile-batch', batchAllowance, waits],
    ['push-portal-edit', pushAllowance, trigger],
    ['pull-apigee-edit', pullAllowance, waits],
  ])('%s is over, with the last person it began, before its time is up', (_name, { workMs, timing }, limit) => {
    expect(workMs + timing.leaseWaitMs).toBeLessThan(limit);
  });
});

describe('the README', () => {
  const readme = read('terraform/README.md');

  test('explains every variable, and none that is gone', () => {
    const explained = [...readme.matchAll(/^\| `(\w+)` \|/gm)].map(([, name]) => name);
    const text = readModule('terraform');
    expect(explained.sort()).toEqual([...blocksOf(text, 'variable'), ...blocksOf(text, 'output')].sort());
  });
});

describe('nothing is public, and no text of the deployment holds a credential', () => {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.tf'));

  test.each(files)('%s', (file) => {
    expect(readFileSync(`${folder}/${file}`, 'utf8')).not.toMatch(
      /allUsers|allAuthenticatedUsers|\bsecret_data\b|PRIVATE KEY/,
    );
  });
});

test.each(['terraform', ...modulePaths()])('every variable and output of %s says what it is', (path) => {
  const text = readModule(path);
  const described = text.match(/^ {2}description += /gm) ?? [];
  expect(described.length).toBeGreaterThanOrEqual(blocksOf(text, 'variable').length + blocksOf(text, 'output').length);
});

function modulePaths(): readonly string[] {
  return readdirSync(`${folder}/modules`).map((name) => `terraform/modules/${name}`);
}
