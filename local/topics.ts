import { PubSub, type Subscription } from '@google-cloud/pubsub';
import { deadLetterTopic, holdSubscription } from '../shared/messages/dead-letters.ts';

export interface TopicsOptions {
  /** `host:port` of the Pub/Sub emulator. */
  readonly host: string;
  readonly project: string;
  /** Topics, each with the address its messages are pushed to. */
  readonly push: Readonly<Record<string, string>>;
  /** Seconds between deliveries of a message that was not taken; short, since someone is watching. */
  readonly backoff?: { readonly minimum: number; readonly maximum: number };
  /** Then a message goes to the dead letters; from 5 to 100, default 10. */
  readonly maxDeliveryAttempts?: number;
}

/** Pub/Sub's longest, and how long it waits for a function's answer. Seconds. */
const ackDeadline = 600;

export interface Topics {
  /** Called with the topic when a message of it has been given up. Returns how to stop. */
  onDeadLetter(listener: (topic: string) => void): () => void;
  close(): Promise<void>;
}

/**
 * Makes the topics with their push subscriptions as they are deployed: longest ack deadline, backoff, and a dead letter
 * topic each, with a subscription that keeps what nobody could handle.
 */
export async function createTopics(options: TopicsOptions): Promise<Topics> {
  const { host, project, push, backoff = { minimum: 1, maximum: 10 }, maxDeliveryAttempts = 10 } = options;
  const pubsub = new PubSub({ projectId: project, apiEndpoint: host, emulatorMode: true });
  const listeners = new Set<(topic: string) => void>();
  try {
    const creating = Object.entries(push).map(async ([topic, url]) => {
      const deadLetters = await createTopic(pubsub, topic, url, { backoff, maxDeliveryAttempts });
      deadLetters.on('message', (message) => {
        message.ack();
        for (const listener of listeners) listener(topic);
      });
      // The emulator is going away, and we with it.
      deadLetters.on('error', () => undefined);
    });
    await Promise.all(creating);
  } catch (error) {
    await pubsub.close();
    throw error;
  }
  return {
    onDeadLetter(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    close: () => pubsub.close(),
  };
}

async function createTopic(
  pubsub: PubSub,
  name: string,
  pushEndpoint: string,
  { backoff, maxDeliveryAttempts }: Required<Pick<TopicsOptions, 'backoff' | 'maxDeliveryAttempts'>>,
): Promise<Subscription> {
  const creating = [pubsub.createTopic(name), pubsub.createTopic(deadLetterTopic(name))] as const;
  const [[topic], [deadLetters]] = await Promise.all(creating);
  await deadLetters.createSubscription(holdSubscription(name));
  // One more, of our own: what is kept stays where it is.
  const [watch] = await deadLetters.createSubscription(`${name}-dead-watch`);
  await topic.createSubscription(`${name}-push`, {
    pushEndpoint,
    ackDeadlineSeconds: ackDeadline,
    retryPolicy: { minimumBackoff: { seconds: backoff.minimum }, maximumBackoff: { seconds: backoff.maximum } },
    deadLetterPolicy: { deadLetterTopic: deadLetters.name, maxDeliveryAttempts },
  });
  return watch;
}
