import { z } from 'zod';

export type Mode = 'x' | 'edge';

const forcedTimes = z.union([z.int().positive(), z.literal('always')]);

/** Everything that can be switched while the emulator runs; the defaults are the most hostile plausible behaviour. */
export const settingsSchema = z.strictObject({
  /** Waited before every answer. */
  latencyMs: z.number().nonnegative(),
  /** Every call is answered 503. */
  outage: z.boolean(),
  /** A token bucket: past it calls are answered 429, with a computed Retry-After if wanted. `burst` defaults to `perMinute`. */
  quota: z
    .strictObject({
      perMinute: z.number().positive(),
      burst: z.number().positive().optional(),
      retryAfter: z.boolean().optional(),
    })
    .nullable(),
  /** The order of the listing. Apigee promises none, only a stable one. `shuffled`: by a hash of seed and email. */
  order: z.union([z.enum(['insertion', 'email', 'reverse']), z.strictObject({ shuffled: z.number() })]),
  /**
   * A start key that is gone: 404, or the listing goes on where it was. In insertion order a key that never existed has no
   * such place, and nothing follows.
   */
  vanishedStartKey: z.enum(['not-found', 'continue']),
  /** `expand` together with `count` or `startKey`: the documents exclude it, Google's own clients do it. */
  expandWithPaging: z.enum(['allow', 'refuse', 'ignore']),
  /** The next `times` pages that begin after at least `afterItems` developers carry at most `length` of them. */
  shortPage: z
    .strictObject({ afterItems: z.int().nonnegative(), length: z.int().nonnegative(), times: forcedTimes.default(1) })
    .nullable(),
  /** Leave out members whose array is empty: `{}` is then an empty listing. */
  omitEmptyArrays: z.boolean(),
  /** Whether the status call moves lastModifiedAt. */
  statusCallBumps: z.boolean(),
  /** Whether the calls of the attributes sub-resource move lastModifiedAt. */
  attributeCallsBump: z.boolean(),
  /** Answer 400 to `application/json; charset=…`. */
  refuseCharset: z.boolean(),
  maxAttributes: z.int().nonnegative(),
  /** Attribute values answered with 400. */
  refusedAttributeValues: z.array(z.string()).readonly(),
  /** Bearer tokens (on Edge also base64 Basic credentials) answered with 401; every other one is good. */
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
    refusedAttributeValues: [],
    expiredTokens: [],
  };
}

/** Throws a ZodError that names the setting on a change that is none. */
export function changeSettings(settings: Settings, change: unknown): Settings {
  const given = Object.entries(settingsChangeSchema.parse(change)).filter(([, value]) => value !== undefined);
  return settingsSchema.parse({ ...settings, ...Object.fromEntries(given) });
}
