import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { listen, readBody } from './local-server.ts';
import { newPending } from './pending.ts';

/**
 * When an event that was not taken is delivered again, ms. The wait doubles each time, from `first` up to `longest`.
 */
export interface RelayTiming {
  readonly first: number;
  readonly longest: number;
  /** How long to wait for an answer: ten seconds on the subscriptions that Eventarc makes. */
  readonly deadline: number;
}

export interface PortalEvent {
  /** Path of the document within its database. */
  readonly document: string;
}

export interface Delivered extends PortalEvent {
  readonly attempts: number;
}

/** How an event is delivered: once per entry, after so many ms. `[]` loses it, `[0, 0]` doubles it. */
export type Delays = (event: PortalEvent) => readonly number[];

/**
 * Stands in for Eventarc between the Firestore emulator and a function. The emulator posts each event once, with its
 * body in base64, whatever is answered; the relay decodes the event and delivers it until the function takes it. Events
 * wait in memory and are delivered in parallel, in no order, as Eventarc does.
 */
export interface EventarcRelay {
  /** `host:port`, for the Firestore emulator. */
  readonly host: string;
  /** Says where events go. Until then they wait. */
  deliverTo(url: string): void;
  /** Called when the function has taken an event. Returns how to stop. */
  onDelivered(listener: (delivered: Delivered) => void): () => void;
  /** From now on loses, doubles or delays events as `delays` says. Undefined: each is delivered once, at once. */
  disturb(delays: Delays | undefined): void;
  /** Keeps new events until `resume()` delivers them, in the order in which they came or in reverse. */
  pause(): void;
  resume(order?: 'as-received' | 'reversed'): void;
  /** How many events were received and are neither taken nor lost. */
  readonly pending: number;
  /** Resolves when nothing is pending. */
  idle(): Promise<void>;
  close(): Promise<void>;
}

const defaultTiming: RelayTiming = { first: 200, longest: 10_000, deadline: 10_000 };

export async function startEventarcRelay(timing: RelayTiming = defaultTiming): Promise<EventarcRelay> {
  const closing = new AbortController();
  const { promise: target, resolve: deliverTo } = Promise.withResolvers<string>();
  const listeners = new Set<(delivered: Delivered) => void>();
  let delays: Delays = () => [0];
  let paused: (() => void)[] | undefined;
  const pending = newPending();

  async function deliver(event: ReceivedEvent, delay: number): Promise<void> {
    const { signal } = closing;
    if (delay > 0) await sleep(delay, undefined, { signal });
    const url = await target;
    for (let attempts = 1; ; attempts += 1) {
      if (await post(url, event, timing.deadline, signal)) {
        for (const listener of listeners) listener({ document: event.document, attempts });
        return;
      }
      await sleep(Math.min(timing.longest, timing.first * 2 ** (attempts - 1)), undefined, { signal });
    }
  }

  function receive(event: ReceivedEvent): void {
    for (const delay of delays(event)) {
      pending.begin();
      // A delivery fails only where the relay is closed before the event was taken.
      const begin = (): void =>
        void deliver(event, delay)
          .catch(() => undefined)
          .finally(() => pending.end());
      if (paused === undefined) begin();
      else paused.push(begin);
    }
  }

  const server = await listen((request, response) => {
    readEvent(request).then(
      (event) => {
        receive(event);
        response.writeHead(204).end();
      },
      () => response.destroy(),
    );
  });

  return {
    host: new URL(server.url).host,
    deliverTo,
    onDelivered(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    disturb(wanted) {
      delays = wanted ?? (() => [0]);
    },
    pause() {
      paused ??= [];
    },
    resume(order = 'as-received') {
      const kept = paused ?? [];
      paused = undefined;
      for (const begin of order === 'reversed' ? kept.toReversed() : kept) begin();
    },
    get pending() {
      return pending.count;
    },
    idle: () => pending.idle(),
    async close() {
      closing.abort();
      deliverTo('');
      await server.close();
    },
  };
}

interface ReceivedEvent extends PortalEvent {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer<ArrayBuffer>;
}

/** Reads a CloudEvent in binary mode, posted to `/functions/projects/P/triggers/ID`. */
async function readEvent(request: IncomingMessage): Promise<ReceivedEvent> {
  const body = Buffer.from((await readBody(request)).toString('latin1'), 'base64');
  const headers = cloudEventHeaders(request.headers);
  const document = headers['ce-document'] ?? headers['ce-subject']?.replace(/^documents\//, '') ?? '';
  return { document, headers, body };
}

function cloudEventHeaders(headers: IncomingHttpHeaders): Record<string, string> {
  const kept: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (typeof value === 'string' && (name.startsWith('ce-') || name === 'content-type')) kept[name] = value;
  }
  return kept;
}

async function post(
  url: string,
  { headers, body }: ReceivedEvent,
  deadline: number,
  closing: AbortSignal,
): Promise<boolean> {
  closing.throwIfAborted();
  const signal = AbortSignal.any([closing, AbortSignal.timeout(deadline)]);
  try {
    const response = await fetch(url, { method: 'POST', headers, body, signal });
    await response.body?.cancel();
    return response.ok;
  } catch {
    return false;
  }
}
