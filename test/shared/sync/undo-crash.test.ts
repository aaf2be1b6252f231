import { describe, expect, test } from 'vitest';
import { inProcess, type InProcess } from '../../support/in-process.ts';
import { manualClock, type ManualClock } from '../../support/manual-clock.ts';
import { ann, annDocument, developer, unheard } from './ann.ts';
import { lastChange, undo, writesOfRun } from './undoing.ts';

/** A process that ended: nothing after it runs. */
class Crash extends Error {}

interface Scenario {
  readonly name: string;
  /** Where Ann is before the act that is undone. */
  readonly begin: (world: InProcess) => void;
  readonly edit: (world: InProcess) => void;
  /** An edit that nobody has synchronised by the time of the undo. */
  readonly unseen?: (world: InProcess) => void;
}

const both = (world: InProcess): void => {
  world.database.putPortalDocument('ann', annDocument);
  world.developers.seed({ email: ann, firstName: 'Ann', lastName: 'Lee', attributes: new Map([['tier', 'gold']]) });
};
const editUser = (world: InProcess, change: object): void =>
  world.database.putPortalDocument('ann', { ...world.user('ann'), ...change });
const editDeveloper = (world: InProcess, change: object): void => {
  const found = developer(world);
  if (found === undefined) throw new Error('there is no developer');
  world.developers.seed({ ...found, ...change, lastModifiedAt: world.database.now() });
};

const scenarios: readonly Scenario[] = [
  { name: 'a name in Apigee', begin: both, edit: (world) => editUser(world, { firstName: 'Annie' }) },
  {
    name: 'a name and the status in Apigee',
    begin: both,
    edit: (world) => editUser(world, { firstName: 'Annie', status: 'inactive' }),
  },
  { name: 'a name on the portal', begin: both, edit: (world) => editDeveloper(world, { firstName: 'Annie' }) },
  {
    name: 'attributes on both sides',
    begin: both,
    edit(world) {
      editUser(world, { firstName: 'Annie' });
      editDeveloper(world, { attributes: new Map([['tier', 'silver']]) });
    },
  },
  {
    name: 'a name in Apigee, another name edited on the portal meanwhile',
    begin: both,
    edit: (world) => editUser(world, { firstName: 'Annie' }),
    unseen: (world) => editUser(world, { lastName: 'Smith' }),
  },
  {
    name: 'a deactivation',
    begin: both,
    edit: (world) => world.database.deletePortalDocument('ann'),
  },
  {
    name: 'the creation of a developer',
    begin: () => undefined,
    edit: (world) => world.database.putPortalDocument('ann', annDocument),
  },
  {
    name: 'the creation of a portal user',
    begin: () => undefined,
    edit: (world) => world.developers.seed({ email: ann, firstName: 'Ann', lastName: 'Lee' }),
  },
];

/** What happens between the crash and the second delivery of the undo. */
const between = ['nothing', 'a push', 'a full run'] as const;

describe.each(between)('a crash in an undo, with %s before it is delivered again', (meanwhile) => {
  test.each(scenarios)('ends as if there had been none (rule 24): $name', async (scenario) => {
    const smooth = await play(scenario, meanwhile, undefined);
    expect(smooth.effects).toBeGreaterThan(0);
    for (let at = 0; at < smooth.effects; at += 1) {
      for (const side of ['before', 'after'] as const) {
        const crashed = await play(scenario, meanwhile, { at, side });
        expect([at, side, crashed.state]).toEqual([at, side, smooth.state]);
        expect([at, side, crashed.writes]).toEqual([at, side, 0]);
        expect([at, side, crashed.undone]).toEqual([at, side, smooth.undone]);
      }
    }
  });
});

interface Played {
  readonly effects: number;
  readonly state: unknown;
  /** What is kept of all changes of Ann (rule 34). */
  readonly undone: unknown;
  readonly writes: number | undefined;
}

