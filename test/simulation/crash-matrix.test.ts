import { describe, expect, test } from 'vitest';
import { nothingElse } from '../../shared/core/model/profile.ts';
import { inProcess, type InProcess } from '../support/in-process.ts';
import { manualClock, type ManualClock } from '../support/manual-clock.ts';

/** A process that ended: nothing after it runs. */
class Crash extends Error {}

interface Scenario {
  readonly name: string;
  readonly env?: Readonly<Record<string, string>>;
  /** No event tells of it: only a run finds it. */
  readonly unseen?: true;
  /** Makes the difference that has to be synchronised. */
  readonly edit: (world: InProcess) => Promise<void> | void;
}

const ann = 'ann@example.com';
const document = (id: string, more: Readonly<Record<string, unknown>> = {}) => ({
  email: `${id}@example.com`,
  firstName: id,
  lastName: 'Last',
  status: 'active',
  attributes: { tier: 'gold' },
  ...more,
});

const scenarios: readonly Scenario[] = [
  { name: 'a new user', edit: (world) => world.database.putPortalDocument('new', document('new')) },
  {
    name: 'a new inactive user',
    edit: (world) => world.database.putPortalDocument('new', document('new', { status: 'inactive' })),
  },
  {
    name: 'a new developer',
    unseen: true,
    edit: (world) => world.developers.seed({ email: 'new@example.com', firstName: 'New', lastName: 'Dev' }),
  },
  {
    name: 'an edited user',
    edit: (world) => world.database.putPortalDocument('ann', document('ann', { lastName: 'Edited' })),
  },
  {
    name: 'an edited user, status too',
    edit: (world) =>
      world.database.putPortalDocument('ann', document('ann', { lastName: 'Edited', status: 'inactive' })),
  },
  { name: 'an edited developer', unseen: true, edit: (world) => editDeveloper(world, { tier: 'silver' }) },
  {
    name: 'edits on both sides',
    async edit(world) {
      await editDeveloper(world, { tier: 'silver', more: 'x' });
      world.database.putPortalDocument('ann', document('ann', { lastName: 'Edited', attributes: { tier: 'bronze' } }));
    },
  },
  {
    name: 'edits on both sides, the portal last',
    async edit(world) {
      await editDeveloper(world, { tier: 'silver' });
      const updatedAt = new Date(world.database.now() + 1000);
      world.database.putPortalDocument('ann', document('ann', { attributes: { tier: 'bronze' }, updatedAt }));
    },
  },
  { name: 'a deleted user', edit: (world) => world.database.deletePortalDocument('ann') },
  {
    name: 'a deleted user, to be deleted',
    env: { PORTAL_DELETE_POLICY: 'delete' },
    edit: (world) => world.database.deletePortalDocument('ann'),
  },
  { name: 'a deleted developer', unseen: true, edit: (world) => world.developers.remove(ann) },
  {
    name: 'a deleted developer of an inactive user',
    edit(world) {
      world.database.putPortalDocument('ann', document('ann', { status: 'inactive' }));
      world.developers.remove(ann);
    },
  },
  {
    name: 'a renamed user on Edge',
    env: { APIGEE_TYPE: 'edge' },
    edit: (world) =>
      world.database.putPortalDocument('ann', document('ann', { email: 'anne@example.com', firstName: 'Anne' })),
  },
  { name: 'a second user of one email', edit: (world) => world.database.putPortalDocument('twin', document('ann')) },
  { name: 'a document without an email', edit: (world) => world.database.putPortalDocument('odd', { email: 7 }) },
];

type Flow = 'push' | 'run';

describe.each<Flow>(['push', 'run'])('a crash in a %s', (flow) => {
  test.each(scenarios.filter(({ unseen }) => flow === 'run' || unseen === undefined))(
    'before or after any effect ends as if there had been none (rule 24): $name',
    async ({ env = {}, edit }) => {
      const smooth = await play(flow, env, edit, undefined);
      expect(smooth.effects).toBeGreaterThan(0);
      for (let at = 0; at < smooth.effects; at += 1) {
        for (const side of ['before', 'after'] as const) {
          const crashed = await play(flow, env, edit, { at, side });
          expect([at, side, crashed.state]).toEqual([at, side, smooth.state]);
          expect([at, side, crashed.settled]).toEqual([at, side, true]);
        }
      }
    },
  );
});

interface Played {
  readonly effects: number;
  readonly state: unknown;
  /** A further run wrote nothing. */
  readonly settled: boolean;
}

async function play(
  flow: Flow,
  env: Readonly<Record<string, string>>,
  edit: Scenario['edit'],
  crash: { readonly at: number; readonly side: 'before' | 'after' } | undefined,
): Promise<Played> {
  const clock = manualClock();
  let effects = 0;
  let armed = false;
  const world = inProcess({
    env,
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
  // Many people who are alike, so that one deletion stays under the percentage.
  for (const id of ['ann', ...Array.from({ length: 24 }, (_, index) => `other-${String(index)}`)]) {
    world.database.putPortalDocument(id, document(id));
    world.developers.seed({
      email: `${id}@example.com`,
      firstName: id,
      lastName: 'Last',
      attributes: new Map([['tier', 'gold']]),
    });
  }
  await world.run();
  clock.advance(3_600_000);
  await edit(world);
  clock.advance(60_000);
  armed = true;
  await (flow === 'run' ? runThrough(world) : pushThrough(world, clock));
  armed = false;
  clock.advance(3_600_000);
  // Whatever is still owed after a crash is due by now.
  await world.run();
  const state = stateOf(world);
  const settled = (await world.run()).totals?.traffic.writes === 0;
  return { effects, state, settled };
}

/** A crashed delivery comes again: `drain` does that, and a crashed process leaves its lease to run out. */
async function runThrough(world: InProcess): Promise<void> {
  await world.run();
}

async function pushThrough(world: InProcess, clock: ManualClock): Promise<void> {
  for (const id of ['ann', 'new', 'twin', 'odd']) {
    for (let delivery = 0; delivery < 3; delivery += 1) {
      try {
        const results = await world.push(id);
        if (results.every(({ disposition }) => disposition === 'final')) break;
      } catch (error) {
        if (!(error instanceof Crash)) throw error;
      }
      clock.advance(200_000);
    }
  }
}

async function editDeveloper(world: InProcess, attributes: Readonly<Record<string, string>>): Promise<void> {
  await world.developers.update(ann, {
    email: ann,
    userName: ann,
    firstName: 'ann',
    lastName: 'Last',
    attributes: new Map(Object.entries(attributes)),
    others: nothingElse,
  });
}

/** What people can see: no ids, times or counts of tries. */
function stateOf(world: InProcess): unknown {
  const developers = world.developers
    .all()
    .map(({ email, firstName, lastName, status, attributes }) => ({ email, firstName, lastName, status, attributes }))
    .sort((a, b) => (a.email < b.email ? -1 : 1));
  const users = world.database
    .portalDocuments()
    .map(({ data: { passwordHash: _, updatedAt: __, ...data } }) => data)
    .sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
  const links = world.database
    .allLinks()
    .map(({ key, presence, hold, failure, tombstone, history, due }) => ({
      key,
      presence,
      hold: hold?.reason,
      failure: failure?.message,
      tombstone: tombstone && { side: tombstone.side, deactivated: tombstone.deactivated },
      history: history.map(({ at: _, ...entry }) => entry),
      due,
    }))
    .sort((a, b) => (a.key < b.key ? -1 : 1));
  return { developers, users, links };
}
