import { beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { attributesIn } from '../../../shared/apigee/attribute-entries.ts';
import type { Answer, ApigeeErrorKind, Developers } from '../../../shared/apigee/developers.ts';
import { nothingElse, type Others } from '../../../shared/core/model/profile.ts';
import { bodyOf } from './harness.ts';

export interface Subject {
  readonly developers: Developers;
  /** Puts developers there by another way, in this order, each with `others`. */
  seed(emails: readonly string[], others?: Others): void;
  close?(): Promise<void>;
}

type Start = () => Promise<Subject>;

/** What every implementation of the port does. `start` gives an empty organisation. */
export function describeDevelopersContract(name: string, start: Start): void {
  describe(`developers, ${name}`, () => {
    const { developers, seed, emails } = freshFor(start);

    test('what is created can be read back', async () => {
      const attributes = new Map([
        ['plan', 'gold'],
        ['__proto__', 'only a name'],
        ['empty', ''],
      ]);
      const created = valueOf(await developers().create(bodyOf('ada@example.com', { attributes, userName: 'ada' })));
      expect(created).toMatchObject({
        email: 'ada@example.com',
        userName: 'ada',
        firstName: 'Ada',
        lastName: 'Lovelace',
      });
      expect(created).toMatchObject({ status: 'active', attributes });
      expect(created.developerId).not.toBe('');
      expect(created.createdAt).toBeGreaterThan(0);
      expect(created.lastModifiedAt).toBeGreaterThanOrEqual(created.createdAt);
      expect(valueOf(await developers().get('ada@example.com'))).toEqual(created);
    });

    test('a developer who is not there reads as undefined', async () => {
      expect(valueOf(await developers().get('nobody@example.com'))).toBeUndefined();
    });

    test('a developer is also found by developerId', async () => {
      const created = valueOf(await developers().create(bodyOf('ada@example.com')));
      expect(valueOf(await developers().get(created.developerId))).toEqual(created);
    });

    test('creating twice is a conflict and changes nothing', async () => {
      const created = valueOf(await developers().create(bodyOf('ada@example.com')));
      const error = errorOf(await developers().create(bodyOf('ada@example.com', { firstName: 'Eve' })), 'conflict');
      expect(error).toMatchObject({
        operation: 'create',
        status: 409,
        code: 'developer.service.DeveloperAlreadyExists',
        ambiguous: false,
      });
      expect(valueOf(await developers().get('ada@example.com'))).toEqual(created);
    });

    test('an update replaces everything but status and identity', async () => {
      const attributes = new Map([['plan', 'gold']]);
      const created = valueOf(await developers().create(bodyOf('ada@example.com', { attributes })));
      valueOf(await developers().setStatus('ada@example.com', 'inactive'));
      const change = bodyOf('ada@example.com', { firstName: 'Augusta', attributes: new Map([['tier', '1']]) });
      const updated = valueOf(await developers().update('ada@example.com', change));
      expect(updated).toMatchObject({ ...change, status: 'inactive', developerId: created.developerId });
      expect(updated.createdAt).toBe(created.createdAt);
      expect(updated.lastModifiedAt).toBeGreaterThanOrEqual(created.lastModifiedAt);
      expect(valueOf(await developers().get('ada@example.com'))).toEqual(updated);
    });

    test('an update keeps what it carries of what nobody knows, and wipes what it leaves out (rule 30)', async () => {
      const entries = [
        { name: 'plan', value: 'gold', note: 'by hand' },
        { name: 'tier', value: '1' },
      ] as const;
      const members = { accessType: 'read_only', appFamily: 'family', ofTomorrow: { list: [1, null, 'x'], no: false } };
      seed(['ada@example.com'], { members, entries });
      const before = valueOf(await developers().get('ada@example.com'));
      expect(before).toMatchObject({ attributes: attributesIn(entries), others: { members, entries } });
      const listed = valueOf(await developers().listDevelopers({ startKey: undefined, count: 1000 })).developers;
      expect(listed.map(({ others }) => others)).toEqual([{ members, entries }]);

      const attributes = new Map([...attributesIn(entries), ['tier', '2'], ['new', 'n']]);
      const carrying = bodyOf('ada@example.com', { attributes, others: before?.others ?? nothingElse });
      const kept = valueOf(await developers().update('ada@example.com', carrying));
      expect(kept.attributes).toEqual(attributes);
      expect(kept.others).toEqual({
        members,
        entries: [entries[0], { name: 'tier', value: '2' }, { name: 'new', value: 'n' }],
      });
      expect(valueOf(await developers().get('ada@example.com'))).toEqual(kept);

      const wiped = valueOf(await developers().update('ada@example.com', bodyOf('ada@example.com', { attributes })));
      expect(wiped).toMatchObject({ attributes, others: nothingElse });
      expect(valueOf(await developers().get('ada@example.com'))).toEqual(wiped);
    });

    test('a status call leaves alone what nobody knows', async () => {
      seed(['ada@example.com'], { members: { accessType: 'x' }, entries: [] });
      valueOf(await developers().setStatus('ada@example.com', 'inactive'));
      expect(valueOf(await developers().get('ada@example.com'))?.others.members).toEqual({ accessType: 'x' });
    });

    test('updating or setting the status of a developer who is not there is absent', async () => {
      const update = errorOf(await developers().update('no@example.com', bodyOf('no@example.com')), 'absent');
      expect(update).toMatchObject({ operation: 'update', status: 404, ambiguous: false });
      const status = errorOf(await developers().setStatus('no@example.com', 'active'), 'absent');
      expect(status).toMatchObject({ operation: 'status', status: 404, ambiguous: false });
      expect(await emails()).toEqual([]);
    });

    test('the status is set by its own call, both ways, and again without harm', async () => {
      valueOf(await developers().create(bodyOf('ada@example.com')));
      for (const status of ['inactive', 'inactive', 'active'] as const) {
        valueOf(await developers().setStatus('ada@example.com', status));
        expect(valueOf(await developers().get('ada@example.com'))?.status).toBe(status);
      }
    });

    test('deleting twice is done both times, and a developer created again is another one', async () => {
      const first = valueOf(await developers().create(bodyOf('ada@example.com')));
      valueOf(await developers().delete('ada@example.com'));
      expect(valueOf(await developers().get('ada@example.com'))).toBeUndefined();
      valueOf(await developers().delete('ada@example.com'));
      const second = valueOf(await developers().create(bodyOf('ada@example.com')));
      expect(second.developerId).not.toBe(first.developerId);
    });

    test('an empty organisation lists nobody', async () => {
      expect(await emails()).toEqual([]);
      expect(valueOf(await developers().listDevelopers({ startKey: undefined, count: 1000 })).developers).toEqual([]);
    });

    test('both listings page through everyone in one order, start key included', async () => {
      seed(['c@example.com', 'a+b@example.com', 'd@example.com', 'b@example.com']);
      expect(await emails()).toEqual(['c@example.com', 'a+b@example.com', 'd@example.com', 'b@example.com']);
      expect(await emails(undefined, 2)).toEqual(['c@example.com', 'a+b@example.com']);
      expect(await emails('a+b@example.com', 2)).toEqual(['a+b@example.com', 'd@example.com']);
      expect(await emails('b@example.com', 2)).toEqual(['b@example.com']);
      const page = valueOf(await developers().listDevelopers({ startKey: 'a+b@example.com', count: 2 })).developers;
      expect(page).toEqual([
        valueOf(await developers().get('a+b@example.com')),
        valueOf(await developers().get('d@example.com')),
      ]);
    });

    test('no page carries more than a thousand', async () => {
      seed(Array.from({ length: 1001 }, (_, index) => `dev${String(index)}@example.com`));
      expect(await emails()).toHaveLength(1000);
      expect(await emails('dev999@example.com')).toEqual(['dev999@example.com', 'dev1000@example.com']);
    });

    test('a start key that is gone is absent, not an empty page', async () => {
      seed(['a@example.com']);
      const error = errorOf(await developers().listEmails({ startKey: 'gone@example.com', count: 1000 }), 'absent');
      expect(error).toMatchObject({ operation: 'list', status: 404 });
      errorOf(await developers().listDevelopers({ startKey: 'gone@example.com', count: 1000 }), 'absent');
    });

    test('eighteen attributes are taken and nineteen refused, with nothing written (rule 18)', async () => {
      const attributes = (count: number) => new Map(Array.from({ length: count }, (_, i) => [`a${String(i)}`, 'v']));
      const full = bodyOf('ada@example.com', { attributes: attributes(18) });
      const created = valueOf(await developers().create(full));
      const over = bodyOf('ada@example.com', { attributes: attributes(19), firstName: 'Eve' });
      expect(errorOf(await developers().update('ada@example.com', over), 'refused').ambiguous).toBe(false);
      errorOf(await developers().create({ ...over, email: 'eve@example.com' }), 'refused');
      expect(valueOf(await developers().get('ada@example.com'))).toEqual(created);
      expect(await emails()).toEqual(['ada@example.com']);
    });

    test('a missing name is refused', async () => {
      errorOf(await developers().create(bodyOf('ada@example.com', { firstName: '' })), 'refused');
      expect(await emails()).toEqual([]);
    });

    test.each([
      "o'neil+x@example.com",
      '100%25@example.com',
      'a/b#c?d&e=f@example.com',
      'zoë@exämple.com',
      ';,:$@x.org',
    ])('the email %s names the same developer in every call', async (email) => {
      valueOf(await developers().create(bodyOf(email)));
      valueOf(await developers().setStatus(email, 'inactive'));
      valueOf(await developers().update(email, bodyOf(email, { lastName: 'Byron' })));
      expect(valueOf(await developers().get(email))).toMatchObject({ email, status: 'inactive', lastName: 'Byron' });
      expect(await emails(email)).toEqual([email]);
      valueOf(await developers().delete(email));
      expect(await emails()).toEqual([]);
    });

    test.each(['', ' ', '.', '..', '\uD800@example.com'])('the id %j is refused without a call', async (id) => {
      seed(['ada@example.com']);
      for (const answer of [
        await developers().get(id),
        await developers().update(id, bodyOf(id)),
        await developers().setStatus(id, 'inactive'),
        await developers().delete(id),
      ]) {
        expect(errorOf(answer, 'refused').status).toBeUndefined();
      }
      expect(await emails()).toEqual(['ada@example.com']);
    });
  });
}

/** What only X and hybrid do. */
export function describeXContract(name: string, start: Start): void {
  describe(`developers, ${name}`, () => {
    const { developers, emails } = freshFor(start);

    test('X refuses upper case in an email (rule 9)', async () => {
      errorOf(await developers().create(bodyOf('Ada@example.com')), 'refused');
      expect(await emails()).toEqual([]);
    });

    test('X refuses to rename a developer, and nobody appears or changes (rule 17)', async () => {
      const created = valueOf(await developers().create(bodyOf('ada@example.com')));
      errorOf(await developers().update('ada@example.com', bodyOf('new@example.com')), 'refused');
      expect(await emails()).toEqual(['ada@example.com']);
      expect(valueOf(await developers().get('ada@example.com'))).toEqual(created);
    });
  });
}

/** What only Edge does. */
export function describeEdgeContract(name: string, start: Start): void {
  describe(`developers, ${name}`, () => {
    const { developers, seed, emails } = freshFor(start);

    test('on Edge emails that differ in case are two developers', async () => {
      valueOf(await developers().create(bodyOf('Ada@example.com')));
      valueOf(await developers().create(bodyOf('ada@example.com')));
      expect(await emails()).toEqual(['Ada@example.com', 'ada@example.com']);
    });

    test('Edge renames a developer in place (rule 17)', async () => {
      seed(['ada@example.com', 'last@example.com']);
      const before = valueOf(await developers().get('ada@example.com'));
      const renamed = valueOf(await developers().update('ada@example.com', bodyOf('new@example.com')));
      expect(renamed).toMatchObject({ email: 'new@example.com', developerId: before?.developerId });
      expect(await emails()).toEqual(['new@example.com', 'last@example.com']);
      expect(valueOf(await developers().get('ada@example.com'))).toBeUndefined();
    });

    test('Edge does not rename a developer to an email that is taken', async () => {
      seed(['ada@example.com', 'eve@example.com']);
      errorOf(await developers().update('ada@example.com', bodyOf('eve@example.com')), 'conflict');
      expect(await emails()).toEqual(['ada@example.com', 'eve@example.com']);
    });
  });
}

/** A new organisation for each test. */
function freshFor(start: Start) {
  let subject: Subject | undefined;

  beforeEach(async () => {
    const started = await start();
    subject = started;
    onTestFinished(async () => started.close?.());
  });

  function current(): Subject {
    if (subject === undefined) throw new Error('only inside a test');
    return subject;
  }

  return {
    developers: () => current().developers,
    seed: (emails: readonly string[], others?: Others) => current().seed(emails, others),
    emails: async (startKey?: string, count = 1000) =>
      valueOf(await current().developers.listEmails({ startKey, count })),
  };
}

export function valueOf<T>(answer: Answer<T>): T {
  if (!answer.ok) throw new Error(`${answer.error.kind}: ${answer.error.message}`);
  return answer.value;
}

export function errorOf(answer: Answer<unknown>, kind: ApigeeErrorKind) {
  if (answer.ok) throw new Error('the call succeeded');
  expect(answer.error).toMatchObject({ kind });
  return answer.error;
}
