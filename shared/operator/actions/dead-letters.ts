import type { PushedMessage } from '../../messages/push-envelope.ts';

/** The messages nobody could handle, and the topics they were for. */
export interface DeadLetters {
  /**
   * Hands over what a subscription keeps, until `limit` messages were or none came for a while. `taken`: the message is
   * taken off; otherwise, or if the handler throws, it stays. Throws Refusal where the subscription cannot be read.
   */
  each(
    subscription: string,
    limit: number,
    handle: (message: PushedMessage) => Promise<'taken' | 'left'>,
  ): Promise<void>;
  /** Resolves once the message is kept. */
  publish(topic: string, data: string, attributes: Readonly<Record<string, string>>): Promise<void>;
  close(): Promise<void>;
}

export type OpenDeadLetters = (project: string) => Promise<DeadLetters>;
