import { describe, expect, test } from 'vitest';
import type { InMemoryDevelopers } from '../../../../shared/apigee/in-memory.ts';
import type { Developers } from '../../../../shared/apigee/developers.ts';
import { emailOf } from '../../../support/crowd.ts';
import { inProcess } from '../../../support/in-process.ts';

/** Never more than two developers a page; `then` happens after each of them. */
function shortPages(developers: Developers, then: () => void): Developers {
  return {
    ...developers,
    async listEmails(page) {
      const answer = await developers.listEmails({ ...page, count: 2 });
      then();
      return answer;
    },
  };
}

describe('the walk over the developers', () => {
  test('remembers developers of earlier pages too, so that a page may vanish as a whole', async () => {
    let pages = 0;
    const org: { developers?: InMemoryDevelopers } = {};
    const world = inProcess({
      wrap: (developers) =>
        shortPages(developers, () => {
          pages += 1;
          // The third page has shown 2 and 3, from which the walk was to go on.
          if (pages === 3) for (const index of [2, 3]) org.developers?.remove(emailOf(index));
        }),
    });
    org.developers = world.developers;
    for (let index = 0; index < 8; index += 1) world.developers.seed({ email: emailOf(index) });
    expect(await world.run()).toMatchObject({ state: 'done', totals: { counts: { failed: 0 } } });
    expect(world.database.portalDocuments()).toHaveLength(6);
  });
});
