/** Pub/Sub and Eventarc: everything arrives, perhaps twice, late, out of order, in parallel, or never (rule 20). */
export interface Post {
  event(userId: string): void;
  /** A log sink publishes an entry of Apigee's audit log. */
  audit(entry: unknown): void;
  publish(topic: 'requests' | 'batches', json: unknown, attributes?: Readonly<Record<string, string>>): void;
}
