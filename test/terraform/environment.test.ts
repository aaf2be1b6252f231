import { expect, test } from 'vitest';
import { consoleVariables } from '../../console/server/deployment.ts';
import { readConfig, variables } from '../../shared/config/config.ts';
import { keysOf, read, readModule, stringsOf, valueOf } from './hcl.ts';

const set = keysOf(valueOf(read('terraform/environment.tf'), 'environment_values'));
const secret = ['LOG_HASH_KEY', 'APIGEE_USERNAME', 'APIGEE_PASSWORD'];
/** For the framework and the logging agent. */
const notOurs = ['LOG_EXECUTION_ID', 'NODE_ENV', 'NODE_OPTIONS'];
/** A static token is for local use. */
const never = ['APIGEE_ACCESS_TOKEN'];

test('the deployment sets every variable that the product reads, and no other', () => {
  const expected = Object.keys(variables).filter((name) => !never.includes(name) && !secret.includes(name));
  expect(set.filter((name) => !notOurs.includes(name)).sort()).toEqual(expected.sort());
  expect(set).toEqual(expect.arrayContaining(notOurs));
});

test('secrets reach the functions from Secret Manager, never as ordinary variables', () => {
  const fromSecrets = stringsOf(read('terraform/secrets.tf')).filter((value) => /^[A-Z_]+$/.test(value));
  expect(fromSecrets.sort()).toEqual(secret.toSorted());
  expect(set.filter((name) => secret.includes(name) || never.includes(name))).toEqual([]);
});

test('the console is deployed with every variable that it reads besides, but for those that its image settles', () => {
  const told = keysOf(
    valueOf(
      read('terraform/console.tf').replace('console_values = local.console_on ?', 'console_values ='),
      'console_values',
    ),
  );
  const settled = ['PORT', 'CONSOLE_PAGE'];
  expect([...told, ...settled].sort()).toEqual(Object.keys(consoleVariables).sort());
});

test("the deployment's defaults are the product's own", () => {
  const text = readModule('terraform');
  const config = readConfig({ APIGEE_ORG: 'org', GOOGLE_CLOUD_PROJECT: 'project' });
  const defaultOf = (field: string): string | undefined =>
    new RegExp(`^ +${field} += optional\\(\\w+, "?([^")]+)"?\\)`, 'm').exec(text)?.[1];
  expect({
    type: defaultOf('type'),
    calls: Number(defaultOf('calls_per_minute')),
    collection: defaultOf('collection'),
    conflict: defaultOf('conflict'),
    portalDelete: defaultOf('portal_delete'),
    apigeeDelete: defaultOf('apigee_delete'),
    limit: Number(defaultOf('destructive_limit')),
    percent: Number(defaultOf('destructive_limit_percent')),
    creation: Number(defaultOf('creation_limit')),
    prefix: /variable "state_prefix" \{[^}]*default += "(\w+)"/.exec(text)?.[1],
    requests: `${/variable "name" \{[^}]*default += "([\w-]+)"/.exec(text)?.[1] ?? ''}-requests`,
  }).toEqual({
    type: config.apigee.type,
    calls: config.apigee.callsPerMinute,
    collection: config.portal.collection,
    conflict: config.conflictPolicy,
    portalDelete: config.portalDeletePolicy,
    apigeeDelete: config.apigeeDeletePolicy,
    limit: config.destructiveLimit,
    percent: config.destructiveLimitPercent,
    creation: config.creationLimit,
    prefix: config.statePrefix,
    requests: config.requestsTopic,
  });
});
