/** Pub/Sub and Eventarc: everything arrives, perhaps twice, late, out of order, in parallel, or never (rule 20). */
export interface Post {
  event(userId: string): void;
  publish(topic: 'requests' | 'batches', json: unknown, attributes?: Readonly<Record<string, string>>): void;
}
