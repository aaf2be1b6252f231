import { inspect } from 'node:util';
import { describe, expect, test } from 'vitest';
import { isFieldMap } from '../../shared/portal/field-path.ts';
import type { SampleCheck } from '../../shared/operator/views/check-sample.ts';
import { inProcess, type InProcess } from '../support/in-process.ts';
import { adoptPortal, proposable, settingsOf, without, type PortalUnderTest } from '../support/portals/adopt-portal.ts';
import { existingPortals } from '../support/portals/existing-portals.ts';
import type { ExpectedDeveloper } from '../support/portals/existing-portal.ts';
import { commandWorld } from './command-world.ts';

interface Checked {
  readonly proposal: {
    readonly mapping: Readonly<Record<string, unknown>>;
    readonly sample: SampleCheck;
    readonly evidence: Readonly<Record<string, string>>;
  };
}

test('there are ten portals, each of another shape', () => {
  expect(new Set(existingPortals.map(({ mapping }) => JSON.stringify(mapping))).size).toBe(10);
});

describe.each(existingPortals)('a portal with $name', (portal) => {
  const ids = Object.keys(portal.documents);
  const fill = ({ database }: InProcess): void => {
    for (const [id, document] of Object.entries(portal.documents)) database.putPortalDocument(id, document);
  };

  test('is given a mapping by devsync check: by it alone everybody links, and a second run writes nothing', async () => {
    const before = commandWorld();
    fill(before);
    const [known] = portal.developers;
    before.developers.seed({ email: known?.email ?? '' });
    const { proposal } = JSON.parse((await before.devsync('check', '--json')).out) as Checked;
    if (portal.adds.includes('status'))
      expect(proposal.evidence['status']).toMatch(/^"status" holds a number .* in 3 of 3: say in "values"/u);
    const { linked, created, leftOut, failed, collided, problems } = proposal.sample;
    expect({ linked, failed, collided, all: linked + created + leftOut }).toEqual({
      linked: 1,
      failed: 0,
      collided: 0,
      all: ids.length,
    });
    expect(problems.filter(({ kind }) => kind === 'person')).toEqual([]);
    expect(before.database.allLinks()).toEqual([]);
    expect(before.calls).toMatchObject({ create: 0, update: 0, status: 0, delete: 0 });

    expect(proposable(portal, proposal.mapping)).toEqual(proposable(portal, portal.mapping));

    const world = inProcess({ env: { PORTAL_MAPPING: JSON.stringify(proposal.mapping) } });
    fill(world);
    world.developers.seed({ email: known?.email ?? '' });
    expect((await world.run()).totals?.counts).toMatchObject({ created: { apigee: created }, failed: 0, held: 0 });
    expect((await world.run()).totals).toMatchObject({ counts: { failed: 0 }, traffic: { writes: 0 } });
  });

  test('is taken into use: everybody links, edits travel both ways, people are created both ways', async () => {
    await adoptPortal(portal, inMemory(inProcess({ env: settingsOf(portal) })));
  });

  test('is told its guesses in words, each with its evidence, and no email but in an id', async () => {
    const world = commandWorld();
    fill(world);
    const { out, err, code } = await world.devsync('check');
    expect([code, err]).toEqual([2, '']);
    expect(out).toContain("PORTAL_MAPPING='{");
    expect(out).toMatch(new RegExp(`of ${String(ids.length)}`, 'u'));
    expect(out).toContain('Nothing was changed.');
    if (!ids.some((id) => id.includes('@'))) expect(out).not.toMatch(/@\w/u);
    expect(world.logs).toEqual([]);
  });
});

function inMemory(world: InProcess): PortalUnderTest {
  const { database, developers } = world;
  let saved = 0;
  return {
    put: async (id, document) => database.putPortalDocument(id, document),
    documents: async () => new Map(database.portalDocuments().map(({ id, data }) => [id, data])),
    async rest(paths) {
      const into = (value: unknown) => (isFieldMap(value) ? value : undefined);
      const text = (data: object): string => inspect(data, { depth: Infinity, sorted: true, maxStringLength: null });
      return new Map(database.portalDocuments().map(({ id, data }) => [id, text(without(data, paths, into))]));
    },
    developers: async () =>
      developers
        .all()
        .map(({ email, firstName = '', lastName = '', status, attributes }): ExpectedDeveloper => ({
          email,
          firstName,
          lastName,
          status: status === 'active' ? 'active' : 'inactive',
          attributes: Object.fromEntries(attributes),
        }))
        .toSorted((a, b) => (a.email < b.email ? -1 : 1)),
    async saveDeveloper({ attributes, ...developer }) {
      saved += 1;
      const found = developers.all().find(({ email }) => email === developer.email);
      developers.seed({
        ...found,
        ...developer,
        attributes: new Map(Object.entries(attributes)),
        lastModifiedAt: Date.now() + saved * 60_000,
      });
    },
    run: () => world.run(),
    async push(id) {
      await world.push(id);
    },
  };
}
