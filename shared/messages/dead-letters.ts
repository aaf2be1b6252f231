export function deadLetterTopic(topic: string): string {
  return `${topic}-dead`;
}

/**
 * The subscription that keeps what could not be handled on a topic. Terraform (modules/push-worker) and the local stack
 * make it under this name.
 */
export function holdSubscription(topic: string): string {
  return `${deadLetterTopic(topic)}-hold`;
}

/** The attributes that the message was published with: Pub/Sub adds where it was a dead letter, and how often tried. */
export function originalAttributes(attributes: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(attributes).filter(([name]) => !name.startsWith('CloudPubSubDeadLetter')));
}
