import { describe, expect, test } from 'vitest';
import type { Developers } from '../../../shared/apigee/developers.ts';
import type { Finding } from '../../../shared/verify/finding.ts';
import { verifyPeople, type Verification } from '../../../shared/verify/verify-people.ts';
import { policyOf } from '../../../shared/config/policy-of.ts';
import { newMeter } from '../../../shared/state/meter.ts';
import { inProcess, type InProcess } from '../../support/in-process.ts';

interface Verified {
  readonly verification: Verification;
  readonly findings: readonly Finding[];
}

async function verified(world: InProcess): Promise<Verified> {
  const { services } = world;
  const findings: Finding[] = [];
  const verification = await verifyPeople(
    {
      people: services.people(newMeter()),
      developers: services.developers(() => undefined),
      policy: policyOf(services.config),
      now: services.clock.now,
    },
    (finding) => findings.push(finding),
  );
  return { verification, findings };
}

const person = (index: number): string => `person-${String(index)}@example.com`;
const document = (index: number, more: Readonly<Record<string, unknown>> = {}): Record<string, unknown> => ({
  email: person(index),
  firstName: 'First',
  lastName: 'Last',
  status: 'active',
  attributes: { team: 'blue' },
  ...more,
});

function populate(world: InProcess, count: number): void {
  for (let index = 0; index < count; index += 1) {
    if (index % 3 !== 0) world.developers.seed({ email: person(index), attributes: new Map([['team', 'blue']]) });
    if (index % 3 !== 1) world.database.putPortalDocument(`user-${String(index)}`, document(index));
  }
}

describe('a verification', () => {
  test('finds who is on one side only before the first run, and nobody after it (rule 3)', async () => {
    const world = inProcess();
    populate(world, 30);
    expect(await verified(world)).toMatchObject({ verification: { kind: 'complete', unexplained: 20, explained: 0 } });
    await world.run();
    expect(await verified(world)).toMatchObject({
      verification: { kind: 'complete', developers: 30, portalUsers: 30, unexplained: 0, explained: 0 },
    });
  });

  test('finds an edit on either side that was not synchronised yet', async () => {
    const world = inProcess();
    populate(world, 6);
    await world.run();
    world.database.putPortalDocument('user-0', document(0, { lastName: 'Edited', attributes: { team: 'red' } }));
    world.developers.seed({ email: person(1), lastName: 'Edited', attributes: new Map() });
    world.developers.remove(person(2));
    const { findings } = await verified(world);
    expect(Object.fromEntries(findings.map(({ key, difference }) => [key, difference.kind]))).toEqual({
      [person(0)]: 'fields-differ',
      [person(1)]: 'fields-differ',
      [person(2)]: 'only-on-portal',
    });
    expect(findings.find(({ key }) => key === person(0))).toMatchObject({
      difference: { fields: ['lastName', 'attributes.team'] },
      because: { kind: 'unexplained', hint: 'changed-since' },
    });
    await world.run();
    expect(await verified(world)).toMatchObject({ verification: { unexplained: 0 } });
  });

  test('explains what is held, failed, buried, and from before the first contact', async () => {
    const world = inProcess({ env: { DESTRUCTIVE_LIMIT_PERCENT: '100' } });
    populate(world, 6);
    world.developers.seed({ email: 'old@example.com', attributes: new Map([['extra', '1']]), lastModifiedAt: 1 });
    world.database.putPortalDocument('old', document(0, { email: 'old@example.com' }));
    world.database.putPortalDocument('twin-1', document(0, { email: 'Twin@example.com' }));
    world.database.putPortalDocument('twin-2', document(0, { email: 'twin@example.com' }));
    world.database.putPortalDocument('odd', document(0, { email: 'nobody' }));
    world.database.putPortalDocument('nameless', document(0, { email: 'nameless@example.com', lastName: null }));
    const many = Object.fromEntries(Array.from({ length: 19 }, (_, index) => [`a${String(index)}`, 'x']));
    world.database.putPortalDocument('many', document(0, { email: 'many@example.com', attributes: many }));
    await world.run();
    world.database.deletePortalDocument('user-0');
    world.database.putPortalDocument('user-2', document(2, { email: 'moved@example.com' }));
    await world.run();
    const { verification, findings } = await verified(world);
    expect(findings.filter(({ because }) => because.kind === 'unexplained')).toEqual([]);
    expect(verification).toMatchObject({ kind: 'complete', unexplained: 0 });
    const why = new Map(
      findings.map(({ key, difference, because }) => [
        key,
        [difference.kind, because.kind === 'explained' ? because.explanation.kind : because.hint],
      ]),
    );
    expect(Object.fromEntries(why)).toMatchObject({
      'old@example.com': ['fields-differ', 'never-removed'],
      'twin@example.com': ['several-portal-users', 'held'],
      '#odd': ['unreadable-document', 'failed'],
      'nameless@example.com': ['only-on-portal', 'failed'],
      'many@example.com': ['too-many-attributes', 'failed'],
      [person(0)]: ['only-in-apigee', 'tombstone'],
      [person(2)]: ['only-in-apigee', 'held'],
      'moved@example.com': ['only-on-portal', 'held'],
    });
  });

  test('follows both listings over many pages, and asks little', { timeout: 60_000 }, async () => {
    const world = inProcess();
    populate(world, 2600);
    await world.run();
    Object.assign(world.calls, { list: 0, get: 0 });
    expect(await verified(world)).toMatchObject({
      verification: { developers: 2600, portalUsers: 2600, unexplained: 0, explained: 0 },
    });
    expect(world.calls).toMatchObject({ list: 7, get: 0 });
  });

  test('counts statuses that differ as information (rule 14)', async () => {
    const world = inProcess();
    populate(world, 3);
    await world.run();
    world.developers.seed({ email: person(2), attributes: new Map([['team', 'blue']]), status: 'inactive' });
    expect(await verified(world)).toMatchObject({ verification: { unexplained: 0, statusesDiffer: 1 } });
  });

  test('takes people outside PORTAL_FILTER for absent on both sides', async () => {
    const world = inProcess({ env: { PORTAL_FILTER: '^person-[0-2]@' } });
    populate(world, 9);
    await world.run();
    expect(await verified(world)).toMatchObject({
      verification: { developers: 3, portalUsers: 3, unexplained: 0, explained: 0 },
    });
  });

  test('on Edge takes two spellings of one email for two developers of one person', async () => {
    const world = inProcess({ env: { APIGEE_TYPE: 'edge' } });
    world.developers.seed({ email: 'Twin@example.com' }, { email: 'twin@example.com' }, { email: 'One@example.com' });
    expect((await verified(world)).findings.map(({ key, difference }) => [key, difference.kind])).toEqual([
      ['twin@example.com', 'several-developers'],
      ['one@example.com', 'only-in-apigee'],
    ]);
    await world.run();
    const { findings } = await verified(world);
    expect(findings).toMatchObject([{ key: 'twin@example.com', because: { explanation: { kind: 'held' } } }]);
  });

  test('writes nothing', async () => {
    const world = inProcess();
    populate(world, 9);
    const before = JSON.stringify([world.database.portalDocuments(), world.database.allLinks()]);
    await verified(world);
    expect(JSON.stringify([world.database.portalDocuments(), world.database.allLinks()])).toBe(before);
    expect(world.calls).toMatchObject({ create: 0, update: 0, status: 0, delete: 0 });
  });
});

