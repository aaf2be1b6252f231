import * as z from 'zod/mini';
import { planKinds } from './plans.ts';

/*
 * The body of every request of the console's API, as its server checks it. Only `zod/mini` is used, so that the browser
 * checks a form with the same schema.
 */

const reason = z.string().check(z.trim(), z.minLength(3), z.maxLength(500));
const cursor = z.optional(z.string().check(z.minLength(1), z.maxLength(4000)));
const id = z.string().check(z.regex(/^[A-Za-z0-9_.:-]{1,200}$/));
const attributeName = z.string().check(z.trim(), z.minLength(1), z.maxLength(1024));
const attributeValue = z.string().check(z.maxLength(2048));
const personName = z.string().check(z.trim(), z.minLength(1), z.maxLength(500));

/** A person: by the opaque id that every answer carries, or by email (or `#` and a portal document's id). */
export const personSchema = z.union([
  z.strictObject({ id }),
  z.strictObject({ key: z.string().check(z.trim(), z.minLength(3), z.maxLength(1600)) }),
]);
export type PersonRef = z.infer<typeof personSchema>;

export const statusSchema = z.enum(['active', 'inactive']);

/** How a developer stands to the portal, as far as the link tells. */
export const syncStates = ['in-step', 'waits', 'held', 'failed', 'only-in-apigee', 'not-selected'] as const;
export const syncStateSchema = z.enum(syncStates);
export type SyncState = z.infer<typeof syncStateSchema>;

/** No body at all, or an empty one. */
export const nothingSchema = z.strictObject({});
export const onePersonSchema = z.strictObject({ person: personSchema });
export const actOnPersonSchema = z.strictObject({ person: personSchema, reason });
export const reasonSchema = z.strictObject({ reason });

export const signInSchema = z.strictObject({ token: z.string().check(z.minLength(20), z.maxLength(200)) });

export const runRequestSchema = z.strictObject({
  mode: z.enum(['incremental', 'full']),
  dryRun: z.boolean(),
  reason,
});

/** `planned`: the number of people the run would deactivate or delete, typed by the operator. */
export const judgeRunSchema = z.strictObject({ planned: z.int().check(z.nonnegative()), reason });

/** Where a page of a run's rows begins, as the page before it said. */
const rowCursor = z.optional(z.string().check(z.regex(/^[a-z]{1,20}\.\d{1,6}\.\d{1,6}$/)));

/** Everyone of a run for whom something was done, filtered; empty lists and missing members select everyone. */
export const runPeopleSchema = z.strictObject({
  outcomes: z.optional(z.array(z.string()).check(z.maxLength(10))),
  situation: z.optional(z.string().check(z.maxLength(40))),
  field: z.optional(z.string().check(z.maxLength(1100))),
  /** Part of the reason, in any case. */
  reason: z.optional(z.string().check(z.maxLength(500))),
  /** Part of the email, in any case. */
  person: z.optional(z.string().check(z.trim(), z.maxLength(254))),
  after: rowCursor,
});

/** Whom a run wrote, or a plan would write; missing members select everyone. */
export const changedPeopleSchema = z.strictObject({
  kind: z.optional(z.enum(planKinds)),
  situation: z.optional(z.string().check(z.maxLength(40))),
  outcome: z.optional(z.string().check(z.maxLength(40))),
  /** Part of the email, in any case. */
  person: z.optional(z.string().check(z.trim(), z.maxLength(254))),
  after: cursor,
});

/** `planned`: how many people are written, typed by the operator; `kinds`: only who is to be written so, or everybody. */
export const applyPlanSchema = z.strictObject({
  hash: z.string().check(z.regex(/^[0-9a-f]{12}$/)),
  kinds: z.array(z.enum(planKinds)).check(z.maxLength(planKinds.length)),
  planned: z.int().check(z.nonnegative()),
  reason,
});

export const planPeopleSchema = z.strictObject({
  people: z.array(id).check(z.minLength(1), z.maxLength(1000)),
  reason,
});

/** `act`: a run, an operator's action or, with the person, one change. */
export const lookAtUndoSchema = z.strictObject({ act: id, person: z.optional(personSchema) });

