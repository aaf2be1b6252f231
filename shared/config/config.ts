import { z } from 'zod';
import {
  apigeeDeletePolicies,
  approvals,
  conflictPolicies,
  portalDeletePolicies,
  unselectPolicies,
} from '../core/model/policy.ts';
import type { MailTemplate } from '../portal/mail.ts';
import type { PortalMapping } from '../portal/mapping.ts';
import { filterFrom, mailFrom, mappingFrom, selectionFrom, type EmailFilter } from './people-settings.ts';

/**
 * Everything that can be set. Read once per process: a wrong value stops the process with a message that says what to
 * set.
 */
export interface Config {
  readonly apigee: {
    readonly org: string;
    readonly type: 'x' | 'hybrid' | 'edge';
    /** Without `/v1`. */
    readonly endpoint: string;
    readonly accessToken: string | undefined;
    readonly username: string | undefined;
    readonly password: string | undefined;
    /** Of all instances together. */
    readonly callsPerMinute: number;
    /** How many batches an instance works on at the same time, each with calls of its own. */
    readonly batchesAtOnce: number;
  };
  readonly project: string;
  readonly database: string;
  readonly portal: {
    readonly collection: string;
    readonly mapping: PortalMapping;
    readonly filter: EmailFilter | undefined;
    /** What becomes of who was in step and is no longer selected. */
    readonly unselect: (typeof unselectPolicies)[number];
  };
  readonly statePrefix: string;
  readonly conflictPolicy: (typeof conflictPolicies)[number];
  readonly portalDeletePolicy: (typeof portalDeletePolicies)[number];
  readonly apigeeDeletePolicy: (typeof apigeeDeletePolicies)[number];
  readonly destructiveLimit: number;
  readonly destructiveLimitPercent: number;
  /** Rule 32. */
  readonly creationLimit: number;
  /** Which scheduled runs stop until an operator has looked at them. */
  readonly approval: (typeof approvals)[number];
  /** For how many days changes are kept (rule 34); 0: none is. */
  readonly undoDays: number;
  /** Rule 37: how long the link of nobody is kept. */
  readonly forgetDays: number;
  /** How edits in Apigee are told of in real time (rule 40). */
  readonly pull: (typeof pulls)[number];
  /** How people are told whom Apigee brought to the portal; undefined: they are not. */
  readonly mail: { readonly collection: string; readonly template: MailTemplate } | undefined;
  readonly requestsTopic: string;
  readonly batchesTopic: string;
  /** Key of the hash that stands for an email in logs; undefined: a new one for every process. */
  readonly logHashKey: string | undefined;
}

/** `audit-log`: X, hybrid; `audit-poll`: Edge. */
const pulls = ['audit-log', 'audit-poll', 'off'] as const;

/** A wrong setting. The message names each variable and what to set. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

const defaultEndpoints = {
  x: 'https://apigee.googleapis.com',
  hybrid: 'https://apigee.googleapis.com',
  edge: 'https://api.enterprise.apigee.com',
} as const;

/** Only what does not leave the machine may be unencrypted; a user name in a URL is there to be misread. */
function keepsTokens(url: string): boolean {
  const { protocol, hostname, username, password } = new URL(url);
  const isLoopback = /^(?:localhost|127(?:\.\d+){3}|\[::1\])$/.test(hostname);
  return (protocol === 'https:' || isLoopback) && username === '' && password === '';
}

const text = z.string().min(1);
const count = (from: number, to: number) =>
  z
    .string()
    .regex(/^\d{1,9}$/, { error: `a whole number from ${String(from)} to ${String(to)}` })
    .transform(Number)
    .refine((value) => value >= from && value <= to, { error: `a whole number from ${String(from)} to ${String(to)}` });
const oneOf = <T extends string>(values: readonly T[]) =>
  z.enum(values as readonly [T, ...T[]], { error: `one of ${values.join(', ')}` });
const collectionId = text.regex(/^(?!\.\.?$)(?!__.*__$)[^/]{1,200}$/u, {
  error: 'a Firestore collection id, without /',
});
const collectionPath = text.regex(/^[^/]{1,200}(\/[^/]{1,200}\/[^/]{1,200})*$/u, {
  error: 'a Firestore collection: an id, or a path of ids',
});
const topicId = text.regex(/^(?!goog)[A-Za-z][\w.~+%-]{2,254}$/, {
  error: 'a topic id: 3 to 255 letters, digits and -_.~+%, a letter first, not beginning with goog',
});

