import { expect, test } from 'vitest';
import { emailOf } from '../../support/crowd.ts';
import { inProcess } from '../../support/in-process.ts';

/** How many developers this Apigee lists at once, whatever it is asked for. */
const page = 3;

test.each([2, 3, 4, 5, 6, 7])(
  '%i developers whom only Apigee knows are all found, pages of three: none is lost where one begins (rules 3, 9)',
  async (count) => {
    const world = inProcess({
      wrap: (developers) => ({
        ...developers,
        listEmails: ({ startKey }) => developers.listEmails({ startKey, count: page }),
      }),
    });
    for (let index = 0; index < count; index += 1) world.developers.seed({ email: emailOf(index) });
    const run = await world.run();
    expect(run.totals?.counts).toMatchObject({ seen: count, created: { apigee: 0, portal: count } });
    expect(world.database.portalDocuments()).toHaveLength(count);
  },
);
