import { describe } from 'vitest';
import { defaultMapping } from '../../../shared/portal/mapping-config.ts';
import { createInMemoryDatabase } from '../../../shared/state/in-memory/database.ts';
import { createInMemoryPeople } from '../../../shared/state/in-memory/people.ts';
import { newMeter } from '../../../shared/state/meter.ts';
import { peopleContract } from './people-contract.ts';

describe('people in memory', () => {
  peopleContract(() => {
    const database = createInMemoryDatabase({ now: Date.now });
    return {
      people: ({ meter = newMeter(), mapping = defaultMapping } = {}) =>
        createInMemoryPeople({ database, mapping, meter }),
      putPortal: async (id, data) => database.putPortalDocument(id, data),
      portalData: async (id) => database.portal.get(id)?.data,
      putRawLink: async (id, data) => database.links.put(id, data, 0),
    };
  });
});
