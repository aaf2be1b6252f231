import { describe, expect, test } from 'vitest';
import { defaultMapping } from '../../../shared/portal/mapping-config.ts';
import type { PortalMapping } from '../../../shared/portal/mapping.ts';
import { committed, type People, type PortalDocument } from '../../../shared/state/people.ts';
import type { OpenPeopleStore } from './people-contract.ts';
import { email } from './samples.ts';

const oddIds = ['\u{1f642}', '10', '9', 'ab%', 'a b', 'ann@example.com', '\uffee', 'ä', '..a', '_x_', '0', '__id7'];
const inOrder = ['..a', '0', '10', '9', '__id7', '_x_', 'a b', 'ab%', 'ann@example.com', 'ä', '\uffee', '\u{1f642}'];

export function portalContract(open: OpenPeopleStore): void {
  describe('portal users', () => {
    test('a document is read through the mapping, with its own update time where no field says it', async (context) => {
      const store = open(context);
      await store.putPortal('u1', {
        email: 'Ann@Example.com',
        firstName: 'Ann',
        status: 'active',
        attributes: {
          colour: 'blue',
          'a.b': 'dot',
          '`': 'tick',
          '🙂': 'smile',
          ['n'.repeat(1024)]: 'long',
          MINT_X: 'x',
        },
      });
      const reading = (await store.people().portalUsers(['u1'])).get('u1');
      expect(reading).toMatchObject({
        kind: 'user',
        user: {
          id: 'u1',
          email: 'Ann@Example.com',
          emailVerified: true,
          profile: { firstName: 'Ann', lastName: undefined, status: 'active' },
        },
      });
      if (reading?.kind !== 'user') throw new Error('not a user');
      expect(reading.user.profile.attributes).toEqual(
        new Map([
          ['colour', 'blue'],
          ['a.b', 'dot'],
          ['`', 'tick'],
          ['🙂', 'smile'],
          ['n'.repeat(1024), 'long'],
        ]),
      );
      expect(reading.user.updatedAt).toBeGreaterThan(1_600_000_000_000);
    });

    test('a version changes with the document and stays otherwise', async (context) => {
      const store = open(context);
      const people = store.people();
      await store.putPortal('u1', { email: 'ann@example.com' });
      const first = await versionOf(people, 'u1');
      expect(await versionOf(people, 'u1')).toBe(first);
      await store.putPortal('u1', { email: 'ann@example.com', firstName: 'Ann' });
      expect(await versionOf(people, 'u1')).not.toBe(first);
    });

    test('missing and impossible ids are absent, a document that cannot be used is malformed', async (context) => {
      const store = open(context);
      await store.putPortal('odd', { firstName: 'Ann' });
      const impossible = ['', '.', '..', 'a/b', '__x__', '\ud800', 'x'.repeat(1501)];
      const readings = await store.people().portalUsers(['odd', 'nobody', ...impossible]);
      expect(readings.get('odd')).toMatchObject({ kind: 'malformed', id: 'odd', email: undefined });
      const absent = ['nobody', ...impossible].filter((id) => readings.get(id)?.kind === 'absent');
      expect(absent).toEqual(['nobody', ...impossible]);
    });

    test('pages and ranges go by the UTF-8 bytes of the id', async (context) => {
      const store = open(context);
      const people = store.people();
      await Promise.all(oddIds.map(async (id) => store.putPortal(id, { email: 'ann@example.com' })));
      const seen: string[] = [];
      for (;;) {
        const page = await people.portalPage({ after: seen.at(-1), limit: 5 });
        seen.push(...idsOf(page.documents));
        if (!page.more) break;
      }
      expect(seen).toEqual(inOrder);
      expect(idsOf(await people.portalRange({ after: '10', through: 'a b' }))).toEqual(['9', '__id7', '_x_', 'a b']);
      expect(idsOf(await people.portalRange({ after: 'ä', through: undefined }))).toEqual(['\uffee', '\u{1f642}']);
      expect(idsOf(await people.portalRange({ after: undefined, through: '0' }))).toEqual(['..a', '0']);
      expect(idsOf(await people.portalRange({ after: undefined, through: undefined }))).toEqual(inOrder);
      expect(await people.portalRange({ after: 'b', through: 'b' })).toEqual([]);
    });

    test('an empty collection has one empty page', async (context) => {
      const people = open(context).people();
      expect(await people.portalPage({ after: undefined, limit: 5 })).toEqual({ documents: [], more: false });
      expect(await people.portalChangedSince(0, 5)).toEqual({ documents: [], more: false });
      expect((await people.portalUsers([])).size).toBe(0);
    });

    test('documents are found by exactly their email, in whatever field the mapping names', async (context) => {
      const store = open(context);
      const mapping = { ...defaultMapping, email: ['contact.info', 'mail'] } as const;
      await store.putPortal('u2', { 'contact.info': { mail: 'ann@example.com' } });
      await store.putPortal('u1', { 'contact.info': { mail: 'ann@example.com' } });
      await store.putPortal('u3', { 'contact.info': { mail: 'Ann@Example.com' }, email: 'ann@example.com' });
      const ann = email('ann@example.com');
      expect(await store.people({ mapping }).userIdsWithEmail(ann)).toEqual(['u1', 'u2']);
      expect(await store.people().userIdsWithEmail(ann)).toEqual(['u3']);
      expect(await store.people().userIdsWithEmail(email('bob@example.com'))).toEqual([]);
    });

    test('rule 4: changed documents are found whatever readable type their time has, oldest first', async (context) => {
      const store = open(context);
      const since = Date.parse('2026-03-01T10:00:00.000Z');
      const times: Readonly<Record<string, unknown>> = {
        'date-before': new Date(since - 1),
        'date-same': new Date(since),
        'number-before': since - 1,
        'number-after': since + 3000,
        'text-before': '2026-03-01T09:59:59Z',
        'text-after': '2026-03-01T10:00:01Z',
        'text-east-before': '2026-03-01T11:59:59+02:00',
        'text-west-after': '2026-03-01T02:00:05-08:00',
        unreadable: 'tomorrow',
        'of another type': true,
      };
      for (const [id, updatedAt] of Object.entries(times)) {
        await store.putPortal(id, { email: `${id.replaceAll(' ', '-')}@example.com`, updatedAt });
      }
      await store.putPortal('without', { email: 'w@example.com' });
      const people = store.people();
      const expected = ['date-same', 'text-after', 'number-after', 'text-west-after'];
      const all = await people.portalChangedSince(since, 100);
      expect({ ids: idsOf(all.documents), more: all.more }).toEqual({ ids: expected, more: false });
      const two = await people.portalChangedSince(since, 2);
      expect({ ids: idsOf(two.documents), more: two.more }).toEqual({ ids: expected.slice(0, 2), more: true });
      const none = store.people({ mapping: { ...defaultMapping, updatedAt: undefined } });
      expect(await none.portalChangedSince(0, 100)).toEqual({ documents: [], more: false });
    });

    test('texts that only look late do not crowd out those that are', async (context) => {
      const store = open(context);
      const since = Date.parse('2026-03-01T10:00:00.000Z');
      for (const minute of [10, 11, 12, 13]) {
        await store.putPortal(`early-${minute}`, { updatedAt: `2026-03-01T09:${minute}:00Z` });
      }
      await store.putPortal('late', { updatedAt: '2026-03-01T10:00:00Z' });
      expect(idsOf((await store.people().portalChangedSince(since, 2)).documents)).toEqual(['late']);
    });

    test('what the mapping names is read wherever it is, and what is no map on the way is not taken for missing', async (context) => {
      const store = open(context);
      const mapping: PortalMapping = {
        ...defaultMapping,
        email: ['a.b', '`mail`'],
        firstName: ['a.b', 'na me'],
        lastName: ['ä', 'b', 'c'],
        attributes: { kind: 'named', fields: new Map([['tier', { path: ['plan', 'tier.'], direction: 'both' }]]) },
        updatedAt: ['meta', '10'],
      };
      const whole = {
        'a.b': { '`mail`': 'ann@example.com', 'na me': 'Ann', photo: 'x' },
        ä: { b: { c: 'Lee', d: 'x' } },
        a: { b: { '`mail`': 'not@this.one' } },
        plan: { 'tier.': 'gold' },
        meta: { '10': new Date(5000) },
        unmapped: 'x',
      };
      await store.putPortal('u1', whole);
      await store.putPortal('u2', { ...whole, plan: 'gold' });
      const people = store.people({ mapping });
      const expected = [
        {
          kind: 'user',
          user: {
            email: 'ann@example.com',
            profile: { firstName: 'Ann', lastName: 'Lee', attributes: new Map([['tier', 'gold']]) },
            updatedAt: 5000,
          },
        },
        {
          kind: 'user',
          user: {
            profile: { attributes: new Map() },
            unreadable: new Map([
              ['attributes.tier', 'The field "plan.tier." must be text, and what leads there maps.'],
            ]),
          },
        },
      ];
      expect([...(await people.portalUsers(['u1', 'u2'])).values()]).toMatchObject(expected);
      const range = { after: undefined, through: undefined };
      const pages = [
        (await people.portalPage({ after: undefined, limit: 5 })).documents,
        await people.portalRange(range),
        (await people.portalChangedSince(4000, 5)).documents,
      ];
      for (const page of pages) expect(page.map(({ reading }) => reading)).toMatchObject(expected);
      const { portal } = committed(
        await people.transact({ links: [], userIds: ['u1', 'u2'] }, (view) => ({ result: view })),
      );
      expect([...portal.values()]).toMatchObject(expected);
    });

    test('a page of large documents ends early, leads on, and loses nobody', async (context) => {
      const store = open(context);
      const people = store.people();
      const ids = Array.from({ length: 150 }, (_, index) => `u${String(1000 + index)}`);
      const attributes = { note: 'n'.repeat(60_000) };
      await Promise.all(
        ids.map(async (id) => store.putPortal(id, { email: `${id}@example.com`, attributes, updatedAt: 5 })),
      );
      const first = await people.portalPage({ after: undefined, limit: 500 });
      expect(first.more).toBe(true);
      expect(first.documents.length).toBeGreaterThan(100);
      expect(first.documents.length).toBeLessThan(150);
      const rest = await people.portalPage({ after: first.documents.at(-1)?.id, limit: 500 });
      expect(rest.more).toBe(false);
      expect([...idsOf(first.documents), ...idsOf(rest.documents)]).toEqual(ids);
      expect(await people.portalChangedSince(1, 5000)).toEqual({ documents: [], more: true });
    });
  });
}

function idsOf(documents: readonly PortalDocument[]): readonly string[] {
  return documents.map(({ id }) => id);
}

async function versionOf(people: People, id: string): Promise<string> {
  const reading = (await people.portalUsers([id])).get(id);
  if (reading?.kind !== 'user') throw new Error('not a user');
  return reading.user.version;
}
