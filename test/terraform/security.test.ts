import { expect, test } from 'vitest';
import { stateCollections } from '../../shared/state/firestore/names.ts';
import { memberOf } from './evaluate/expressions.ts';
import { textOf } from './evaluate/values.ts';
import { read } from './hcl.ts';
import { deployments } from './settings.ts';

const rules = read('docs/firestore.rules').replaceAll(/\/\/.*$/gm, '');

test('the sample of security rules takes every collection of ours for ours, and none of the portal’s', () => {
  const pattern = /function ours\(collection\) \{\s*return collection\.matches\('([^']+)'\);/.exec(rules)?.[1] ?? '';
  // Firestore's `matches` is about the whole text.
  const ours = new RegExp(`^(?:${pattern})$`);
  expect(Object.values<string>({ ...stateCollections('developerSync') }).filter((name) => !ours.test(name))).toEqual(
    [],
  );
  expect(['portalUsers', 'users', 'orders'].filter((name) => ours.test(name))).toEqual([]);
});

test('nothing in the sample is allowed for a collection of any name unless it is not ours', () => {
  const allows = [...rules.matchAll(/match (\/\S+) \{([^{}]*)\}/g)].flatMap(([, path = '', body = '']) =>
    [...body.matchAll(/allow ([\w, ]+): if ([^;]+);/g)].map(([, , condition = '']) => ({ path, condition })),
  );
  expect(allows.length).toBeGreaterThan(2);
  for (const { path, condition } of allows.filter(({ path }) => path.startsWith('/{'))) {
    expect(path).toBe('/{collection}/{rest=**}');
    expect(condition).toContain('&& !ours(collection)');
    expect(condition).not.toContain('||');
  }
  expect(rules).not.toMatch(/allow [^;]*: if true|allow [^:;]*;/);
});

test('the condition for the deployer names exactly the roles that are granted on the project', () => {
  const { expression } = JSON.parse(read('terraform/deployer-condition.json')) as { readonly expression: string };
  const [, listed = ''] =
    /^api\.getAttribute\('iam\.googleapis\.com\/modifiedGrantsByRole', \[\]\)\.hasOnly\(\[(.*)\]\)$/.exec(expression) ??
    [];
  const allowed = [...listed.matchAll(/'([^']+)'/g)].map(([, role]) => role);
  const granted = Object.values(deployments)
    .flatMap(({ resources }) => resources.filter(({ type }) => type === 'google_project_iam_member'))
    .filter(({ values }) => memberOf(values, 'project') === 'my-portal')
    .map(({ values }) =>
      textOf(memberOf(values, 'role')).replace('my-portal', 'PROJECT').replace('sync_eu', 'developer_sync'),
    );
  expect(allowed.toSorted()).toEqual([...new Set(granted)].sort());
  // As many as IAM allows in one condition.
  expect(allowed.length).toBeLessThanOrEqual(10);
});
