import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test, type TestContext } from 'vitest';
import { boundedQueue } from '../../bench/worlds/queue.ts';
import { developerOf, documentOf, emailOf, idOf } from '../../bench/worlds/person.ts';
import { filedRuns } from '../../bench/worlds/filed-runs.ts';
import { generatedPeople } from '../../bench/worlds/generated.ts';
import { virtualTime } from '../../bench/worlds/virtual-time.ts';
import { openWorld } from '../../bench/worlds/world.ts';
import { canonicalEmail } from '../../shared/core/model/email.ts';
import { createInMemoryDatabase, type InMemoryDatabase } from '../../shared/state/in-memory/database.ts';
import { createInMemoryPeople } from '../../shared/state/in-memory/people.ts';
import { newMeter } from '../../shared/state/meter.ts';
import { defaultMapping } from '../../shared/portal/mapping-config.ts';
import { runsMeterContract } from '../shared/state/runs-contract-meter.ts';

describe('runs whose batches lie in files', () => {
  const folders = new Map<TestContext['task'], { readonly folder: string; readonly database: InMemoryDatabase }>();
  afterAll(() => {
    for (const { folder } of folders.values()) rmSync(folder, { recursive: true, force: true });
  });

  runsMeterContract(({ task }, meter = newMeter()) => {
    const place = folders.get(task) ?? {
      folder: mkdtempSync(join(tmpdir(), 'bench-test-')),
      database: createInMemoryDatabase({ now: Date.now }),
    };
    folders.set(task, place);
    return filedRuns(place.database, meter, place.folder);
  });
});

describe('people who are made when they are asked for', async () => {
  const count = 40;
  const generated = await generatedPeople(count);
  const world = openWorld();
  for (let index = 0; index < count; index += 1) {
    world.database.putPortalDocument(idOf(index), documentOf(index));
    world.developers.seed(developerOf(index));
  }
  await world.run('full');
  const meters = { made: newMeter(), kept: newMeter() };
  const made = generated.people(meters.made);
  const kept = createInMemoryPeople({ database: world.database, mapping: defaultMapping, meter: meters.kept });

  /** What a store answers of nobody's times and versions. */
  const plain = (answer: unknown): unknown =>
    JSON.parse(
      JSON.stringify(answer, (name, value: unknown) =>
        /version|At$|^at$|time/i.test(name) ? 0 : value instanceof Map ? [...value] : value,
      ),
    );

  test.each([
    ['a page', (people: typeof made) => people.portalPage({ after: idOf(3), limit: 10 })],
    ['the last page', (people: typeof made) => people.portalPage({ after: idOf(35), limit: 10 })],
    ['a range', (people: typeof made) => people.portalRange({ after: idOf(3), through: idOf(7) })],
    ['links of a range', (people: typeof made) => people.linksByUserId({ after: idOf(3), through: undefined }, 10)],
    ['links', (people: typeof made) => people.links([canonicalEmail(emailOf(5)) ?? never()])],
    ['nobody’s link', (people: typeof made) => people.links([canonicalEmail('nobody@example.com') ?? never()])],
    ['portal users', (people: typeof made) => people.portalUsers([idOf(1), idOf(count)])],
    ['the count of links', (people: typeof made) => people.countLinksWithDeveloper()],
  ])('%s: as the store in memory says it, at the same cost', async (_, ask) => {
    Object.assign(meters.made, newMeter());
    Object.assign(meters.kept, newMeter());
    expect(plain(await ask(made))).toEqual(plain(await ask(kept)));
    expect(meters.made).toEqual(meters.kept);
  });

  test('and nobody is written', async () => {
    const scope = { links: [], userIds: [] };
    await expect(made.transact(scope, () => ({ result: undefined }))).rejects.toThrow('nobody writes');
  });
});

function never(): never {
  throw new Error('an email of the test cannot be used');
}

describe('virtual time', () => {
  test('moves by the longest of the waits that are under way at the same time', async () => {
    const clock = virtualTime(0);
    await Promise.all([clock.wait(5), clock.wait(20), clock.wait(10).then(() => clock.wait(5))]);
    expect(clock.now()).toBe(20);
  });

  test('adds up waits that come one after the other', async () => {
    const clock = virtualTime(0);
    for (let waits = 0; waits < 3; waits += 1) await clock.wait(7);
    expect(clock.now()).toBe(21);
  });
});

describe('the queue', () => {
  test('delivers as many at once as it is told to, and again what is not done', async () => {
    const queue = boundedQueue(2);
    let now = 0;
    let most = 0;
    let tries = 0;
    for (let messages = 0; messages < 6; messages += 1)
      queue.add(async () => {
        now += 1;
        most = Math.max(most, now);
        tries += 1;
        const isThird = tries === 3;
        await Promise.resolve();
        now -= 1;
        return isThird ? 'again' : 'done';
      });
    await queue.idle();
    expect({ most, tries }).toEqual({ most: 2, tries: 7 });
  });

  test('ends where a message is never done, or its handler throws', async () => {
    const queue = boundedQueue(1);
    queue.add(async () => 'again');
    await expect(queue.idle()).rejects.toThrow('never done');
  });
});
