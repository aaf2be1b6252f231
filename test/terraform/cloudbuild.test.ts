import { expect, test } from 'vitest';
import { read } from './hcl.ts';

const text = read('cloudbuild.yaml');
const steps = text.split(/^ {2}- id: /m).slice(1);
const ids = steps.map((step) => /^[\w-]+/.exec(step)?.[0] ?? '');

test('every image has an exact version', () => {
  const images = [...text.matchAll(/^ {4}name: (.+)$/gm)].map(([, image]) => image ?? '');
  expect(images).toHaveLength(steps.length);
  for (const image of images) expect(image).toMatch(/^[\w./-]+:\d+\.\d+\.\d+[\w-]*$/);
});

test('every step has a time limit and waits only for steps that exist', () => {
  for (const step of steps) {
    expect(step).toMatch(/^ {4}timeout: \d+s$/m);
    const awaited = /^ {4}waitFor: \[(.*)\]$/m.exec(step)?.[1]?.split(', ') ?? [];
    expect(awaited.length).toBeGreaterThan(0);
    expect(awaited.filter((id) => id !== "'-'" && !ids.includes(id))).toEqual([]);
  }
});

test('nothing is planned before it was built, tested and checked, and only that plan is applied', () => {
  const plan = steps.find((step) => step.startsWith('plan')) ?? '';
  expect(plan).toContain('waitFor: [types, lint, test, build, terraform-check]');
  const apply = steps.find((step) => step.startsWith('apply')) ?? '';
  expect(apply).toContain('waitFor: [plan]');
  expect(apply).toMatch(/terraform -chdir=terraform apply .*tfplan$/m);
});

test('every substitution that is used has a default or comes from Cloud Build', () => {
  const used = new Set([...text.matchAll(/\$\{?(_[A-Z_]+)/g)].map(([, name]) => name ?? ''));
  const declared = [...text.matchAll(/^ {2}(_[A-Z_]+):/gm)].map(([, name]) => name ?? '');
  expect([...used].sort()).toEqual(declared.sort());
});
