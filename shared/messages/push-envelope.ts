import { z } from 'zod';

/** A Pub/Sub message as pushed to a function. */
export interface PushedMessage {
  readonly messageId: string;
  /** Ms since the epoch. */
  readonly publishTime: number;
  readonly attributes: Readonly<Record<string, string>>;
  /** Decoded text; empty where the message has no body. */
  readonly data: string;
  readonly subscription: string;
}

/** A value, or why there is none: a sentence that says what is wrong. */
export type Parsed<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly problem: string };

/** Bytes. None of our messages comes near the first; a log entry has 256 KiB at most. Pub/Sub itself allows 10 MB. */
const longest = { message: 64 * 1024, entry: 1024 * 1024 } as const;

// The emulator sends snake_case twins and leaves deliveryAttempt out; unknown members are Pub/Sub's to add.
const envelopeOf = (longestData: number) =>
  z.object({
    message: z.object({
      messageId: z.string().min(1).max(200),
      publishTime: z.iso.datetime({ offset: true }).optional(),
      attributes: z.record(z.string(), z.string()).nullish(),
      data: z
        .base64()
        .max(longestData * 2)
        .nullish(),
    }),
    subscription: z.string().max(1000).optional(),
  });
const envelopes = { message: envelopeOf(longest.message), entry: envelopeOf(longest.entry) } as const;

/**
 * Reads the wrapped push request, `{message: {data, attributes, messageId, publishTime}, subscription}`.
 * `now` stands in for a missing publish time. `carries`: one of our messages, or a log entry.
 * @see https://cloud.google.com/pubsub/docs/push
 */
export function readPushEnvelope(
  body: unknown,
  now: number,
  carries: keyof typeof longest = 'message',
): Parsed<PushedMessage> {
  const parsed = envelopes[carries].safeParse(body);
  if (!parsed.success) {
    // Names only members that we know: the name of an attribute may be anything, also an email (rule 27).
    const where = new Set(parsed.error.issues.map(({ path }) => path.slice(0, 2).join('.') || 'the request body'));
    return {
      ok: false,
      problem: `not a Pub/Sub push request: ${[...where].join(', ')} is missing or of the wrong kind`,
    };
  }
  const { message, subscription } = parsed.data;
  const data = Buffer.from(message.data ?? '', 'base64');
  if (data.length > longest[carries])
    return { ok: false, problem: `the message is longer than ${String(longest[carries])} bytes` };
  return {
    ok: true,
    value: {
      messageId: message.messageId,
      publishTime: message.publishTime === undefined ? now : Date.parse(message.publishTime),
      attributes: message.attributes ?? {},
      data: data.toString('utf8'),
      subscription: subscription ?? '',
    },
  };
}
