import { hash } from 'node:crypto';
import type { PortalMapping } from '../portal/mapping.ts';
import type { Config } from './config.ts';
import { scopeOf } from './scope-of.ts';

/** Stands for every setting that a decision or its limits rest on: a plan is applied with the same ones only (rule 36). */
export function settingsOf(config: Config): string {
  const { conflictPolicy, portalDeletePolicy, apigeeDeletePolicy } = config;
  const { destructiveLimit, destructiveLimitPercent, creationLimit } = config;
  const policies = [conflictPolicy, portalDeletePolicy, apigeeDeletePolicy];
  const limits = [destructiveLimit, destructiveLimitPercent, creationLimit];
  const parts = [scopeOf(config), ...policies, ...limits, ...besidesReading(config.portal.mapping)];
  return hash('sha256', JSON.stringify(parts), 'hex').slice(0, 16);
}

/** What the mapping says beyond how profiles are read, which the scope has: whose edit is newer, and what a record is made with. */
function besidesReading(mapping: PortalMapping): readonly unknown[] {
  const { userName, forms, updatedAt, passwordHash, passwordResetRequired, onCreate, attributes } = mapping;
  const created =
    attributes.kind === 'map'
      ? attributes.creates
      : [...attributes.fields].map(([name, { form }]) => [name, form?.onCreate ?? null]).sort();
  const ofUser = [userName ?? null, forms?.userName?.trim ?? null];
  return [
    ofUser,
    updatedAt ?? null,
    passwordHash ?? null,
    passwordResetRequired ?? null,
    onCreate ?? [],
    created ?? null,
  ];
}
