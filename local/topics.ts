import { PubSub } from '@google-cloud/pubsub';

export interface TopicsOptions {
  /** `host:port` of the Pub/Sub emulator. */
  readonly host: string;
  readonly project: string;
  /** Topics, each with the address its messages are pushed to. */
  readonly push: Readonly<Record<string, string>>;
  /** Seconds between deliveries of a message that was not taken; short, since someone is watching. */
  readonly backoff?: { readonly minimum: number; readonly maximum: number };
}

/** Pub/Sub's longest, and how long it waits for a function's answer. Seconds. */
const ackDeadline = 600;
const maxDeliveryAttempts = 10;

/**
 * Makes the topics with their push subscriptions as they are deployed: longest ack deadline, backoff, and a dead letter
 * topic each, with a subscription that keeps what nobody could handle.
 */
export async function createTopics(options: TopicsOptions): Promise<void> {
  const { host, project, push, backoff = { minimum: 1, maximum: 10 } } = options;
  const pubsub = new PubSub({ projectId: project, apiEndpoint: host, emulatorMode: true });
  try {
    await Promise.all(Object.entries(push).map(([topic, url]) => createTopic(pubsub, topic, url, backoff)));
  } finally {
    await pubsub.close();
  }
}

async function createTopic(
  pubsub: PubSub,
  name: string,
  pushEndpoint: string,
  { minimum, maximum }: NonNullable<TopicsOptions['backoff']>,
): Promise<void> {
  const [[topic], [deadLetters]] = await Promise.all([pubsub.createTopic(name), pubsub.createTopic(`${name}-dead`)]);
  await deadLetters.createSubscription(`${name}-dead`);
  await topic.createSubscription(`${name}-push`, {
    pushEndpoint,
    ackDeadlineSeconds: ackDeadline,
    retryPolicy: { minimumBackoff: { seconds: minimum }, maximumBackoff: { seconds: maximum } },
    deadLetterPolicy: { deadLetterTopic: deadLetters.name, maxDeliveryAttempts },
  });
}
