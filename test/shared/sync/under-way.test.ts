import { describe, expect, test } from 'vitest';
import type { Developers } from '../../../shared/apigee/developers.ts';
import type { Link } from '../../../shared/core/model/link.ts';
import { newMeter } from '../../../shared/state/meter.ts';
import { syncPerson } from '../../../shared/sync/sync-person.ts';
import { pushAllowance } from '../../../shared/wiring/allowances.ts';
import { openSession } from '../../../shared/wiring/services.ts';
import type { InProcess } from '../../support/in-process.ts';
import { manualClock } from '../../support/manual-clock.ts';
import { ann, annDocument, developer, linked } from './ann.ts';

const minute = 60_000;
const { leaseMs, callMs } = pushAllowance.timing;

const unheard = {
  ok: false,
  error: {
    kind: 'unavailable',
    operation: 'update',
    status: undefined,
    code: undefined,
    message: 'update: no answer',
    ambiguous: true,
  },
} as const;

function fail(message: string): never {
  throw new Error(message);
}

/** Calls `meanwhile` once, while an update is under way: before it takes effect. */
function during(meanwhile: () => Promise<void> | void): (developers: Developers) => Developers {
  let isOver = false;
  return (developers) => ({
    ...developers,
    async update(email, body) {
      if (!isOver) {
        isOver = true;
        await meanwhile();
      }
      return developers.update(email, body);
    },
  });
}

/** As another process would write Ann's link. */
async function writeLink({ services }: InProcess, change: (link: Link) => Link): Promise<void> {
  await services.people(newMeter()).transact({ links: [ann], userIds: [] }, ({ links }) => {
    const link = links.get(ann)?.link;
    return { result: undefined, links: link === undefined ? [] : [change(link)] };
  });
}

describe('while a push is under way', () => {
  test('a mark that a run makes on the link is kept (rule 20)', async () => {
    const world = await linked({
      wrap: during(() => writeLink(world, (link) => ({ ...link, rivals: ['twin'], due: 1 }))),
    });
    world.database.putPortalDocument('ann', { ...annDocument, lastName: 'Leigh' });
    world.database.putPortalDocument('twin', annDocument);
    await world.push('ann');
    expect(world.database.linkOf(ann)).toMatchObject({ rivals: ['twin'], due: expect.any(Number) });
  });

  test.each([
    ['and its process ends', (): never => fail('a crash')],
    ['and its answer is lost', () => unheard],
  ])('an edit made before it landed %s wins over it, although Apigee is newer (rules 23, 24)', async (_, ending) => {
    const clock = manualClock(Date.now());
    let isFirst = true;
    const world = await linked({
      clock,
      wrap: (developers) => ({
        ...developers,
        async update(email, body) {
          if (!isFirst) return developers.update(email, body);
          isFirst = false;
          world.database.putPortalDocument('ann', { ...annDocument, lastName: 'Last of all', updatedAt: clock.now() });
          clock.advance(leaseMs / 3);
          await developers.update(email, body);
          return ending();
        },
      }),
    });
    world.database.putPortalDocument('ann', { ...annDocument, lastName: 'Leigh', updatedAt: clock.now() });
    await world.push('ann').catch((error: unknown) => expect(error).toMatchObject({ message: 'a crash' }));
    expect(developer(world)).toMatchObject({ lastName: 'Leigh' });
    clock.advance(10 * minute);
    await world.push('ann');
    expect(developer(world)).toMatchObject({ lastName: 'Last of all' });
    expect(world.user('ann')).toMatchObject({ lastName: 'Last of all' });
  });

  test('whoever took the lease over, after it ran out, is not overwritten by its result (rule 21)', async () => {
    const clock = manualClock(Date.now());
    const world = await linked({
      clock,
      wrap: during(async () => {
        clock.advance(leaseMs + 1);
        const lease = { holder: 'another', expiresAt: clock.now() + minute };
        await writeLink(world, (link) => ({ ...link, lease }));
      }),
    });
    world.database.putPortalDocument('ann', { ...annDocument, lastName: 'Leigh' });
    expect(await world.push('ann')).toMatchObject([{ outcome: 'failed', disposition: 'retry' }]);
    expect(world.database.linkOf(ann)).toMatchObject({
      lease: { holder: 'another' },
      base: { portal: { lastName: 'Lee' } },
    });
  });

  test('no call is begun that could end after the lease (rule 21)', async () => {
    const clock = manualClock(Date.now());
    const left: number[] = [];
    const world = await linked({
      clock,
      wrap: (developers) => {
        const slow = during(() => clock.advance(leaseMs - callMs / 2))(developers);
        const noting = (): void =>
          void left.push((world.database.linkOf(ann)?.lease?.expiresAt ?? 0) - world.database.now());
        return {
          ...slow,
          async update(email, body) {
            noting();
            return slow.update(email, body);
          },
          async setStatus(email, status) {
            noting();
            return slow.setStatus(email, status);
          },
        };
      },
    });
    world.database.putPortalDocument('ann', { ...annDocument, lastName: 'Leigh', status: 'inactive' });
    await world.push('ann');
    expect(developer(world)).toMatchObject({ lastName: 'Leigh', status: 'inactive' });
    expect(left.length).toBeGreaterThan(1);
    for (const ms of left) expect(ms).toBeGreaterThan(callMs);
  });
});

test('a note on a link that somebody else has just written is decided anew, on what they wrote (rule 21)', async () => {
  const world = await linked();
  const known = developer(world);
  if (known === undefined) throw new Error('there is no developer');
  // The same edit on both sides: only the link has something to note.
  world.database.putPortalDocument('ann', { ...annDocument, lastName: 'Leigh' });
  world.developers.seed({ ...known, lastName: 'Leigh', lastModifiedAt: known.lastModifiedAt + 1 });
  const listed = developer(world);
  const lost = { field: 'lastName', side: 'portal', value: 'Lea', at: 1 } as const;
  let isFirst = true;
  const session = openSession(world.services, pushAllowance);
  const people: typeof session.people = {
    ...session.people,
    async transact(scope, step) {
      if (isFirst) await writeLink(world, (link) => ({ ...link, history: [lost] }));
      isFirst = false;
      return session.people.transact(scope, step);
    },
  };
  const deps = { ...session, people, by: { kind: 'run', runId: 'run' }, gate: { kind: 'closed' } } as const;
  await syncPerson(deps, { key: ann, hints: [] }, listed && { kind: 'developer', developer: listed });
  const link = world.database.linkOf(ann);
  expect(link?.base?.portal).toMatchObject({ lastName: 'Leigh' });
  expect(link?.history).toEqual([lost]);
});
