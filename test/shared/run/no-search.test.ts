import { describe, expect, test } from 'vitest';
import type { CanonicalEmail } from '../../../shared/core/model/email.ts';
import { linkId } from '../../../shared/core/model/email.ts';
import { newLink } from '../../../shared/core/model/link.ts';
import { encodeLink } from '../../../shared/state/link-document.ts';
import { crowd, documentOf, emailOf, idOf } from '../../support/crowd.ts';
import { inProcess, type InProcess } from '../../support/in-process.ts';

const people = 600;

/** Once outside PORTAL_FILTER, with a link of the time before it was set. */
function addOutsider(world: InProcess, name: string): void {
  const key = `${name}@elsewhere.org` as CanonicalEmail;
  const developer = { email: key, developerId: name, modifiedAt: 1 };
  world.developers.seed({ email: key, createdAt: 1, lastModifiedAt: 1 });
  world.database.links.put(linkId(key), encodeLink({ ...newLink(key), presence: 'both', developer }), 1);
}

const filtered = { PORTAL_FILTER: '@example\\.com$' };

/** What an incremental run over unchanged data reads, once the run before it has seen everybody. */
async function readsOf(world: InProcess): Promise<number> {
  await world.run();
  await world.run({ mode: 'incremental' });
  const run = await world.run({ mode: 'incremental' });
  expect(run).toMatchObject({ state: 'done', totals: { traffic: { writes: 0 } } });
  return run.totals?.traffic.reads ?? Number.NaN;
}

async function worldWith(env: Readonly<Record<string, string>>, add: (world: InProcess) => void): Promise<InProcess> {
  const world = inProcess({ env });
  await crowd(world, people);
  add(world);
  return world;
}

describe('the search for developers who vanished is not made in every run', () => {
  test.each([
    [
      'people are outside PORTAL_FILTER',
      filtered,
      (world: InProcess) => ['x', 'y'].forEach((name) => addOutsider(world, name)),
    ],
    [
      'developers have unusable emails',
      { APIGEE_TYPE: 'edge' },
      (world: InProcess) => world.developers.seed({ email: 'nobody' }),
    ],
    [
      'two developers differ in case',
      { APIGEE_TYPE: 'edge' },
      (world: InProcess) => world.developers.seed({ email: 'Person-7@example.com' }),
    ],
  ])('because %s', async (_, env, add) => {
    const without = await readsOf(await worldWith(env, () => undefined));
    const reads = await readsOf(await worldWith(env, add));
    // Their own links, and no others.
    expect(reads).toBeLessThanOrEqual(without + 5);
    expect(reads).toBeLessThan(people);
  });

  test('because a run has just created developers', async () => {
    const world = await worldWith({}, () => undefined);
    const without = (await world.run()).totals?.traffic.reads ?? Number.NaN;
    world.database.putPortalDocument(idOf(people), documentOf(people));
    const run = await world.run();
    expect(run.totals?.counts).toMatchObject({ created: { apigee: 1 } });
    expect(run.totals?.traffic.reads).toBeLessThan(without + 20);
  });
});

test('a developer who vanished is found although others are outside PORTAL_FILTER, and although the filter has changed (rule 15)', async () => {
  const world = await worldWith(filtered, (added) => ['x', 'y'].forEach((name) => addOutsider(added, name)));
  await world.run();
  world.developers.remove(emailOf(5));
  const run = await world.run();
  expect(run.totals?.counts).toMatchObject({ seen: people, created: { apigee: 1 }, unchanged: people - 1 });
  // Three are remembered of another filter: as many as are not listed now.
  world.database.runs.control = { ...world.database.runs.control, outside: { scope: 'other', links: 3 } };
  world.developers.remove(emailOf(6));
  expect((await world.run()).totals?.counts).toMatchObject({ created: { apigee: 1 } });
});
