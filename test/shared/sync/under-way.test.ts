import { describe, expect, test } from 'vitest';
import type { Developers } from '../../../shared/apigee/developers.ts';
import type { Link } from '../../../shared/core/link.ts';
import { newMeter } from '../../../shared/state/meter.ts';
import { syncPerson } from '../../../shared/sync/sync-person.ts';
import { pushAllowance } from '../../../shared/wiring/allowances.ts';
import { openSession } from '../../../shared/wiring/services.ts';
import type { InProcess } from '../../support/in-process.ts';
import { manualClock } from '../../support/manual-clock.ts';
import { ann, annDocument, developer, linked } from './ann.ts';

const minute = 60_000;

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
function writeLink({ services }: InProcess, change: (link: Link) => Link): Promise<void> {
  return services.people(newMeter()).transact({ links: [ann], portalIds: [] }, ({ links }) => {
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

  test('an edit made before it landed wins over it, although Apigee is newer and nobody recorded it (rules 23, 24)', async () => {
    const clock = manualClock(Date.now());
    let crashes = false;
    const world = await linked({
      clock,
      wrap: during(() => {
        world.database.putPortalDocument('ann', { ...annDocument, lastName: 'Last of all', updatedAt: clock.now() });
        clock.advance(minute);
        crashes = true;
      }),
      async around(effect, happen) {
        const result = await happen();
        if (crashes && effect === 'update') {
          crashes = false;
          throw new Error('a crash');
        }
        return result;
      },
    });
    world.database.putPortalDocument('ann', { ...annDocument, lastName: 'Leigh', updatedAt: clock.now() });
    await expect(world.push('ann')).rejects.toThrow('a crash');
    expect(developer(world)).toMatchObject({ lastName: 'Leigh' });
    clock.advance(10 * minute);
    await world.push('ann');
    expect(developer(world)).toMatchObject({ lastName: 'Last of all' });
    expect(world.user('ann')).toMatchObject({ lastName: 'Last of all' });
  });

  test('no call is begun that could end after the lease (rule 21)', async () => {
    const clock = manualClock(Date.now());
    const { leaseMs, callMs } = pushAllowance.timing;
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
  const deps = { ...session, people, by: 'run', gate: { kind: 'plan' } } as const;
  await syncPerson(deps, { key: ann, hints: [] }, listed && { kind: 'developer', developer: listed });
  const link = world.database.linkOf(ann);
  expect(link?.base?.portal).toMatchObject({ lastName: 'Leigh' });
  expect(link?.history).toEqual([lost]);
});
