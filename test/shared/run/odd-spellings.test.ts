import { describe, expect, test } from 'vitest';
import { decodePlace, encodePlace } from '../../../shared/run/phases/apigee/listing-place.ts';
import { emailOf } from '../../support/crowd.ts';
import { inProcess } from '../../support/in-process.ts';

/** How many developers this Apigee lists at once, whatever it is asked for. */
const page = 3;
const others = [1, 2, 3, 4, 5, 6, 7].map(emailOf);

/** Edge takes any email. Each of these, where a page ends, once ended every run. */
test.each([
  ['ends in a line feed', ['odd@example.com\n']],
  ['holds line feeds only', ['\n\n']],
  ['is blank', [' ']],
  ['is a dot, which no path can name', ['.']],
  ['begins like JSON', ['{"tail":["x"]}']],
  ['is one of many that no path can name', [' ', '  ', '   ', '.', '..', '    ', '     ']],
])('a developer whose email %s stops nobody else (rules 7, 25)', async (_, odd) => {
  const world = inProcess({
    env: { APIGEE_TYPE: 'edge', APIGEE_USERNAME: 'ops', APIGEE_PASSWORD: 'pass' },
    wrap: (developers) => ({
      ...developers,
      listEmails: ({ startKey }) => developers.listEmails({ startKey, count: page }),
    }),
  });
  for (const email of [...others.slice(0, 2), ...odd, ...others.slice(2)]) world.developers.seed({ email });
  const run = await world.run();
  expect(run.state).toBe('done');
  const names = world.database.portalDocuments().map(({ data }) => data['email']);
  expect(names).toEqual(expect.arrayContaining(others));
  expect(run.totals?.counts.seen).toBe(others.length + odd.length);
});

test('a start key that no path can name is not asked for by name, and the listing goes on from the one before', async () => {
  const world = inProcess({
    env: { APIGEE_TYPE: 'edge', APIGEE_USERNAME: 'ops', APIGEE_PASSWORD: 'pass' },
    wrap: (developers) => ({
      ...developers,
      // Apigee that trims its start key finds nobody of the name, and goes on elsewhere.
      listEmails: ({ startKey }) =>
        startKey?.trim() === ''
          ? developers.listEmails({ startKey: undefined, count: 1 })
          : developers.listEmails({ startKey, count: page }),
    }),
  });
  for (const email of [emailOf(1), emailOf(2), ' ', emailOf(3), emailOf(4)]) world.developers.seed({ email });
  const run = await world.run();
  expect(run.totals?.counts).toMatchObject({ seen: 5, created: { portal: 4 }, failed: 1 });
});

describe('the place of a walk', () => {
  test.each([
    ['', []],
    ['ann@example.com', ['ann@example.com']],
    ['zoe@example.com\nzoe2@example.com', ['zoe@example.com', 'zoe2@example.com']],
    ['5', ['5']],
    ['null', ['null']],
  ])('is read where the version before has written it: %j', (cursor, tail) => {
    expect(decodePlace(cursor).tail).toEqual(tail);
  });

  test.each([[['a\n', '\n', '', ' ']], [['{"tail":[]}', '"', '\\', '\u2028', 'é']], [[]]])(
    'comes back as it was: %j',
    (tail) => {
      expect(decodePlace(encodePlace({ tail, pages: 3, marks: tail })).marks).toEqual(tail);
    },
  );
});
