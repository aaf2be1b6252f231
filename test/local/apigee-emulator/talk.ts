import { onTestFinished } from 'vitest';
import {
  type ApigeeEmulator,
  type ApigeeEmulatorOptions,
  type Mode,
  startApigeeEmulator,
} from '../../../local/apigee-emulator/server.ts';

export interface Heard {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** Undefined where the text is no JSON. */
  readonly json: unknown;
}

export interface Said {
  /** Sent as it is if it is a string, else as JSON. */
  readonly body?: unknown;
  /** Null: none. */
  readonly authorization?: string | null;
  readonly contentType?: string;
  readonly signal?: AbortSignal;
}

export interface Talk {
  readonly emulator: ApigeeEmulator;
  /** `path` below the organisation, for instance `/developers`. */
  readonly call: (method: string, path: string, said?: Said) => Promise<Heard>;
  /** `path` below the server. */
  readonly raw: (method: string, path: string, said?: Said) => Promise<Heard>;
}

/** An emulator for one test, and a client that knows nothing. */
export async function talkTo(mode: Mode, options: Partial<ApigeeEmulatorOptions> = {}): Promise<Talk> {
  const emulator = await startApigeeEmulator({ mode, org: 'demo', ...options });
  onTestFinished(async () => emulator.close());
  const raw = async (method: string, path: string, said: Said = {}): Promise<Heard> => {
    const { body, authorization = 'Bearer token', contentType = 'application/json', signal } = said;
    const response = await fetch(emulator.url + path, {
      method,
      headers: {
        ...(authorization === null ? {} : { authorization }),
        ...(body === undefined ? {} : { 'content-type': contentType }),
      },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      ...(signal ? { signal } : {}),
    });
    const text = await response.text();
    return { status: response.status, headers: response.headers, text, json: jsonOf(text) };
  };
  return { emulator, raw, call: async (method, path, said) => raw(method, `/v1/organizations/demo${path}`, said) };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

export const both = ['x', 'edge'] as const satisfies readonly Mode[];

export const ann = { email: 'ann@example.com', userName: 'ann', firstName: 'Ann', lastName: 'Lee' };

export function people(count: number): { readonly email: string }[] {
  return Array.from({ length: count }, (_, index) => ({ email: `p${index}@example.com` }));
}

/** The emails of a listing of either flavour, expanded or not. */
export function emailsOf(listing: unknown): string[] {
  const entries: unknown =
    typeof listing === 'object' && listing !== null && 'developer' in listing ? listing.developer : listing;
  if (!Array.isArray(entries)) return [];
  return entries.map((entry: unknown) =>
    typeof entry === 'object' && entry !== null && 'email' in entry ? String(entry.email) : String(entry),
  );
}

/** X: the code among the details. Edge: the one on top. */
export function codeOf(json: unknown): unknown {
  const text = JSON.stringify(json);
  return /"(?:type|code)":"([^"]+\.[^"]+)"/.exec(text.replace(/"@type":"[^"]*",?/g, ''))?.[1];
}
