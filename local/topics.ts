import { PubSub, type Subscription } from '@google-cloud/pubsub';
import { deadLetterTopic, holdSubscription } from '../shared/messages/dead-letters.ts';

export interface TopicsOptions {
  /** `host:port` of the Pub/Sub emulator. */
  readonly host: string;
  readonly project: string;
  /** Topics, each with the address that its messages are pushed to. */
  readonly push: Readonly<Record<string, string>>;
  /**
   * Seconds between deliveries of a message that was not taken. Default: 1 to 10, short, since somebody is watching.
   */
  readonly backoff?: { readonly minimum: number; readonly maximum: number };
  /** After so many deliveries a message goes to the dead letters; from 5 to 100, default 10. */
  readonly maxDeliveryAttempts?: number;
}

/** How long Pub/Sub waits for a function's answer, seconds: the longest that it can. */
const ackDeadline = 600;

export interface Topics {
  publish(topic: string, json: unknown, attributes?: Readonly<Record<string, string>>): Promise<void>;
  /** Called with the topic when one of its messages went to the dead letters. Returns how to stop. */
  onDeadLetter(listener: (topic: string) => void): () => void;
  close(): Promise<void>;
}

/**
 * Makes the topics and their push subscriptions as they are deployed: with the longest ack deadline, a backoff, and for
 * each topic a dead letter topic, whose subscription keeps the messages that no function took.
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
      // Fails only when the emulator ends, and with it the stack.
      deadLetters.on('error', () => undefined);
    });
    await Promise.all(creating);
  } catch (error) {
    await pubsub.close();
    throw error;
  }
  // Whoever publishes waits to see it arrive: a message does not wait for others.
  const atOnce = { batching: { maxMessages: 1, maxMilliseconds: 0 } };
  const open = new Map(Object.keys(push).map((topic) => [topic, pubsub.topic(topic, atOnce)]));
  return {
    async publish(topic, json, attributes = {}) {
      await open.get(topic)?.publishMessage({ data: Buffer.from(JSON.stringify(json)), attributes });
    },
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
  // A second subscription, of our own, so that watching takes nothing away from the one that keeps messages.
  const [watch] = await deadLetters.createSubscription(`${name}-dead-watch`);
  await topic.createSubscription(`${name}-push`, {
    pushEndpoint,
    ackDeadlineSeconds: ackDeadline,
    retryPolicy: { minimumBackoff: { seconds: backoff.minimum }, maximumBackoff: { seconds: backoff.maximum } },
    deadLetterPolicy: { deadLetterTopic: deadLetters.name, maxDeliveryAttempts },
  });
  return watch;
}
