import { describe, expect, test } from 'vitest';
import { defaultMapping } from '../../../shared/portal/mapping-config.ts';
import { createInMemoryDatabase } from '../../../shared/state/in-memory/database.ts';
import { createInMemoryPeople } from '../../../shared/state/in-memory/people.ts';
import { newMeter } from '../../../shared/state/meter.ts';
import { committed } from '../../../shared/state/people.ts';
import { email, fullLink, linkOf, newPortalUser, putLinks } from './samples.ts';

const ann = email('ann@example.com');

function store(now: () => number = () => 1000) {
  const database = createInMemoryDatabase({ now });
  const meter = newMeter();
  return { database, meter, people: createInMemoryPeople({ database, mapping: defaultMapping, meter }) };
}

describe('the database in memory', () => {
  test('times are those of the given clock', async () => {
    let time = 1000;
    const { database, people } = store(() => time);
    database.putPortalDocument('u1', { email: 'ann@example.com' });
    time = 2000;
    const view = committed(await people.transact({ links: [], userIds: ['u1'] }, (seen) => ({ result: seen })));
    expect(view.now).toBe(2000);
    expect(view.portal.get('u1')).toMatchObject({ user: { updatedAt: 1000 } });
  });

  test('the listener hears of every write of a portal user, by whatever caller, until it is stopped', async () => {
    const { database, people } = store();
    const heard: string[] = [];
    const stop = database.onPortalWrite((id) => heard.push(id));
    database.putPortalDocument('u1', { email: 'ann@example.com' });
    await people.transact({ links: [], userIds: ['u2'] }, () => ({
      result: undefined,
      links: [linkOf(ann)],
      portal: [{ kind: 'create', id: 'u2', user: newPortalUser() }],
    }));
    await people.transact({ links: [], userIds: ['u1'] }, () => ({
      result: undefined,
      portal: [
        { kind: 'set-status', id: 'u1', status: 'inactive' },
        { kind: 'update', id: 'u1', changes: [{ field: 'firstName', value: 'Ann' }] },
      ],
    }));
    database.deletePortalDocument('u2');
    database.deletePortalDocument('never was');
    expect(heard).toEqual(['u1', 'u2', 'u1', 'u2']);
    expect(database.portalDocuments().map(({ id, data }) => [id, data])).toEqual([
      ['u1', { email: 'ann@example.com', status: 'inactive', firstName: 'Ann' }],
    ]);
    stop();
    database.putPortalDocument('u3', {});
    expect(heard).toHaveLength(4);
  });

  test('a document is a copy: changing the original later changes nothing', async () => {
    const { database, people } = store();
    const attributes = { colour: 'blue' };
    database.putPortalDocument('u1', { email: 'ann@example.com', attributes });
    attributes.colour = 'red';
    expect((await people.portalUsers(['u1'])).get('u1')).toMatchObject({
      user: { profile: { attributes: new Map([['colour', 'blue']]) } },
    });
    expect(() => database.putPortalDocument('a/b', {})).toThrow('cannot exist');
  });

  test('links can be looked at', async () => {
    const { database, people } = store();
    await putLinks(people, [fullLink(ann)]);
    expect(database.allLinks()).toEqual([fullLink(ann)]);
    expect(database.linkOf(ann)).toEqual(fullLink(ann));
    expect(database.linkOf('#x')).toBeUndefined();
  });
});

describe('a transaction in memory', () => {
  test('a step whose data changed meanwhile runs again on the new data, and both readings are paid for', async () => {
    const { database, people, meter } = store();
    database.putPortalDocument('u1', { email: 'ann@example.com', firstName: 'Ann' });
    const seen: (string | undefined)[] = [];
    const renaming = people.transact({ links: [], userIds: ['u1'] }, ({ portal }) => {
      const reading = portal.get('u1');
      const first = reading?.kind === 'user' ? reading.user.profile.firstName : undefined;
      seen.push(first);
      if (seen.length === 1) database.putPortalDocument('u1', { email: 'ann@example.com', firstName: 'Bea' });
      return {
        result: undefined,
        portal: [{ kind: 'update', id: 'u1', changes: [{ field: 'firstName', value: `${first}!` }] }],
      };
    });
    await renaming;
    expect(seen).toEqual(['Ann', 'Bea']);
    expect(database.portal.get('u1')?.data['firstName']).toBe('Bea!');
    expect(meter).toEqual({ ...newMeter(), reads: 2, writes: 1 });
  });

  test('a document that appears under a wanted id makes the step run again; one with a wanted email does not', async () => {
    const { database, people } = store();
    let tries = 0;
    const scope = { links: [], userIds: ['u1'], portalEmail: ann };
    const found = await people.transact(scope, ({ portal, userIdsWithEmail }) => {
      tries += 1;
      if (tries === 1) database.putPortalDocument('u1', { email: 'other@example.com' });
      if (tries === 2) database.putPortalDocument('u2', { email: ann });
      if (portal.get('u1')?.kind !== 'absent') return { result: userIdsWithEmail };
      return { result: userIdsWithEmail, portal: [{ kind: 'create', id: 'u1', user: newPortalUser() }] };
    });
    expect(tries).toBe(2);
    expect(committed(found)).toEqual([]);
    expect(database.portal.get('u1')?.data).toEqual({ email: 'other@example.com' });
  });
});
