import { z } from 'zod';

export type Mode = 'x' | 'edge';

const forcedTimes = z.union([z.int().positive(), z.literal('always')]);

/** All that can be set while the emulator runs. The defaults are the most hostile behaviour that is plausible. */
export const settingsSchema = z.strictObject({
  /** How long every answer takes. */
  latencyMs: z.number().nonnegative(),
  /** Every call is answered 503. */
  outage: z.boolean(),
  /**
   * A token bucket. Calls over it are answered with 429, with a computed Retry-After if wanted. Default of `burst`:
   * `perMinute`.
   */
  quota: z
    .strictObject({
      perMinute: z.number().positive(),
      burst: z.number().positive().optional(),
      retryAfter: z.boolean().optional(),
    })
    .nullable(),
  /** The order of the listing. Apigee promises only that it is stable. `shuffled`: by a hash of seed and email. */
  order: z.union([z.enum(['insertion', 'email', 'reverse']), z.strictObject({ shuffled: z.number() })]),
  /**
   * What a start key that is gone does: answer 404, or go on where it was. In insertion order a key that never existed
   * has no place, and nothing follows it.
   */
  vanishedStartKey: z.enum(['not-found', 'continue']),
  /**
   * Whether `expand` goes together with `count` or `startKey`: the documents exclude it, Google's own clients do it.
   */
  expandWithPaging: z.enum(['allow', 'refuse', 'ignore']),
  /** The next `times` pages that begin after at least `afterItems` developers carry at most `length` of them. */
  shortPage: z
    .strictObject({ afterItems: z.int().nonnegative(), length: z.int().nonnegative(), times: forcedTimes.default(1) })
    .nullable(),
  /** Whether members with an empty array are left out: an empty listing is then `{}`. */
  omitEmptyArrays: z.boolean(),
  /** Whether the status call moves lastModifiedAt. */
  statusCallBumps: z.boolean(),
  /** Whether the calls of the attributes sub-resource move lastModifiedAt. */
  attributeCallsBump: z.boolean(),
  /** Whether `application/json; charset=…` is answered with 400. */
  refuseCharset: z.boolean(),
  maxAttributes: z.int().nonnegative(),
  /** Edge: whether there is an audit history. Private Cloud has none. */
  audits: z.boolean(),
  /** Edge: how many audit records are answered at once, however many are asked for. */
  mostAudits: z.int().positive(),
  /** Attribute values answered with 400. */
  refusedAttributeValues: z.array(z.string()).readonly(),
  /** Bearer tokens (on Edge also base64 Basic credentials) that are answered with 401; all others are taken. */
  expiredTokens: z.array(z.string()).readonly(),
});

export const settingsChangeSchema = settingsSchema.partial();

export type Settings = z.output<typeof settingsSchema>;
export type SettingsChange = z.input<typeof settingsChangeSchema>;

export function defaultSettings(mode: Mode): Settings {
  return {
    latencyMs: 0,
    outage: false,
    quota: null,
    order: 'insertion',
    vanishedStartKey: 'not-found',
    expandWithPaging: 'allow',
    shortPage: null,
    omitEmptyArrays: mode === 'x',
    statusCallBumps: mode === 'edge',
    attributeCallsBump: mode === 'edge',
    refuseCharset: mode === 'x',
    maxAttributes: 18,
    audits: true,
    mostAudits: 1000,
    refusedAttributeValues: [],
    expiredTokens: [],
  };
}

/** Throws a ZodError that names what is wrong: an unknown setting, or its value. */
export function changeSettings(settings: Settings, change: unknown): Settings {
  const given = Object.entries(settingsChangeSchema.parse(change)).filter(([, value]) => value !== undefined);
  return settingsSchema.parse({ ...settings, ...Object.fromEntries(given) });
}
