import type { Answers } from '../../../console/api/answers.ts';
import { appAnswer, nobodyAnswer, personAnswer, somePeople } from './fake-people.ts';
import { type FakeAnswers, type FakeWorld, problem } from './fake-world.ts';

/** What the fake API answers about developers, one or many. */
export function peopleAnswers(world: FakeWorld): FakeAnswers {
  return {
    bulkDevelopers: (body) => world.bulk(body['action'] as 'delete', body['people'] as readonly string[]),
    explain: (body) => {
      const person = world.person(body);
      if (person === undefined)
        return problem({ kind: 'not-found', message: 'Nobody has this email, on either side.' });
      const step = (name: 'found', title: string, words: string) =>
        ({ step: name, title, state: 'passed', words: [words] }) as const;
      return {
        id: person.id,
        key: person.email,
        now: 0,
        steps: [
          step('found', 'Found', 'A portal user and a developer have this email.'),
          { ...step('found', 'In scope', 'PORTAL_FILTER is not set: everyone is.'), step: 'in-scope' },
          { ...step('found', 'Decision', 'Nothing changed on either side.'), step: 'decision' },
          { ...step('found', 'Writes', 'None.'), step: 'writes' },
        ],
        writes: [],
        outcome: 'unchanged',
        person: personAnswer(person),
      } satisfies Answers['explain'];
    },
    person: (body) => {
      const person = world.person(body);
      return person === undefined
        ? problem({ kind: 'not-found', message: 'There is no such person.' })
        : world.gone.has(person.id)
          ? nobodyAnswer(person)
          : personAnswer(person);
    },
    apps: (body) => ({ apps: world.person(body)?.apps.map(appAnswer) ?? [] }) satisfies Answers['apps'],
    syncPerson: (body) => world.done(body, {}, 'Nothing was to be done: nothing changed on either side.'),
    activateDeveloper: (body) => world.done(body, { status: 'active' }, 'Activated on both sides.'),
    deactivateDeveloper: (body) => world.done(body, { status: 'inactive' }, 'Deactivated on both sides.'),
    deleteDeveloper: (body) => {
      const person = world.person(body);
      world.people = world.people.filter((other) => other !== person);
      return { actionId: 'a', result: 'done', words: ['Deleted.'], person: null } satisfies Answers['deleteDeveloper'];
    },
    editDeveloper: (body) => {
      const person = world.person(body);
      if (person === undefined) return problem({ kind: 'not-found', message: 'There is no such person.' });
      const changes = body['changes'] as readonly { field: string; value: string }[];
      const wanted = new Map(changes.map(({ field, value }) => [field, value]));
      if (body['seen'] !== `v${String(person.version)}`)
        return problem({
          kind: 'conflict',
          message: 'Changed meanwhile.',
          diff: [{ field: 'lastName', side: 'apigee', now: person.lastName, edit: wanted.get('lastName') ?? null }],
          now: personAnswer(person),
        });
      return world.done(
        body,
        { lastName: wanted.get('lastName') ?? person.lastName },
        'Saved on the portal, and pushed.',
      );
    },
    createDeveloper: (body) => {
      const { email, firstName, lastName } = body as { email: string; firstName: string; lastName: string };
      const attributes = (body['attributes'] ?? []) as readonly { readonly name: string }[];
      const reserved = attributes.find(({ name }) => name.startsWith('_apiportal_'));
      if (reserved !== undefined) {
        const field = { field: `attributes.${reserved.name}`, message: 'is reserved for Apigee itself' };
        return problem({ kind: 'invalid', message: 'Not like this.', fields: [field] });
      }
      const [one] = somePeople(1);
      if (one === undefined) throw new Error('nobody');
      world.people = [{ ...one, id: 'new', email, firstName, lastName }, ...world.people];
      return world.done({ person: { id: 'new' } }, {}, 'Added in Apigee and on the portal.');
    },
    listDevelopers: (body) => world.listPage(body['after'] as string | undefined),
    searchDevelopers: (body) =>
      ({
        kind: 'prefix',
        developers: world.people.filter(({ email }) => email.startsWith(String(body['query']))),
        others: [],
        next: null,
      }) satisfies Answers['searchDevelopers'],
    scanDevelopers: (body) => {
      const { query = '', status } = body['filter'] as { query?: string; status?: string };
      const found = world.people.filter(
        (one) =>
          (status === undefined || one.status === status) &&
          `${one.email} ${one.firstName ?? ''} ${one.lastName ?? ''} plan=${one.attributes[0]?.value ?? ''}`
            .toLowerCase()
            .includes(query.toLowerCase()),
      );
      return [
        ...found.map((developer) => ({ kind: 'developer', developer })),
        { kind: 'over', looked: world.people.length, found: found.length, complete: true, next: null, problem: null },
      ];
    },
    exportDevelopers: () => 'email\r\nann@example.com\r\n',
    exportRun: () => 'email\r\nann@example.com\r\n',
  };
}
