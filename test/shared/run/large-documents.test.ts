import { expect, test } from 'vitest';
import { emailOf, idOf } from '../../support/crowd.ts';
import { inProcess } from '../../support/in-process.ts';

/** As many as a page of documents may have, but together too large for one. */
const people = 200;

test.each(['full', 'incremental'] as const)(
  'portal users who are too large for one page are all found by a run that looks at %s (rules 3, 26)',
  async (mode) => {
    const world = inProcess();
    await world.run();
    const attributes = { note: 'n'.repeat(50_000) };
    for (let index = 0; index < people; index += 1) {
      const document = { email: emailOf(index), firstName: 'First', lastName: 'Last', attributes };
      world.database.putPortalDocument(idOf(index), { ...document, updatedAt: new Date() });
    }
    const run = await world.run({ mode });
    expect(run).toMatchObject({ state: 'done', mode, totals: { counts: { seen: people } } });
    expect(world.developers.all()).toHaveLength(people);
  },
);