async function play(
  { begin, edit, unseen }: Scenario,
  meanwhile: (typeof between)[number],
  crash: { readonly at: number; readonly side: 'before' | 'after' } | undefined,
): Promise<Played> {
  const clock = manualClock();
  let effects = 0;
  let armed = false;
  const world = inProcess({
    clock,
    async around(_, happen) {
      if (!armed) return happen();
      const now = effects;
      effects += 1;
      if (crash?.at === now && crash.side === 'before') throw new Crash();
      const result = await happen();
      if (crash?.at === now && crash.side === 'after') throw new Crash();
      return result;
    },
  });
  for (let index = 0; index < 24; index += 1) {
    const id = `other-${String(index)}`;
    world.database.putPortalDocument(id, { ...annDocument, email: `${id}@example.com` });
    world.developers.seed({
      email: `${id}@example.com`,
      firstName: 'Ann',
      lastName: 'Lee',
      attributes: new Map([['tier', 'gold']]),
    });
  }
  begin(world);
  await world.run();
  clock.advance(3_600_000);
  edit(world);
  await world.run();
  clock.advance(3_600_000);
  const change = await lastChange(world);
  unseen?.(world);
  armed = true;
  await undo(world, change).catch(ignoreCrash);
  armed = false;
  clock.advance(200_000);
  if (crash !== undefined) await meet(world, meanwhile);
  await until(clock, () => undo(world, change));
  await world.run();
  const writes = await writesOfRun(world);
  const changes = await world.services.changes.ofPerson(ann, { before: undefined, limit: 100 });
  const undone = changes.flatMap(({ fields }) =>
    fields.map(({ side, field, after }) => `${side} ${field} ${String(after)}`),
  );
  return { effects, state: stateOf(world), undone: undone.toSorted(), writes };
}

function ignoreCrash(error: unknown): void {
  if (!(error instanceof Crash)) throw error;
}

async function meet(world: InProcess, meanwhile: (typeof between)[number]): Promise<void> {
  if (meanwhile === 'a push') await world.push('ann');
  if (meanwhile === 'a full run') await world.run();
}

async function until(clock: ManualClock, act: () => ReturnType<typeof undo>): Promise<void> {
  for (let tries = 0; tries < 3; tries += 1) {
    if ((await act()).result.disposition === 'final') return;
    clock.advance(200_000);
  }
}

function stateOf(world: InProcess): unknown {
  const { presence, hold, failure, tombstone, undone, undoIntent, lease, due, base } = world.database.linkOf(ann) ?? {};
  const found = developer(world);
  const user = world.database.portalDocuments().find(({ data }) => data['email'] === ann)?.data;
  const profile = found && [found.firstName, found.lastName, found.status, [...found.attributes]];
  const onPortal = user && [user['firstName'], user['lastName'], user['status'], user['attributes']];
  const buried = tombstone && [tombstone.side, tombstone.deactivated, tombstone.undone];
  const link = { presence, hold: hold?.reason, failure, buried, undone, undoIntent, lease, due };
  return { profile, onPortal, link, base: base && [base.portal, base.developer] };
}

test('a call that was made and not heard of is known for our own (rule 24)', async () => {
  let isHeard = true;
  const clock = manualClock(Date.now());
  const world = inProcess({
    clock,
    wrap: (developers) => ({
      ...developers,
      async update(email, draft) {
        const answer = await developers.update(email, draft);
        return isHeard ? answer : unheard('update');
      },
    }),
  });
  both(world);
  await world.run();
  editUser(world, { firstName: 'Annie' });
  await world.push('ann');
  const change = await lastChange(world);
  isHeard = false;
  expect((await undo(world, change)).result).toMatchObject({ outcome: 'failed', disposition: 'retry' });
  isHeard = true;
  clock.advance(3_600_000);
  await world.push('ann');
  expect(developer(world)?.firstName).toBe('Ann');
  expect(world.user('ann')).toMatchObject({ firstName: 'Annie' });
  expect(world.database.linkOf(ann)).toMatchObject({ undone: ['firstName'] });
  const [newest] = await world.services.changes.ofPerson(ann, { before: undefined, limit: 1 });
  expect(newest?.fields).toEqual([{ side: 'apigee', field: 'firstName', before: 'Annie', after: 'Ann' }]);
  await world.run();
  expect(await writesOfRun(world)).toBe(0);
});
