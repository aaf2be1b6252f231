import { textOf, type Values } from './values.ts';

type Answer = (values: Values) => string;

const of = (values: Values, name: string): string => textOf(values[name] ?? null);
const email: Answer = (account) => `${of(account, 'account_id')}@${of(account, 'project')}.iam.gserviceaccount.com`;
const accountPath: Answer = (account) => `projects/${of(account, 'project')}/serviceAccounts/${email(account)}`;

/** What Google Cloud answers about what was made, by type and attribute: what others are told of it. */
const answers: Readonly<Record<string, Readonly<Record<string, Answer>>>> = {
  google_service_account: {
    email,
    member: (account) => `serviceAccount:${email(account)}`,
    name: accountPath,
    id: accountPath,
  },
  google_project_iam_custom_role: {
    id: (role) => `projects/${of(role, 'project')}/roles/${of(role, 'role_id')}`,
  },
  google_pubsub_topic: { id: (topic) => `projects/${of(topic, 'project')}/topics/${of(topic, 'name')}` },
  google_pubsub_subscription: {
    id: (subscription) => `projects/${of(subscription, 'project')}/subscriptions/${of(subscription, 'name')}`,
  },
  google_artifact_registry_repository: {
    name: (repository) => of(repository, 'repository_id'),
    id: (repository) =>
      `projects/${of(repository, 'project')}/locations/${of(repository, 'location')}/repositories/${of(repository, 'repository_id')}`,
  },
  google_cloud_run_v2_service: { uri: (service) => `https://${of(service, 'name')}.run.app` },
  google_cloudfunctions2_function: {
    'service_config.0.uri': (service) => `https://${of(service, 'name')}.run.app`,
  },
};

/** What is answered for an attribute that was not set: what is known of it, or a text that says what it is. */
export function answerOf(type: string, address: string, values: Values, path: string): string {
  return answers[type]?.[path]?.(values) ?? `«${address}.${path}»`;
}

/** What is there already. */
export const found: Readonly<Record<string, Values>> = {
  google_project: { number: '123456789', org_id: '987', folder_id: '' },
};
