import type { Firestore } from '@google-cloud/firestore';
import type { PortalMapping } from '../../portal/mapping.ts';
import type { Meter } from '../meter.ts';
import type { People } from '../people.ts';
import { linkQueries } from './link-queries.ts';
import { stateCollections } from './names.ts';
import { fieldsOf, type PeopleContext } from './people-context.ts';
import { portalQueries } from './portal-queries.ts';
import { readScope, transact } from './transaction.ts';

export interface FirestorePeopleOptions {
  /** Shared: adapters are cheap, one per meter. */
  readonly firestore: Firestore;
  readonly mapping: PortalMapping;
  readonly portalCollection: string;
  readonly statePrefix: string;
  /** For how long changes are kept, ms; 0: none is. */
  readonly changesKeptMs: number;
  readonly meter: Meter;
}

export function createFirestorePeople(options: FirestorePeopleOptions): People {
  const { firestore, mapping, meter, changesKeptMs } = options;
  const { links, changes } = stateCollections(options.statePrefix);
  const context: PeopleContext = {
    firestore,
    mapping,
    meter,
    changesKeptMs,
    links: firestore.collection(links),
    changes: firestore.collection(changes),
    portal: firestore.collection(options.portalCollection),
    fields: fieldsOf(mapping),
  };
  return {
    ...linkQueries(context),
    ...portalQueries(context),
    read: async (scope) => readScope(context, scope),
    transact: async (scope, step) => transact(context, scope, step),
  };
}
