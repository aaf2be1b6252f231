import { attributeField, type FieldName, type OnPortal, type PortalUser, type Profile } from '../core/model/profile.ts';
import { joinName, splitName } from './display-name.ts';
import { asRead, type FieldForm } from './field-form.ts';
import type { PortalMapping } from './mapping.ts';
import { problemWith } from './problems.ts';

/** How a portal with this mapping reads a profile once it is written there. */
export function onPortalOf(mapping: PortalMapping): OnPortal {
  const { attributes, forms, oneName } = mapping;
  const isPlain =
    forms?.firstName === undefined &&
    forms?.lastName === undefined &&
    oneName === undefined &&
    (attributes.kind === 'map' || [...attributes.fields.values()].every(({ form }) => form === undefined));
  return (profile, user) => {
    const held = user?.held;
    if (isPlain && (held === undefined || held.attributes.size === 0)) return { profile, problems: none };
    const problems = new Map<FieldName, string>();
    const names = namesOnPortal(profile, mapping, problems);
    const read = new Map<string, string>();
    for (const [name, value] of profile.attributes) {
      read.set(name, attributeOnPortal(name, value, mapping, user, problems));
    }
    return { profile: { ...profile, ...names, attributes: read }, problems };
  };
}

const none: ReadonlyMap<FieldName, string> = new Map();

type Names = Pick<Profile, 'firstName' | 'lastName'>;

function namesOnPortal(names: Names, mapping: PortalMapping, problems: Map<FieldName, string>): Names {
  const { firstName, lastName } = names;
  if (mapping.oneName === undefined) {
    return {
      firstName: trimmed(firstName, mapping.forms?.firstName),
      lastName: trimmed(lastName, mapping.forms?.lastName),
    };
  }
  const order = mapping.oneName;
  const joined = joinName({ firstName, lastName }, { order, hasComma: false });
  if (joined === undefined) return { firstName: undefined, lastName: undefined };
  const { hasComma, ...split } = splitName(joined, order);
  if (!hasComma && joinName(split, { order, hasComma }) === joined) return split;
  for (const field of ['firstName', 'lastName'] as const)
    problems.set(field, problemWith(mapping.firstName, 'cannot hold a name with a comma as Apigee has it'));
  return names;
}

function trimmed(name: string | undefined, form: FieldForm | undefined): string | undefined {
  const text = form?.trim === true ? name?.trim() : name;
  return text === '' ? undefined : text;
}

/** Attributes that travel to Apigee only are never written here. */
function attributeOnPortal(
  name: string,
  value: string,
  { attributes }: PortalMapping,
  user: PortalUser | undefined,
  problems: Map<FieldName, string>,
): string {
  const field = attributes.kind === 'named' ? attributes.fields.get(name) : undefined;
  if (attributes.kind === 'named' && (field === undefined || field.direction === 'to-apigee')) return value;
  const held = user?.held?.attributes.get(name);
  if (field?.form === undefined && held === undefined) return value;
  const reading = asRead(value, field?.form, held);
  if (reading.kind === 'text') return reading.text;
  const path = attributes.kind === 'map' ? [...attributes.path, name] : (field?.path ?? [name]);
  problems.set(attributeField(name), problemWith(path, `${reading.what}, and the value for it is not`));
  return value;
}
