import type { Policy } from '../core/model/policy.ts';
import { directionOf } from '../portal/attribute-selection.ts';
import { mappingFingerprint } from '../portal/mapping-config.ts';
import type { Config } from './config.ts';

/** The settings that `decide()` needs, in the form in which it needs them. */
export function policyOf(config: Config): Policy {
  const { mapping, filter } = config.portal;
  return {
    conflict: config.conflictPolicy,
    portalDelete: config.portalDeletePolicy,
    apigeeDelete: config.apigeeDeletePolicy,
    rename: config.apigee.type === 'edge' ? 'in-place' : 'refused',
    inScope: (email) => filter === undefined || filter.test(email),
    directionOf: (attribute) => directionOf(mapping.attributes, attribute),
    mapping: mappingFingerprint(mapping),
  };
}
