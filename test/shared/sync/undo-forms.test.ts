import { describe, expect, test } from 'vitest';
import { inProcess, type InProcess } from '../../support/in-process.ts';
import { combined } from '../../../shared/core/changes/combined.ts';
import { manualClock } from '../../support/manual-clock.ts';
import { ann } from './ann.ts';
import { lastChange, undo, undoLast, writesOfRun } from './undoing.ts';

const names = { email: ann, firstName: 'Ann', lastName: 'Lee', status: 'active' };
const since = new Date(1_704_164_645_000);
const values = {
  seats: 5,
  beta: true,
  tags: ['b', 'a'],
  limits: { day: 10, hour: { max: 1 } },
  since,
  seen: { seconds: 1_704_164_645, nanoseconds: 0 },
  note: '5',
};

/** What was removed from a list comes back at its end. */
function inOrder(document: Readonly<Record<string, unknown>> | undefined): unknown {
  const { attributes } = document ?? {};
  if (!Array.isArray(attributes)) return document;
  const byName = (a: unknown, b: unknown): number => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1);
  return { ...document, attributes: attributes.toSorted(byName) };
}

const shapes: readonly (readonly [string, object, Readonly<Record<string, string>>])[] = [
  ['a map', { attributes: values }, {}],
  ['a list', { attributes: Object.entries(values).map(([name, value]) => ({ name, value })) }, {}],
  [
    'fields of their own',
    { plan: values },
    {
      PORTAL_MAPPING: JSON.stringify({
        attributes: Object.fromEntries(Object.keys(values).map((name) => [name, `plan.${name}`])),
      }),
    },
  ],
  [
    'a number kept as text',
    { seats: '5' },
    { PORTAL_MAPPING: '{"attributes":{"seats":{"path":"seats","type":"number"}}}' },
  ],
];

/** Ann's developer without any attribute, a moment later. */
function removeAll({ developers, services }: InProcess): void {
  const found = developers.all().find(({ email }) => email === ann);
  if (found === undefined) throw new Error('there is no developer');
  developers.seed({ ...found, attributes: new Map(), lastModifiedAt: services.clock.now() + 3_600_000 });
}

describe.each(shapes)('what was removed from %s', (_, fields, env) => {
  const document = { ...names, ...fields };
  const clock = manualClock(Date.now());
  const put = async (): Promise<InProcess> => {
    const world = inProcess({ env, clock });
    world.database.putPortalDocument('ann', document);
    await world.run();
    return world;
  };

  test('is put back by an undo as the document held it, not as text (rule 35)', async () => {
    const world = await put();
    clock.advance(1000);
    removeAll(world);
    await world.run();
    expect(JSON.stringify(world.user('ann'))).not.toContain('"seats"');
    expect((await undoLast(world)).kept).toEqual([]);
    expect(inOrder(world.user('ann'))).toEqual(inOrder(document));
    expect(await writesOfRun(world)).toBe(0);
  });

  test('comes and goes alike where the undo is undone, and that too', async () => {
    const world = await put();
    clock.advance(1000);
    removeAll(world);
    await world.run();
    const removed = world.user('ann');
    for (const runId of ['undo-1', 'undo-2']) {
      clock.advance(1000);
      await undoLast(world, runId);
    }
    expect(world.user('ann')).toEqual(removed);
    clock.advance(1000);
    await undoLast(world, 'undo-3');
    expect(inOrder(world.user('ann'))).toEqual(inOrder(document));
  });

  test('in two steps of one act is put back as it was before the first', async () => {
    const world = await put();
    const found = world.developers.all()[0];
    if (found === undefined) throw new Error('there is no developer');
    clock.advance(1000);
    const edited = new Map([...found.attributes, ['seats', '6']]);
    world.developers.seed({ ...found, attributes: edited, lastModifiedAt: clock.now() + 3_600_000 });
    await world.run();
    const first = await lastChange(world);
    clock.advance(1000);
    removeAll(world);
    await world.run();
    const second = await lastChange(world);
    await undo(world, combined([first, second]));
    expect(inOrder(world.user('ann'))).toEqual(inOrder(document));
  });
});

test('a value that the portal holds in another form by now is put back in that form (rule 35)', async () => {
  const clock = manualClock(Date.now());
  const world = inProcess({ clock });
  world.database.putPortalDocument('ann', { ...names, attributes: { seats: 5 } });
  await world.run();
  clock.advance(1000);
  const found = world.developers.all()[0];
  if (found === undefined) throw new Error('there is no developer');
  world.developers.seed({ ...found, attributes: new Map([['seats', '6']]), lastModifiedAt: clock.now() + 3_600_000 });
  await world.run();
  world.database.putPortalDocument('ann', { ...names, attributes: { seats: '6' } });
  await undoLast(world);
  expect(world.user('ann')).toEqual({ ...names, attributes: { seats: '5' } });
});
