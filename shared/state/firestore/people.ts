import type { Firestore } from '@google-cloud/firestore';
import type { PortalMapping } from '../../portal/mapping.ts';
import type { LinkKeeping } from '../link-keeping.ts';
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
  /** Default: that of the state. */
  readonly changesCollection?: string;
  readonly meter: Meter;
  /** Undefined: links keep everything, for ever. */
  readonly keeping?: LinkKeeping | undefined;
  /** The collection of the links. Default: the one of `statePrefix`. */
  readonly linksCollection?: string;
}

export function createFirestorePeople(options: FirestorePeopleOptions): People {
  const { firestore, mapping, meter, changesKeptMs } = options;
  const collections = stateCollections(options.statePrefix);
  const context: PeopleContext = {
    firestore,
    mapping,
    meter,
    changesKeptMs,
    keeping: options.keeping,
    links: firestore.collection(options.linksCollection ?? collections.links),
    changes: firestore.collection(options.changesCollection ?? collections.changes),
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
