export function deadLetterTopic(topic: string): string {
  return `${topic}-dead`;
}

/**
 * The subscription that keeps the messages of a topic that could not be handled. Terraform (modules/push-worker) and the
 * local stack create it under this name.
 */
export function holdSubscription(topic: string): string {
  return `${deadLetterTopic(topic)}-hold`;
}

/** The attributes that the message was published with, without those that Pub/Sub adds to a dead letter. */
export function originalAttributes(attributes: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(attributes).filter(([name]) => !name.startsWith('CloudPubSubDeadLetter')));
}
