import { describe, expect, test } from 'vitest';
import type { Developers } from '../../shared/apigee/developers.ts';
import { manualClock } from '../support/manual-clock.ts';
import { commandWorld, hostileValues, steers, type CommandWorld } from './command-world.ts';

const ann = { email: 'ann@example.com', firstName: 'Ann', lastName: 'Archer' };

/** Everything an explanation might have written to. */
function stateOf(world: CommandWorld): unknown {
  return structuredClone({
    links: world.database.allLinks(),
    portal: world.database.portalDocuments(),
    developers: world.developers.all(),
    runs: [...world.database.runs.runs],
  });
}

describe('devsync explain', () => {
  test('changes nothing and reads Apigee once, whatever the situation', async () => {
    const world = commandWorld();
    world.developers.seed(ann, { email: 'bob@example.com' }, { email: 'held@example.com' });
    world.database.putPortalDocument('u1', { email: 'cleo@example.com', firstName: 'Cleo', lastName: 'C' });
    world.database.putPortalDocument('u2', { email: 'held@example.com', firstName: 'H', lastName: 'H' });
    world.database.putPortalDocument('u3', { email: 'held@example.com', firstName: 'I', lastName: 'I' });
    await world.devsync('sync');
    world.developers.seed({ ...ann, lastName: 'Archer-Smith', lastModifiedAt: Date.now() + 1 });
    world.developers.remove('bob@example.com');
    world.developers.seed({ email: 'new@example.com' });
    const before = stateOf(world);
    for (const name of ['ann', 'bob', 'cleo', 'held', 'new', 'nobody']) {
      const gets = world.calls.get;
      expect((await world.devsync('explain', `${name}@example.com`)).code).toBe(name === 'nobody' ? 3 : 0);
      expect((await world.devsync('explain', `${name}@example.com`, '--json')).code).toBe(name === 'nobody' ? 3 : 0);
      expect(world.calls.get).toBe(gets + 2);
    }
    expect(stateOf(world)).toEqual(before);
  });

  test('shows both sides and the base field by field, and what a sync would do and why', async () => {
    const world = commandWorld();
    world.developers.seed({
      ...ann,
      attributes: new Map([
        ['team', 'blue'],
        ['MINT_plan', 'x'],
      ]),
    });
    await world.devsync('sync');
    world.developers.seed({ ...ann, lastName: 'Archer-Smith', lastModifiedAt: Date.now() + 1 });
    const { out } = await world.devsync('explain', ' ANN@example.com ');
    expect(out).toMatch(/lastName +│ Archer +│ Archer-Smith +│ Archer +│ Archer /u);
    expect(out).toMatch(/attributes\.team +│ blue +│ – +│ blue +│ blue /u);
    expect(out).toContain('Situation  changed in Apigee');
    expect(out).toContain('would be updated on the portal: only the developer changed');
    expect(out).toContain('portal: set lastName to "Archer-Smith"');
    expect(out).toContain('portal: remove attributes.team');
  });

  test('shows what was changed last, the newest first: when, by whom, why, and the values (rule 34)', async () => {
    const clock = manualClock();
    const world = commandWorld({ clock });
    world.developers.seed(ann);
    await world.devsync('sync');
    for (let place = 1; place <= 12; place += 1) {
      clock.advance(1000);
      await world.devsync('developers', 'edit', ann.email, '--last-name', `Archer-${String(place)}`);
    }
    const { out } = await world.devsync('explain', ann.email);
    const shown = out.slice(out.indexOf('Changes, the newest first'));
    const values = [...shown.matchAll(/Apigee lastName: "Archer-(\d+)" → "Archer-(\d+)"/gu)];
    expect(values.map(([, before, after]) => [before, after])).toEqual(
      Array.from({ length: 10 }, (_, place) => [String(11 - place), String(12 - place)]),
    );
    const [record] = await world.services.audit.recent({ before: undefined, limit: 1 });
    expect(shown).toMatch(/^\d{4}-\d\d-\d\dT[\d:]+Z by .+ → updated in Apigee: /mu);
    expect(shown).toContain(` by ${String(record?.operator.name)} (${String(record?.actionId)}): `);
    const { changes } = JSON.parse((await world.devsync('explain', ann.email, '--json')).out) as {
      readonly changes: readonly { readonly outcome: string }[];
    };
    expect(changes).toHaveLength(20);
    expect(changes.find(({ outcome }) => outcome === 'updated-apigee')).toEqual({
      at: new Date(clock.now()).toISOString(),
      by: record?.actionId,
      operator: record?.operator.name,
      situation: 'portal-changed',
      outcome: 'updated-apigee',
      reason: expect.any(String),
      fields: [{ side: 'apigee', field: 'lastName', before: 'Archer-11', after: 'Archer-12' }],
    });
  });

  test('says what a run would do about it now, and what it would wait for (rules 16, 29)', async () => {
    const world = commandWorld();
    world.developers.seed(ann);
    await world.devsync('sync');
    const inStep = await world.devsync('explain', ann.email);
    expect(inStep.out).toContain('A run      would report this and write nothing');
    world.developers.seed({ ...ann, lastName: 'Archer-Smith', lastModifiedAt: Date.now() + 1 });
    expect((await world.devsync('explain', ann.email)).out).toContain('A run      would write this at once');
    const [user] = world.database.portalDocuments();
    world.database.deletePortalDocument(user?.id ?? '');
    const { out } = await world.devsync('explain', ann.email);
    expect(out).toContain(
      'A run      would wait until the whole run has been counted, because the write is destructive',
    );
    const json = JSON.parse((await world.devsync('explain', ann.email, '--json')).out) as { next: { step: string } };
    expect(json.next.step).toBe('wait');
  });

  test('says on Edge that only a listing tells that a developer is gone (rule 29)', async () => {
    const edge = { APIGEE_TYPE: 'edge', APIGEE_USERNAME: 'u', APIGEE_PASSWORD: 'p' };
    const world = commandWorld({ env: edge });
    world.developers.seed(ann);
    await world.devsync('sync');
    world.developers.remove(ann.email);
    const { out } = await world.devsync('explain', ann.email);
    expect(out).toContain('A run      would do this if its whole listing shows the email in no other spelling');
  });

  test('names attributes that are not synchronised without copying them', async () => {
    const world = commandWorld();
    world.developers.seed({ ...ann, attributes: new Map([['MINT_plan', 'x']]) });
    const { out } = await world.devsync('explain', ann.email);
    expect(out).toContain('Not synchronised, and left as they are: MINT_plan');
  });

  test('shows holds, failures, tombstones and lost values', async () => {
    const world = commandWorld({ env: { DESTRUCTIVE_LIMIT_PERCENT: '100' } });
    world.developers.seed(ann, { email: 'gone@example.com' });
    world.database.putPortalDocument('u1', { email: 'held@example.com', firstName: 'H', lastName: 'H' });
    world.database.putPortalDocument('u2', { email: 'held@example.com', firstName: 'I', lastName: 'I' });
    world.database.putPortalDocument('u3', { email: 'failed@example.com' });
    await world.devsync('sync');
    const annsId = world.database.portalDocuments().find(({ data }) => data['email'] === ann.email)?.id ?? '';
    const gonesId = world.database.portalDocuments().find(({ data }) => data['email'] === 'gone@example.com')?.id ?? '';
    world.database.deletePortalDocument(gonesId);
    world.database.putPortalDocument(annsId, { ...ann, lastName: 'Portal', updatedAt: Date.now() - 1000 });
    world.developers.seed({ ...ann, lastName: 'Apigee', lastModifiedAt: Date.now() + 1000 });
    await world.devsync('sync', '--full');
    expect((await world.devsync('explain', 'held@example.com')).out).toMatch(
      /held +since .*change or delete all but one/u,
    );
    expect((await world.devsync('explain', 'held@example.com')).out).toContain('also claimed by u2');
    expect((await world.devsync('explain', 'failed@example.com')).out).toMatch(
      /failed +firstName and lastName missing/u,
    );
    expect((await world.devsync('explain', 'gone@example.com')).out).toMatch(/deleted +portal, /u);
    expect((await world.devsync('explain', ann.email)).out).toMatch(/lastName │ portal │ Portal/u);
  });

  test('a person nobody knows is said to be unknown: exit 3', async () => {
    const { code, out } = await commandWorld().devsync('explain', 'nobody@example.com');
    expect(code).toBe(3);
    expect(out).toContain('nobody@example.com is unknown: no portal user, no developer, no link.');
  });

  test('somebody who is not linked yet is said to have been looked up in one spelling only', async () => {
    const world = commandWorld();
    world.database.putPortalDocument('u1', { ...ann, email: 'Ann@Example.com' });
    world.developers.seed(ann);
    const words = 'no portal user under the email in lower case; another spelling is found by a full run';
    expect((await world.devsync('explain', ann.email)).out).toContain(words);
    await world.run();
    expect((await world.devsync('explain', ann.email)).out).not.toContain(words);
  });

  test('the JSON holds both sides, the link, the situation and the steps', async () => {
    const world = commandWorld();
    world.developers.seed({ ...ann, attributes: new Map([['__proto__', 'x']]) });
    const asked = await world.devsync('explain', ann.email, '--json');
    expect(JSON.parse(asked.out)).toMatchObject({
      person: ann.email,
      portal: { state: 'absent', rivals: [] },
      apigee: { state: 'developer', firstName: 'Ann', status: 'active' },
      link: null,
      situation: 'apigee-only',
      outcome: 'created-portal',
      steps: expect.arrayContaining(['portal: set lastName to "Archer"']),
    });
    expect(asked.out).toContain('"__proto__":"x"');
    await world.devsync('sync');
    expect(JSON.parse((await world.devsync('explain', ann.email, '--json')).out)).toMatchObject({
      portal: { state: 'user', email: ann.email, lastName: 'Archer' },
      link: { presence: 'both', base: { portal: { lastName: 'Archer' } }, hold: null, history: [] },
      situation: 'in-step',
      steps: [],
    });
  });

  test('where Apigee cannot be asked, our own side is shown all the same: exit 1', async () => {
    const wrap = (developers: Developers): Developers => ({
      ...developers,
      get: async () => ({
        ok: false,
        error: {
          kind: 'unavailable',
          operation: 'get',
          status: 503,
          code: undefined,
          message: 'get: HTTP 503',
          ambiguous: false,
        },
      }),
    });
    const world = commandWorld({ wrap });
    world.database.putPortalDocument('u1', ann);
    const { code, out } = await world.devsync('explain', ann.email);
    expect(code).toBe(1);
    expect(out).toContain('could not be asked: get: HTTP 503');
    expect(out).toContain('user u1');
    const asJson = await world.devsync('explain', ann.email, '--json');
    expect(JSON.parse(asJson.out)).toMatchObject({ apigee: { state: 'unknown' }, situation: null, steps: null });
  });

  test('people outside the filter and unverified ones are explained too', async () => {
    const world = commandWorld({ env: { PORTAL_FILTER: '@other' } });
    world.developers.seed(ann);
    expect((await world.devsync('explain', ann.email)).out).toContain('would be left alone: PORTAL_FILTER');
  });

  test('nothing anybody wrote reaches the terminal as a command', async () => {
    const world = commandWorld();
    hostileValues.forEach((value, place) => {
      const email = `p${place}@example.com`;
      world.developers.seed({ email, firstName: value, lastName: value, attributes: new Map([[value, value]]) });
      world.database.putPortalDocument(`u${place}${value.toWellFormed().slice(0, 50)}`, {
        email: place % 2 === 0 ? email : value,
        firstName: value.toWellFormed(),
        lastName: value.toWellFormed(),
        attributes: { x: value.toWellFormed() },
      });
    });
    const said = [(await world.devsync('sync', '--reason', '\u001b[2J')).out];
    for (const [place] of hostileValues.entries())
      said.push((await world.devsync('explain', `p${place}@example.com`)).out);
    said.push((await world.devsync('status')).out);
    for (const text of said) {
      expect(steers(text.replaceAll('\u200d', ''))).toBe(false);
      expect(text.isWellFormed()).toBe(true);
    }
  });
});
