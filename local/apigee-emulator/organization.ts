import type { JsonObject, Json } from './json.ts';
import type { Mode } from './settings.ts';

/** Clients tell the flavours apart by the properties of an organisation. */
export function organization(mode: Mode, org: string): JsonObject {
  return mode === 'x'
    ? {
        name: org,
        displayName: org,
        projectId: org,
        createdAt: '1704067200000',
        lastModifiedAt: '1704067200000',
        properties: { property: [{ name: 'features.hybrid.enabled', value: 'true' }] },
        analyticsRegion: 'europe-west1',
        runtimeType: 'CLOUD',
        subscriptionType: 'PAID',
        billingType: 'SUBSCRIPTION',
        state: 'ACTIVE',
      }
    : {
        createdAt: 1_704_067_200_000,
        createdBy: 'admin@example.com',
        displayName: org,
        environments: ['test', 'prod'],
        lastModifiedAt: 1_704_067_200_000,
        lastModifiedBy: 'admin@example.com',
        name: org,
        properties: { property: [{ name: 'features.isCpsEnabled', value: 'true' }] },
        type: 'paid',
      };
}

export function organizations(mode: Mode, org: string): Json {
  return mode === 'x' ? { organizations: [{ organization: org, projectIds: [org], projectId: org }] } : [org];
}

export function projectMapping(org: string): JsonObject {
  return { organization: org, projectId: org, location: 'global' };
}
