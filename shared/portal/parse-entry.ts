import { z } from 'zod';
import { asRead, fieldTypes, type FieldForm, type Scalar } from './field-form.ts';
import { parsePath } from './field-path.ts';
import { documentId, type Direction, type FieldPath, type NameOrder } from './mapping.ts';

/** Collects what is wrong with PORTAL_MAPPING, a sentence each. */
export type Complain = (sentence: string) => void;

/** One entry of the mapping as it is meant. */
export interface Entry {
  readonly path: FieldPath;
  readonly form: FieldForm | undefined;
  readonly direction: Direction;
  readonly split: { readonly part: 'first' | 'last'; readonly order: NameOrder } | undefined;
}

/** What is mapped, and by which members beside its path. */
export type EntryKind = 'email' | 'name' | 'userName' | 'status' | 'time' | 'plain' | 'attribute';

const scalar = z.union([z.string(), z.number(), z.boolean()]);
const values = z.record(z.string(), z.union([scalar, z.array(scalar).min(1)]));
const path = z.string();

const shapes = {
  email: z.strictObject({ path }),
  name: z.strictObject({
    path,
    split: z.enum(['first', 'last']).optional(),
    order: z.enum(['given-first', 'family-first']).optional(),
    default: z.string().optional(),
    trim: z.literal(true).optional(),
  }),
  userName: z.strictObject({ path, trim: z.literal(true).optional() }),
  status: z.strictObject({
    path,
    values: values.optional(),
    default: z.enum(['active', 'inactive']).optional(),
  }),
  time: z.strictObject({ path, type: z.literal('time').optional() }),
  plain: z.strictObject({ path }),
  attribute: z.strictObject({
    path,
    direction: z.enum(['both', 'to-apigee', 'to-portal']).optional(),
    type: z.enum(fieldTypes).optional(),
    values: values.optional(),
    default: scalar.optional(),
    onCreate: scalar.optional(),
    trim: z.literal(true).optional(),
  }),
};

const examples: Readonly<Record<EntryKind, string>> = {
  email: '"contact.email", or "__name__" where the id of the document is the email',
  name: '{"path": "displayName", "split": "first", "default": "–", "trim": true}',
  userName: '{"path": "handle", "trim": true}',
  status: '{"path": "disabled", "values": {"active": false, "inactive": true}, "default": "active"}',
  time: '{"path": "updatedAt", "type": "time"}',
  plain: '"security.passwordHash"',
  attribute:
    '{"path": "plan.seats", "type": "number", "direction": "both" | "to-apigee" | "to-portal"}, the types being text, number, boolean, time and json',
};

interface Given {
  readonly path: string;
  readonly type?: FieldForm['type'];
  readonly values?: z.infer<typeof values> | undefined;
  readonly default?: Scalar | undefined;
  readonly onCreate?: Scalar | undefined;
  readonly trim?: true | undefined;
  readonly split?: 'first' | 'last' | undefined;
  readonly order?: NameOrder | undefined;
  readonly direction?: Direction | undefined;
}

/** Reads one entry, a path or an object with one. Undefined, and a complaint, where it is wrong. */
export function parseEntry(label: string, kind: EntryKind, value: unknown, complain: Complain): Entry | undefined {
  if (typeof value === 'string') {
    const at = pathOf(label, kind, value, complain);
    return at && { path: at, form: undefined, direction: 'both', split: undefined };
  }
  const parsed = shapes[kind].safeParse(value);
  if (!parsed.success) {
    const member = parsed.error.issues[0]?.path.join('.') ?? '';
    const what = member === '' ? '' : ` ("${member.slice(0, 60)}" is wrong)`;
    complain(`set ${label} to a path, or to an object such as ${examples[kind]}${what}`);
    return undefined;
  }
  const given: Given = parsed.data;
  const at = pathOf(label, kind, given.path, complain);
  const form = formOf(label, kind, given, complain);
  if (at === undefined || form === undefined) return undefined;
  const { split, order = 'given-first', direction = 'both' } = given;
  if (split === undefined && given.order !== undefined)
    complain(`${label}: "order" goes with "split", ${examples.name}`);
  if (given.onCreate !== undefined && direction === 'to-apigee')
    complain(
      `${label}: "onCreate" is written to the portal, where a "to-apigee" attribute never is: leave one of them out`,
    );
  return {
    path: at,
    form: Object.keys(form).length === 0 ? undefined : form,
    direction,
    split: split && { part: split, order },
  };
}

function pathOf(label: string, kind: EntryKind, text: string, complain: Complain): FieldPath | undefined {
  if (kind === 'email' && text === '__name__') return documentId;
  const parsed = parsePath(text);
  if (typeof parsed !== 'string') return parsed;
  complain(`${label}: ${parsed}, such as ${examples[kind]}`);
  return undefined;
}

function formOf(label: string, kind: EntryKind, given: Given, complain: Complain): FieldForm | undefined {
  const { type, trim } = given;
  const words = given.values && wordsOf(label, kind, given.values, complain);
  if (given.values !== undefined && words === undefined) return undefined;
  if (words !== undefined && type !== undefined) {
    complain(`${label}: "values" say already what the field holds: leave "type" out`);
    return undefined;
  }
  const form: FieldForm = {
    ...(type === undefined || kind === 'time' ? {} : { type }),
    ...(words === undefined ? {} : { values: words }),
    ...(trim === undefined ? {} : { trim }),
  };
  const fallback = constantOf(label, 'default', given.default, form, complain);
  const created = constantOf(label, 'onCreate', given.onCreate, form, complain);
  const isStatus = kind === 'status' && words === undefined && fallback !== undefined;
  return {
    ...(isStatus ? { values: plainStatus } : form),
    ...(fallback === undefined ? {} : { default: fallback }),
    ...(created === undefined ? {} : { onCreate: created }),
  };
}

const plainStatus: NonNullable<FieldForm['values']> = new Map([
  ['active', ['active']],
  ['inactive', ['inactive']],
]);

function wordsOf(
  label: string,
  kind: EntryKind,
  given: z.infer<typeof values>,
  complain: Complain,
): FieldForm['values'] | undefined {
  const words = new Map(Object.entries(given).map(([word, value]) => [word, Array.isArray(value) ? value : [value]]));
  const all = [...words.values()].flat();
  if (kind === 'status' && !(words.size === 2 && words.has('active') && words.has('inactive'))) {
    complain(
      `${label}: "values" has to say what stands for "active" and what for "inactive", as in ${examples.status}`,
    );
    return undefined;
  }
  if (words.size === 0 || new Set(all).size !== all.length) {
    complain(`${label}: "values" has to name values, each of them once, as in ${examples.status}`);
    return undefined;
  }
  return words;
}

/** A constant is given as the text that we know, or as a plain value. */
function constantOf(
  label: string,
  member: 'default' | 'onCreate',
  given: Scalar | undefined,
  form: FieldForm,
  complain: Complain,
): string | undefined {
  if (given === undefined) return undefined;
  const read = asRead(String(given), form);
  if (read.kind === 'text') return read.text;
  complain(`${label}: "${member}" ${read.what}`);
  return undefined;
}
