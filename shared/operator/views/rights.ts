import type { Config } from '../../config/config.ts';

/** Tells which permissions the operator's credentials lack. */
export interface Rights {
  missing(project: string, permissions: readonly string[]): Promise<RightsAnswer>;
}

export type RightsAnswer =
  | { readonly kind: 'known'; readonly missing: readonly string[] }
  /** Nobody could be asked. */
  | { readonly kind: 'unknown'; readonly why: string };

export type RightsFound = RightsAnswer & { readonly project: string };

export interface NeededRights {
  readonly project: string;
  readonly permissions: readonly string[];
}

/** What synchronising needs, by project. Edge has rights of its own, which are not Google Cloud's. */
export function neededRights({ project, apigee, portalDeletePolicy }: Config): readonly NeededRights[] {
  const inProject = [
    'datastore.entities.create',
    'datastore.entities.delete',
    'datastore.entities.get',
    'datastore.entities.list',
    'datastore.entities.update',
    'pubsub.topics.publish',
  ];
  const inApigee = [
    'apigee.developers.create',
    'apigee.developers.get',
    'apigee.developers.list',
    'apigee.developers.update',
    ...(portalDeletePolicy === 'delete' ? ['apigee.developers.delete'] : []),
  ];
  const ofProject = { project, permissions: inProject };
  if (apigee.type === 'edge') return [ofProject];
  // An organisation of X or hybrid is called like the project that it lives in.
  if (apigee.org === project) return [{ project, permissions: [...inProject, ...inApigee] }];
  return [ofProject, { project: apigee.org, permissions: inApigee }];
}
