import { hash } from 'node:crypto';
import { mappingFingerprint } from '../portal/mapping-fingerprint.ts';
import type { Config } from './config.ts';

/**
 * Stands for the settings that say which people are looked at and how their documents are read. The first run with another
 * scope is a full one.
 */
export function scopeOf({ apigee, database, portal }: Config): string {
  const { collection, filter, mapping, unselect } = portal;
  const who = [apigee.type, apigee.org, database, collection, filter?.source ?? null];
  const parts = [...who, mapping.email, mapping.emailVerified ?? null, mappingFingerprint(mapping)];
  if (mapping.select !== undefined) parts.push(mapping.select.text, unselect);
  return hash('sha256', JSON.stringify(parts), 'hex').slice(0, 16);
}
