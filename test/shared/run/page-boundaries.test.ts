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

test('a page that is answered without its start key is asked for again, and nobody behind it is lost (rule 25)', async () => {
  let isBroken = true;
  const world = inProcess({
    wrap: (developers) => ({
      ...developers,
      async listEmails({ startKey }) {
        if (startKey === undefined || !isBroken) return developers.listEmails({ startKey, count: page });
        isBroken = false;
        return { ok: true, value: [] };
      },
    }),
  });
  for (let index = 0; index < 5; index += 1) world.developers.seed({ email: emailOf(index) });
  expect((await world.run()).totals?.counts).toMatchObject({ seen: 5, created: { portal: 5 } });
  expect(isBroken).toBe(false);
});

test('a developer whom the expanded listing leaves out is asked for by name (rules 3, 25)', async () => {
  const world = inProcess({
    wrap: (developers) => ({
      ...developers,
      async listDevelopers(wanted) {
        const answer = await developers.listDevelopers(wanted);
        if (!answer.ok) return answer;
        const shown = answer.value.developers.filter(({ email }) => email !== emailOf(1));
        return { ok: true, value: { ...answer.value, developers: shown } };
      },
    }),
  });
  for (let index = 0; index < 3; index += 1) world.developers.seed({ email: emailOf(index) });
  expect((await world.run()).totals?.counts).toMatchObject({ seen: 3, created: { portal: 3 } });
});