describe('a listing that cannot be read to its end proves nothing (rule 25)', () => {
  const unavailable = {
    ok: false,
    error: {
      kind: 'unavailable',
      operation: 'list',
      status: 503,
      code: undefined,
      message: 'list: HTTP 503: busy',
      ambiguous: false,
    },
  } as const;

  test.each<[string, (developers: Developers) => Partial<Developers>]>([
    [
      'a page fails',
      (it) => ({ listEmails: (page) => (page.startKey ? Promise.resolve(unavailable) : it.listEmails(page)) }),
    ],
    ['an expanded page fails', () => ({ listDevelopers: () => Promise.resolve(unavailable) })],
    ['one who seems to be missing cannot be asked for', () => ({ get: () => Promise.resolve(unavailable) })],
    [
      'an empty answer in the middle',
      (it) => ({
        listEmails: (page) => (page.startKey ? Promise.resolve({ ok: true, value: [] }) : it.listEmails(page)),
      }),
    ],
    [
      'an empty answer at the beginning, of an organisation with developers',
      () => ({
        listEmails: () => Promise.resolve({ ok: true, value: [] }),
      }),
    ],
    [
      'a listing that goes round in circles',
      (it) => ({
        listEmails: async ({ startKey, count }) => {
          const answer = await it.listEmails({ startKey: undefined, count });
          return answer.ok && startKey !== undefined
            ? { ok: true, value: [startKey, ...answer.value.filter((email) => email !== startKey)] }
            : answer;
        },
      }),
    ],
  ])('%s', async (_, broken) => {
    let isBroken = false;
    const world = inProcess({
      wrap: (developers) => {
        const parts = broken(developers);
        const now = (): Developers => (isBroken ? { ...developers, ...parts } : developers);
        return {
          ...developers,
          listEmails: (page) => now().listEmails(page),
          listDevelopers: (page) => now().listDevelopers(page),
          get: (email) => now().get(email),
        };
      },
    });
    world.developers.seed(...[1, 2, 3].map((index) => ({ email: person(index), createdAt: 1_700_000_000_000 })));
    await world.run();
    world.database.putPortalDocument('extra', document(9));
    isBroken = true;
    expect((await verified(world)).verification.kind).toBe('incomplete');
  });

  test('an organisation whose developers are expanded only one by one is read one by one', async () => {
    const refused = { ok: false, error: { ...unavailable.error, kind: 'refused' } } as const;
    const world = inProcess({ wrap: (it) => ({ ...it, listDevelopers: async () => refused }) });
    populate(world, 12);
    await world.run();
    expect(await verified(world)).toMatchObject({ verification: { developers: 12, unexplained: 0 } });
  });

  test('the last ones of a page may be gone by the time the next is asked for', async () => {
    const world = inProcess({
      wrap: (it) => ({
        ...it,
        async listEmails(page) {
          if (page.startKey !== undefined) world.developers.remove(person(1199));
          const answer = await it.listEmails({ ...page, count: page.startKey === undefined ? 1000 : page.count });
          return answer;
        },
      }),
    });
    for (let index = 0; index < 1500; index += 1)
      world.developers.seed({ email: person(index < 1000 ? index + 200 : index < 1200 ? index - 1000 : index) });
    const { verification } = await verified(world);
    expect(verification).toMatchObject({ kind: 'complete', unexplained: 1499 });
  });
});
