import protobuf from 'protobufjs/light.js';
import type { Parsed } from './push-envelope.ts';

/**
 * The document that an event is about. Nothing else of the event is used: the handler reads what is there now (rule
 * 20).
 */
export interface PortalEvent {
  /** Id of the document that was written or deleted. */
  readonly userId: string;
  /** Path of the collection, within the database. */
  readonly collection: string;
}

/** A CloudEvent as the Functions Framework hands it over: the data is not decoded. */
export interface RawEvent {
  /** A text, unless the sender made something else of it. */
  readonly type: unknown;
  readonly data?: unknown;
  readonly document?: unknown;
  /** When the document was written, as RFC 3339 has it. */
  readonly time?: unknown;
  /** W3C trace context of the delivery. */
  readonly traceparent?: string;
}

const eventTypes = 'google.cloud.firestore.document.v1.';
/** Bytes. Eventarc leaves out the data where it would make the event larger than this. */
const largestEvent = 10 * 1024 * 1024;

// google.events.cloud.firestore.v1.DocumentEventData, as far as it is needed: the document's name, before or after.
const root = protobuf.Root.fromJSON({
  nested: {
    Document: { fields: { name: { type: 'string', id: 1 } } },
    DocumentEventData: { fields: { value: { type: 'Document', id: 1 }, oldValue: { type: 'Document', id: 2 } } },
  },
});
const eventData = root.lookupType('DocumentEventData');

/**
 * Reads a Firestore event in binary mode, whose data is a protobuf and names the document. The extension attribute
 * `document` names it as well, within its database. That attribute is a header, in which CloudEvents percent-encodes all
 * but plain characters, so it is used only where the event came without data.
 * @see https://github.com/googleapis/google-cloudevents/tree/main/proto/google/events/cloud/firestore/v1
 */
export function readPortalEvent(event: RawEvent): Parsed<PortalEvent> {
  const type = typeof event.type === 'string' ? event.type : '';
  if (!type.startsWith(eventTypes)) {
    return { ok: false, problem: `the event is of type ${type.slice(0, 100)}, not ${eventTypes}*: check the trigger` };
  }
  const name = nameFrom(event.data);
  if (!name.ok) return name;
  const attribute = typeof event.document === 'string' && event.document !== '' ? event.document : undefined;
  const document = name.value ?? attribute;
  if (document === undefined) return { ok: false, problem: 'the event names no document' };
  const segments = document.split('/');
  const userId = segments.pop();
  if (userId === undefined || userId === '' || segments.length % 2 === 0) {
    return { ok: false, problem: 'the event names no document of a collection' };
  }
  return { ok: true, value: { userId, collection: segments.join('/') } };
}

/** The document's path within its database, from the data; undefined where the event came without any. */
function nameFrom(data: unknown): Parsed<string | undefined> {
  if (data === undefined || data === null) return { ok: true, value: undefined };
  if (!(data instanceof Uint8Array))
    return { ok: false, problem: 'the event data is not binary: the trigger must send application/protobuf' };
  if (data.length > largestEvent) return { ok: false, problem: 'the event is too large' };
  try {
    const decoded = eventData.toObject(eventData.decode(data)) as {
      value?: { name?: string };
      oldValue?: { name?: string };
    };
    const name = decoded.value?.name ?? decoded.oldValue?.name;
    return { ok: true, value: name?.split('/documents/').slice(1).join('/documents/') };
  } catch {
    return { ok: false, problem: 'the event data is not a Firestore document event' };
  }
}