/** Each variable with the values that it may have, and its default. */
export const variables = {
  APIGEE_ORG: text.regex(/^[a-z0-9][a-z0-9._-]{0,254}$/i, { error: 'the name of an Apigee organisation' }),
  APIGEE_TYPE: oneOf(['x', 'hybrid', 'edge']).default('x'),
  APIGEE_ENDPOINT: z
    .url({ protocol: /^https?$/, error: 'a base URL such as https://apigee.googleapis.com' })
    .transform((url) => url.replace(/\/+$/, ''))
    .refine((url) => !/\/v1$|[?#]/.test(url), { error: 'a base URL without /v1, query or fragment' })
    .refine(keepsTokens, { error: 'a base URL with https and without a user name: our token goes there' })
    .optional(),
  APIGEE_ACCESS_TOKEN: text.optional(),
  APIGEE_USERNAME: text.optional(),
  APIGEE_PASSWORD: text.optional(),
  APIGEE_CALLS_PER_MINUTE: count(60, 1_000_000).default(3000),
  BATCHES_AT_ONCE: count(1, 1000).default(4),
  GOOGLE_CLOUD_PROJECT: text,
  FIRESTORE_DATABASE: text.default('(default)'),
  PORTAL_COLLECTION: collectionPath.default('portalUsers'),
  PORTAL_MAPPING: text.optional(),
  PORTAL_FILTER: text.optional(),
  PORTAL_SELECT: text.optional(),
  PORTAL_UNSELECT_POLICY: oneOf(unselectPolicies).default('keep'),
  STATE_PREFIX: collectionId.default('developerSync'),
  CONFLICT_POLICY: oneOf(conflictPolicies).default('merge'),
  PORTAL_DELETE_POLICY: oneOf(portalDeletePolicies).default('deactivate'),
  APIGEE_DELETE_POLICY: oneOf(apigeeDeletePolicies).default('recreate'),
  DESTRUCTIVE_LIMIT: count(0, 100_000_000).default(50),
  DESTRUCTIVE_LIMIT_PERCENT: count(0, 100).default(5),
  CREATION_LIMIT: count(0, 100_000_000).default(500),
  APPROVAL: oneOf(approvals).default('destructive'),
  UNDO_DAYS: count(0, 3650).default(30),
  FORGET_DAYS: count(1, 36_500).default(400),
  PULL: oneOf(pulls).default('off'),
  MAIL_COLLECTION: collectionPath.optional(),
  MAIL_TEMPLATE: text.optional(),
  SYNC_REQUESTS_TOPIC: topicId.default('developer-sync-requests'),
  SYNC_BATCHES_TOPIC: topicId.default('developer-sync-batches'),
  LOG_HASH_KEY: text.min(16, { error: 'at least 16 characters that nobody can guess' }).optional(),
} as const;

/** `env`: the environment; an empty value counts as not set. Throws ConfigError. */
export function readConfig(env: Readonly<Record<string, string | undefined>>): Config {
  const given = Object.fromEntries(
    Object.keys(variables).map((name) => [name, env[name] === '' ? undefined : env[name]]),
  );
  const parsed = z.object(variables).safeParse(given);
  const wrong: string[] = parsed.success
    ? []
    : parsed.error.issues.map((issue) => sentence(issue.path.join('.'), given, issue.message));
  const complain = (message: string): void => void wrong.push(message);
  const own = mappingFrom(given['PORTAL_MAPPING'], complain);
  const filter = filterFrom(given['PORTAL_FILTER'], complain);
  const select = selectionFrom(given['PORTAL_SELECT'], own, complain);
  const mapping = select === undefined ? own : { ...own, select };
  const mail = mailFrom(given, complain);
  if (!parsed.success || wrong.length > 0) throw new ConfigError(wrong.join('\n'));
  const set = parsed.data;
  if (
    set.APIGEE_TYPE === 'edge' &&
    set.APIGEE_ACCESS_TOKEN === undefined &&
    !(set.APIGEE_USERNAME && set.APIGEE_PASSWORD)
  ) {
    throw new ConfigError('APIGEE_TYPE=edge needs APIGEE_USERNAME and APIGEE_PASSWORD, or APIGEE_ACCESS_TOKEN');
  }
  if (set.PULL !== 'off' && (set.PULL === 'audit-poll') !== (set.APIGEE_TYPE === 'edge')) {
    throw new ConfigError('PULL is wrong: set it to audit-log with X or hybrid, to audit-poll with Edge, or to off');
  }
  if (set.APIGEE_DELETE_POLICY === 'deactivate' && mapping.status === undefined) {
    throw new ConfigError('APIGEE_DELETE_POLICY=deactivate needs a field for the status: name one in PORTAL_MAPPING');
  }
  return {
    apigee: {
      org: set.APIGEE_ORG,
      type: set.APIGEE_TYPE,
      endpoint: set.APIGEE_ENDPOINT ?? defaultEndpoints[set.APIGEE_TYPE],
      accessToken: set.APIGEE_ACCESS_TOKEN,
      username: set.APIGEE_USERNAME,
      password: set.APIGEE_PASSWORD,
      callsPerMinute: set.APIGEE_CALLS_PER_MINUTE,
      batchesAtOnce: set.BATCHES_AT_ONCE,
    },
    project: set.GOOGLE_CLOUD_PROJECT,
    database: set.FIRESTORE_DATABASE,
    portal: {
      collection: set.PORTAL_COLLECTION,
      mapping,
      filter,
      unselect: set.PORTAL_UNSELECT_POLICY,
    },
    statePrefix: set.STATE_PREFIX,
    conflictPolicy: set.CONFLICT_POLICY,
    portalDeletePolicy: set.PORTAL_DELETE_POLICY,
    apigeeDeletePolicy: set.APIGEE_DELETE_POLICY,
    destructiveLimit: set.DESTRUCTIVE_LIMIT,
    destructiveLimitPercent: set.DESTRUCTIVE_LIMIT_PERCENT,
    creationLimit: set.CREATION_LIMIT,
    approval: set.APPROVAL,
    undoDays: set.UNDO_DAYS,
    forgetDays: set.FORGET_DAYS,
    pull: set.PULL,
    mail,
    requestsTopic: set.SYNC_REQUESTS_TOPIC,
    batchesTopic: set.SYNC_BATCHES_TOPIC,
    logHashKey: set.LOG_HASH_KEY,
  };
}

function sentence(name: string, given: Readonly<Record<string, string | undefined>>, expected: string): string {
  return given[name] === undefined ? `${name} is not set: set it` : `${name} is wrong: set it to ${expected}`;
}