export const whatStopsSchema = z.strictObject({ people: z.array(id).check(z.minLength(1), z.maxLength(10)) });

export const exportFormats = ['csv', 'json', 'ndjson'] as const;
export const exportRunSchema = z.strictObject({
  format: z.enum(exportFormats),
  filter: z.optional(z.omit(runPeopleSchema, { after: true })),
});

export const exportChangesSchema = z.strictObject({ format: z.enum(exportFormats) });

/** `count`: how many people the group shows, typed by the operator. */
export const bulkGroupSchema = z.strictObject({ count: z.int().check(z.nonnegative()), reason });

/** The first page where `after` is missing. */
export const listDevelopersSchema = z.strictObject({ after: cursor });

/** `query`: an email, or the beginning of one. */
export const searchDevelopersSchema = z.strictObject({
  query: z.string().check(z.trim(), z.minLength(1), z.maxLength(254)),
  after: cursor,
});

/** Whom a scan or an export shows: everyone who is like all that is given. */
export const developerFilterSchema = z.strictObject({
  /** Part of the email, the user name or the names, in any case; or `attribute=value`. */
  query: z.optional(z.string().check(z.trim(), z.maxLength(500))),
  /** The name of an app, or part of it, in any case. */
  app: z.optional(z.string().check(z.trim(), z.maxLength(255))),
  status: z.optional(statusSchema),
  sync: z.optional(syncStateSchema),
});
export type DeveloperFilter = z.infer<typeof developerFilterSchema>;

/** A scan looks for somebody: whoever wants everybody takes the list, or an export, which is recorded. */
export const scanDevelopersSchema = z.strictObject({
  filter: developerFilterSchema.check(
    z.refine((filter) => Object.values(filter).some((value) => value !== undefined && value !== ''), {
      error: 'has to name what to look for',
    }),
  ),
  /** Where an earlier scan ended. */
  after: cursor,
});

export const exportDevelopersSchema = z.strictObject({
  format: z.enum(exportFormats),
  filter: z.optional(developerFilterSchema),
});

export const attributesSchema = z.array(z.strictObject({ name: attributeName, value: attributeValue }));

export const createDeveloperSchema = z.strictObject({
  email: z.string().check(z.trim(), z.minLength(3), z.maxLength(254)),
  firstName: personName,
  lastName: personName,
  userName: z.optional(personName),
  attributes: z.optional(attributesSchema),
  reason,
});

/** One field's new value. `field`: `firstName`, `lastName` or `attributes.NAME`; a value of null removes an attribute. */
export const fieldEditSchema = z.strictObject({
  field: z.string().check(z.regex(/^(?:firstName|lastName|attributes\..{1,1024})$/su)),
  value: z.nullable(attributeValue),
});
export type FieldEdit = z.infer<typeof fieldEditSchema>;

export const editDeveloperSchema = z.strictObject({
  person: personSchema,
  /** `PersonPage.seen` of the page on which the edit was made: whatever changed since is a conflict. */
  seen: z.string().check(z.minLength(1), z.maxLength(16_000)),
  changes: z.array(fieldEditSchema).check(z.minLength(1), z.maxLength(60)),
  reason,
});

/** `email`: of the developer, typed by the operator. */
export const deleteDeveloperSchema = z.strictObject({
  person: personSchema,
  email: z.string().check(z.trim(), z.minLength(3), z.maxLength(254)),
  reason,
});

export const bulkActions = ['activate', 'deactivate', 'delete', 'sync'] as const;
export const bulkDevelopersSchema = z.strictObject({
  action: z.enum(bulkActions),
  people: z.array(id).check(z.minLength(1), z.maxLength(1000)),
  /** How many people that are, typed by the operator. */
  count: z.int().check(z.nonnegative()),
  reason,
});
export type BulkAction = (typeof bulkActions)[number];

export const replaySchema = z.strictObject({
  topic: z.enum(['requests', 'batches', 'all']),
  limit: z.int().check(z.minimum(1), z.maximum(1000)),
  reason,
});
export const lookAtDeadLettersSchema = z.strictObject({ limit: z.int().check(z.minimum(1), z.maximum(1000)) });
