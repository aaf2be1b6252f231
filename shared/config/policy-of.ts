import type { Policy } from '../core/model/policy.ts';
import { attributeField, type FieldName } from '../core/model/profile.ts';
import { directionOf } from '../portal/attribute-selection.ts';
import { mappingFingerprint } from '../portal/mapping-fingerprint.ts';
import { isIdEmail, type PortalMapping } from '../portal/mapping.ts';
import { onPortalOf } from '../portal/on-portal.ts';
import type { Config } from './config.ts';

/** The settings that `decide()` needs, in the form in which it needs them. */
export function policyOf(config: Config): Policy {
  const { mapping, filter, unselect } = config.portal;
  return {
    conflict: config.conflictPolicy,
    portalDelete: config.portalDeletePolicy,
    apigeeDelete: config.apigeeDeletePolicy,
    rename: config.apigee.type === 'edge' ? 'in-place' : 'refused',
    inScope: (email) => filter === undefined || filter.test(email),
    directionOf: (attribute) => directionOf(mapping.attributes, attribute),
    mapping: mappingFingerprint(mapping),
    onPortal: onPortalOf(mapping),
    newDeveloper: defaultsOf(mapping),
    newPortalUser: createdOf(mapping),
    idIsEmail: isIdEmail(mapping),
    ...(mapping.status === undefined ? { hasStatus: false } : {}),
    ...(mapping.select === undefined ? {} : { unselect }),
  };
}

function defaultsOf({ forms, attributes }: PortalMapping): ReadonlyMap<FieldName, string> {
  const defaults = new Map<FieldName, string>();
  for (const name of ['firstName', 'lastName'] as const) {
    const value = forms?.[name]?.default;
    if (value !== undefined) defaults.set(name, value);
  }
  if (attributes.kind === 'map') return defaults;
  for (const [name, { form }] of attributes.fields) {
    if (form?.default !== undefined) defaults.set(attributeField(name), form.default);
  }
  return defaults;
}

function createdOf({ attributes }: PortalMapping): ReadonlyMap<string, string> {
  const created = new Map<string, string>();
  if (attributes.kind === 'map') return created;
  for (const [name, { form }] of attributes.fields) {
    if (form?.onCreate !== undefined) created.set(name, form.onCreate);
  }
  return created;
}
