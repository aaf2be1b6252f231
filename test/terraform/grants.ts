import type { Deployment, Resource } from './evaluate/deployment.ts';
import { memberOf } from './evaluate/expressions.ts';
import { listOf, plain, textOf, type Value } from './evaluate/values.ts';

/** What a grant is on, by the attribute that names it. The first that is there counts. */
const places = [
  'service_account_id',
  'repository',
  'topic',
  'subscription',
  'secret_id',
  'bucket',
  'crypto_key_id',
  'cloud_run_service_name',
  'name',
  'dataset_id',
  'project',
];

/**
 * Every grant that is made, one a line: who, role, on what, and on which condition. Whatever is called `…_iam_…` counts,
 * and so does a resource of a kind nobody thought of: it is told whole.
 */
export function grantsOf({ resources }: Deployment): readonly string[] {
  return resources
    .filter(({ type }) => type.includes('_iam_') && !type.endsWith('_iam_custom_role'))
    .map(told)
    .toSorted();
}

function told({ type, values }: Resource): string {
  const place = places.find((name) => name in values);
  const where = place === undefined ? undefined : values[place];
  if (!type.endsWith('_iam_member') || where === undefined) return JSON.stringify([type, plain(values)]);
  const on = `${place === 'project' ? 'project ' : ''}${textOf(where)}`;
  const condition = conditionOf(values['condition']);
  return `${short(textOf(values['member'] ?? null))} is ${short(textOf(values['role'] ?? null))} on ${short(on)}${condition}`;
}

function conditionOf(value: Value | undefined): string {
  if (value === undefined) return '';
  return ` if ${listOf(value)
    .map((condition) => textOf(memberOf(condition, 'expression')))
    .join(' and ')}`;
}

function short(text: string): string {
  return text
    .replace(/^serviceAccount:/, '')
    .replace(/@my-portal\.iam\.gserviceaccount\.com$/, '')
    .replace(/\.iam\.gserviceaccount\.com$/, '');
}

/** What our own roles allow. */
export function rolesOf({ resources }: Deployment): Readonly<Record<string, readonly string[]>> {
  const roles = resources.filter(({ type }) => type.endsWith('_iam_custom_role'));
  return Object.fromEntries(
    roles.map(({ values }) => [
      textOf(values['role_id'] ?? null),
      (plain(values['permissions'] ?? []) as readonly string[]).toSorted(),
    ]),
  );
}

/** As whom everything runs that runs as somebody: resource, and the accounts that it names. */
export function accountsOf({ resources }: Deployment): readonly string[] {
  return resources.flatMap(({ address, type, values }) => {
    if (type.includes('_iam_') || type === 'google_service_account') return [];
    const named =
      JSON.stringify(plain(values)).match(/"[a-z_]*(?:service_account|account_email)[a-z_]*":"[^"]*"/g) ?? [];
    return named.map(
      (name) =>
        `${address} ${name
          .replaceAll('"', '')
          .replace(/projects\/my-portal\/serviceAccounts\//, '')
          .replace('@my-portal.iam.gserviceaccount.com', '')}`,
    );
  });
}
