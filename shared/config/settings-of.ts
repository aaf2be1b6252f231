import { createHash } from 'node:crypto';
import type { Config } from './config.ts';
import { scopeOf } from './scope-of.ts';

/** Stands for every setting that a decision or its limits rest on: a plan is applied with the same ones only (rule 36). */
export function settingsOf(config: Config): string {
  const { conflictPolicy, portalDeletePolicy, apigeeDeletePolicy } = config;
  const { destructiveLimit, destructiveLimitPercent, creationLimit } = config;
  const policies = [conflictPolicy, portalDeletePolicy, apigeeDeletePolicy];
  const parts = [scopeOf(config), ...policies, destructiveLimit, destructiveLimitPercent, creationLimit];
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 16);
}
