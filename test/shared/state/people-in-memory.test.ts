import { describe, expect, test } from 'vitest';
import { keepingLinks } from '../../../shared/state/link-keeping.ts';
import { manualClock } from '../../support/manual-clock.ts';
import { defaultMapping } from '../../../shared/portal/mapping-config.ts';
import { createInMemoryDatabase } from '../../../shared/state/in-memory/database.ts';
import { createInMemoryPeople } from '../../../shared/state/in-memory/people.ts';
import { newMeter } from '../../../shared/state/meter.ts';
import { peopleContract } from './people-contract.ts';
import { email, linkOf, putLinks } from './samples.ts';

describe('people in memory', () => {
  peopleContract(() => {
    const database = createInMemoryDatabase({ now: Date.now });
    return {
      people: ({ meter = newMeter(), mapping = defaultMapping, keeping } = {}) =>
        createInMemoryPeople({ database, mapping, meter, keeping }),
      rawLink: async (id) => database.links.get(id)?.data,
      putPortal: async (id, data) => database.putPortalDocument(id, data),
      others: async (name) =>
        database.alongside.filter(({ collection }) => collection === name).map(({ data }) => data),
      portalData: async (id) => database.portal.get(id)?.data,
      putRawLink: async (id, data) => database.links.put(id, data, 0),
    };
  });

  test('the link of nobody is gone once its time has come, as Firestore deletes it (rule 37)', async () => {
    const clock = manualClock();
    const database = createInMemoryDatabase({ now: clock.now });
    const keeping = keepingLinks(400, () => 'hash');
    const people = createInMemoryPeople({ database, mapping: defaultMapping, keeping });
    const ann = email('ann@example.com');
    const tombstone = { side: 'both', at: clock.now(), developerId: undefined, deactivated: false } as const;
    await putLinks(people, [linkOf(ann, { presence: 'none', tombstone })]);
    clock.advance(400 * 24 * 3_600_000 - 1);
    expect((await people.links([ann])).size).toBe(1);
    clock.advance(1);
    expect((await people.links([ann])).size).toBe(0);
    expect([...database.links.after(undefined)]).toEqual([]);
  });
});
