import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { Refusal } from './cli-io.ts';

const host = z.string().regex(/^[\w.[\]:-]{1,255}$/);

const stackFile = z.object({
  project: z.string(),
  firestore: host.nullable(),
  pubsub: host.nullable(),
  apigee: z.string(),
  org: z.string(),
  settings: z.record(z.string(), z.string()).optional(),
  control: z.url({ protocol: /^http$/ }).optional(),
  console: z.url({ protocol: /^http$/ }).optional(),
});

/** Where the local stack is, as its `.local/stack.json` says. */
export type LocalStack =
  | {
      readonly kind: 'emulators';
      readonly firestore: string;
      readonly pubsub: string;
      /** The product's environment. Only credentials may come from the operator's own environment. */
      readonly env: Readonly<Record<string, string | undefined>>;
    }
  /** Everything is in the memory of the stack's process, so that only that process can run a command. */
  | { readonly kind: 'in-memory'; readonly control: string };

/** The address that opens the local stack's console signed in. Throws Refusal where there is none. */
export function readLocalConsole(cwd: string): string {
  const address = parse(read(join(cwd, '.local', 'stack.json'))).console;
  if (address === undefined) throw new Refusal('The local stack has no console: start it again with npm start');
  return address;
}

/** `cwd`: the project's directory. `env`: the operator's environment. Throws Refusal where there is no stack to use. */
export function readLocalStack(cwd: string, env: Readonly<Record<string, string | undefined>>): LocalStack {
  const stack = parse(read(join(cwd, '.local', 'stack.json')));
  if (stack.firestore === null || stack.pubsub === null) {
    if (stack.control !== undefined) return { kind: 'in-memory', control: stack.control };
    throw new Refusal('The local stack is in memory and takes no commands: start it again with npm start');
  }
  const endpoint = stack.apigee.includes('://') ? stack.apigee : `http://${stack.apigee}`;
  return {
    kind: 'emulators',
    firestore: stack.firestore,
    pubsub: stack.pubsub,
    env: {
      APIGEE_ACCESS_TOKEN: env['APIGEE_ACCESS_TOKEN'] ?? localToken(endpoint),
      APIGEE_USERNAME: env['APIGEE_USERNAME'],
      APIGEE_PASSWORD: env['APIGEE_PASSWORD'],
      ...stack.settings,
      GOOGLE_CLOUD_PROJECT: stack.project,
      APIGEE_ENDPOINT: endpoint,
      APIGEE_ORG: stack.org,
    },
  };
}

/** The Apigee emulator takes any token, so Google need not be asked for one. */
function localToken(endpoint: string): string | undefined {
  return /^http:\/\/(?:127\.0\.0\.1|localhost|\[::1\])(?:[:/]|$)/.test(endpoint) ? 'local' : undefined;
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    throw new Refusal('The local stack is not up: start it with npm start, and run devsync in the same directory');
  }
}

function parse(text: string): z.infer<typeof stackFile> {
  try {
    return stackFile.parse(JSON.parse(text));
  } catch {
    throw new Refusal('.local/stack.json cannot be read: start the local stack again with npm start');
  }
}
