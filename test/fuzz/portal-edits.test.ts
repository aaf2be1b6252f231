import fc from 'fast-check';
import { expect, test } from 'vitest';
import { inProcess, type InProcess } from '../support/in-process.ts';
import { manualClock } from '../support/manual-clock.ts';
import { expectDiscreet } from './hostile.ts';
import { developers, document, mappings, usable } from './hostile-documents.ts';

/** Which of the documents there are at that moment. */
const one = fc.nat({ max: 100 });

/** What becomes of a document whose email another one takes at the same time. */
const former = fc.constantFrom('deleted', 'malformed', 'moved', 'the same') satisfies fc.Arbitrary<string>;

const edit = fc.oneof(
  fc.record({ kind: fc.constant('swap' as const), one, other: one }),
  fc.record({ kind: fc.constant('take' as const), one, other: one, former, first: fc.boolean() }),
  fc.record({ kind: fc.constant('replace' as const), one, by: fc.oneof(document, usable) }),
  fc.record({ kind: fc.constant('delete' as const), one }),
  fc.record({ kind: fc.constant('delete developer' as const), one }),
);
type Edit = typeof edit extends fc.Arbitrary<infer T> ? T : never;

const round = fc.record({
  edits: fc.array(edit, { minLength: 1, maxLength: 6 }),
  /** Of the events of these edits, which arrive. */
  heard: fc.constantFrom('none', 'every other', 'all') satisfies fc.Arbitrary<string>,
  /** Ms before the run. */
  pause: fc.constantFrom(0, 1000, 3_600_000),
});

/** Full runs after which nothing is left to write. Emails that wait for one another are freed one a run: a chain of five. */
const mostRuns = 6;

test(
  'whatever emails change hands between runs, each time nothing is left to write soon (rules 12, 17, 26)',
  { timeout: 120_000 },
  async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.oneof({ arbitrary: usable, weight: 3 }, document), { minLength: 2, maxLength: 8 }),
        developers,
        fc.tuple(
          mappings,
          fc.constantFrom('edge', 'edge', 'x'),
          fc.constantFrom('deactivate', 'delete', 'keep'),
          fc.constantFrom('recreate', 'hold', 'deactivate', 'delete'),
        ),
        fc.array(round, { minLength: 1, maxLength: 3 }),
        async (documents, seeds, [mapping, type, portalDelete, apigeeDelete], rounds) => {
          const clock = manualClock();
          const env = {
            ...mapping,
            APIGEE_TYPE: type,
            PORTAL_DELETE_POLICY: portalDelete,
            // Without a field for the status nobody can be deactivated.
            APIGEE_DELETE_POLICY: 'PORTAL_MAPPING' in mapping ? 'recreate' : apigeeDelete,
            DESTRUCTIVE_LIMIT: '1000',
            DESTRUCTIVE_LIMIT_PERCENT: '100',
          };
          const world = inProcess({ env, clock });
          world.developers.seed(...seeds);
          for (const [index, data] of documents.entries()) world.database.putPortalDocument(`d${String(index)}`, data);
          await settles(world, clock);
          for (const { edits, heard, pause } of rounds) {
            const changed = edits.flatMap((it) => [...make(world, it)]);
            for (const [index, id] of changed.entries()) {
              if (heard === 'all' || (heard === 'every other' && index % 2 === 0)) await world.push(id);
            }
            clock.advance(pause);
            await settles(world, clock);
          }
          for (const { message } of world.logs) expectDiscreet([message]);
          expect(world.logs.map(({ event }) => event)).not.toContain('unexpected_error');
        },
      ),
      { numRuns: 60 },
    );
  },
);

async function settles(world: InProcess, clock: ReturnType<typeof manualClock>): Promise<void> {
  const writes: (number | undefined)[] = [];
  for (let count = 0; count <= mostRuns; count += 1) {
    clock.advance(60_000);
    const run = await world.run();
    expect([run.state, run.problem]).toEqual(['done', undefined]);
    writes.push(run.totals?.traffic.writes);
    if (writes.at(-1) === 0) return;
  }
  expect(writes).toEqual('to end with 0');
}

/** Makes an edit; answers the ids of the documents it touched. */
function make(world: InProcess, it: Edit): readonly string[] {
  const { database } = world;
  const all = database.portalDocuments();
  const chosen = (index: number) => all[index % Math.max(1, all.length)];
  const first = chosen(it.one);
  if (first === undefined) return [];
  const put = (id: string, data: Readonly<Record<string, unknown>>): string => {
    database.putPortalDocument(id, data);
    return id;
  };
  switch (it.kind) {
    case 'replace':
      return [put(first.id, it.by)];
    case 'delete':
      database.deletePortalDocument(first.id);
      return [first.id];
    case 'delete developer': {
      const gone = world.developers.all()[it.one % Math.max(1, world.developers.all().length)];
      if (gone !== undefined) world.developers.remove(gone.email);
      return [];
    }
    case 'swap': {
      const second = chosen(it.other);
      if (second === undefined || second.id === first.id) return [];
      const { email } = first.data;
      return [put(first.id, { ...first.data, email: second.data['email'] }), put(second.id, { ...second.data, email })];
    }
    case 'take': {
      const second = chosen(it.other);
      if (second === undefined || second.id === first.id) return [];
      const take = (): string => put(first.id, { ...first.data, email: second.data['email'] });
      const leave = (): string => {
        switch (it.former) {
          case 'deleted':
            database.deletePortalDocument(second.id);
            return second.id;
          case 'malformed':
            return put(second.id, { ...second.data, status: 7 });
          case 'moved':
            return put(second.id, { ...second.data, email: 'moved@example.com' });
          case 'the same':
            return second.id;
        }
      };
      return it.first ? [take(), leave()] : [leave(), take()];
    }
  }
}
