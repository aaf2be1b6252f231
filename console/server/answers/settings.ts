import type { MappedField, SessionAnswer } from '../../api/answers/session.ts';
import type { Config } from '../../../shared/config/config.ts';
import type { FieldPath, PortalMapping } from '../../../shared/portal/mapping.ts';

/** What this process was deployed with, as far as it tells what becomes of people. Nothing of it is a secret. */
export function settingsAnswer(config: Config): SessionAnswer['settings'] {
  const { apigee, portal } = config;
  return {
    org: apigee.org,
    apigeeType: apigee.type,
    project: config.project,
    database: config.database,
    portalCollection: portal.collection,
    statePrefix: config.statePrefix,
    filter: portal.filter?.source ?? null,
    destructiveLimit: config.destructiveLimit,
    destructiveLimitPercent: config.destructiveLimitPercent,
    portalDeletePolicy: config.portalDeletePolicy,
    apigeeDeletePolicy: config.apigeeDeletePolicy,
    conflictPolicy: config.conflictPolicy,
    creationLimit: config.creationLimit,
    callsPerMinute: apigee.callsPerMinute,
    mapping: mappedFields(portal.mapping),
  };
}

function mappedFields({
  attributes,
  forms: _,
  oneName: __,
  onCreate: ___,
  select: ____,
  ...fields
}: PortalMapping): readonly MappedField[] {
  const mapped = Object.entries(fields).flatMap(([field, path]: [string, FieldPath | undefined]) =>
    path === undefined ? [] : [{ field, path: path.join('.'), direction: null }],
  );
  if (attributes.kind === 'map')
    return [...mapped, { field: 'attributes', path: attributes.path.join('.'), direction: 'both' }];
  const named = [...attributes.fields].map(([name, { path, direction }]) => ({
    field: `attributes.${name}`,
    path: path.join('.'),
    direction,
  }));
  return [...mapped, ...named];
}
