import type { StateOwner } from '../state/control.ts';
import type { Config } from './config.ts';

/** The variable that names each part. */
export const settingOf: Readonly<Record<keyof StateOwner, string>> = {
  type: 'APIGEE_TYPE',
  org: 'APIGEE_ORG',
  project: 'GOOGLE_CLOUD_PROJECT',
  database: 'FIRESTORE_DATABASE',
  collection: 'PORTAL_COLLECTION',
};

/** Whom the state of these settings is about (rule 38). */
export function ownerOf({ apigee, project, database, portal }: Config): StateOwner {
  return { type: apigee.type, org: apigee.org, project, database, collection: portal.collection };
}
