import type { Publisher } from './publisher.ts';

export type TopicRole = 'requests' | 'batches';

/** Sends one message, its body as JSON. Resolves with the message id once the message is stored. */
export type SendMessage = (
  topic: TopicRole,
  json: unknown,
  attributes: Readonly<Record<string, string>>,
) => Promise<string>;

/** Builds our messages, for any way of sending them; `sync-messages.ts` reads them. */
export function publisherOver(send: SendMessage): Publisher {
  return {
    requestSync: ({ mode, dryRun, reason, unattended }, runId) =>
      send('requests', { mode, dryRun, reason }, { runId, ...(unattended === true ? { unattended: 'true' } : {}) }),
    async continueRun(runId) {
      await send('requests', {}, { continue: runId });
    },
    async publishBatch({ runId, phase, seq }) {
      await send('batches', { runId, phase, seq }, {});
    },
  };
}
