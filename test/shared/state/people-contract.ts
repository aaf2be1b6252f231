import type { TestContext } from 'vitest';
import type { PortalMapping } from '../../../shared/portal/mapping.ts';
import type { LinkKeeping } from '../../../shared/state/link-keeping.ts';
import type { Meter } from '../../../shared/state/meter.ts';
import type { People } from '../../../shared/state/people.ts';
import { linkContract } from './people-contract-links.ts';
import { mappingContract } from './people-contract-mapping.ts';
import { meterContract } from './people-contract-meter.ts';
import { nobodyContract } from './people-contract-nobody.ts';
import { portalContract } from './people-contract-portal.ts';
import { seenBeforeContract } from './people-contract-seen.ts';
import { transactionContract } from './people-contract-transactions.ts';

/** One empty store, with the accesses that the product does not have. */
export interface PeopleStore {
  /** An adapter on this store. */
  people(options?: {
    readonly meter?: Meter;
    readonly mapping?: PortalMapping;
    readonly keeping?: LinkKeeping;
  }): People;
  putPortal(id: string, data: Readonly<Record<string, unknown>>): Promise<void>;
  portalData(id: string): Promise<unknown>;
  /** Every document of another collection. */
  others(collection: string): Promise<readonly unknown[]>;
  /** As it is stored; times as dates. */
  rawLink(id: string): Promise<Readonly<Record<string, unknown>> | undefined>;
  putRawLink(id: string, data: Readonly<Record<string, unknown>>): Promise<void>;
}

export type OpenPeopleStore = (context: TestContext) => PeopleStore;

/** What every implementation of `People` has to do. */
export function peopleContract(open: OpenPeopleStore): void {
  linkContract(open);
  nobodyContract(open);
  portalContract(open);
  mappingContract(open);
  transactionContract(open);
  seenBeforeContract(open);
  meterContract(open);
}
