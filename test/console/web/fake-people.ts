import type { DeveloperRow } from '../../../console/api/answers/developers.ts';
import type { AppAnswer, FieldAnswer, PersonAnswer } from '../../../console/api/answers/person.ts';

const hour = 3_600_000;

/** A person of the fake API: one developer, and mostly a portal user who is alike. */
export interface FakePerson extends DeveloperRow {
  readonly apps: readonly string[];
  version: number;
}

const first = ['Ann', 'Ben', 'Cleo', 'Dora', 'Emil', 'Fay', 'Gus', 'Hana', 'Ivy', 'Jan', 'Kim', 'Lea', 'Max', 'Nina'];
const last = ['Novak', 'Okafor', 'Petrov', 'Rossi', 'Sato', 'Tanaka', 'Ulrich', 'Vega', 'Weber', 'Young'];

export function somePeople(count: number): FakePerson[] {
  return Array.from({ length: count }, (_, index): FakePerson => {
    const firstName = first[index % first.length] ?? '';
    const lastName = last[(index * 7) % last.length] ?? '';
    const email = `${firstName}.${lastName}${index < first.length ? '' : String(index)}@example.com`.toLowerCase();
    const sync = index % 11 === 4 ? 'failed' : index % 13 === 5 ? 'held' : index % 9 === 7 ? 'waits' : 'in-step';
    return {
      id: `p${String(index)}`,
      developerId: `4f1c${String(index).padStart(4, '0')}-a352-4d1f`,
      email,
      userName: email,
      firstName,
      lastName,
      status: index % 8 === 3 ? 'inactive' : 'active',
      attributes: [
        { name: 'plan', value: index % 3 === 0 ? 'gold' : 'free' },
        { name: 'MINT_BILLING_TYPE', value: 'PREPAID' },
      ],
      createdAt: Date.now() - (index + 40) * 24 * hour,
      lastModifiedAt: Date.now() - index * 3 * hour,
      sync,
      syncWords: sync,
      apps: index % 4 === 0 ? ['weather-app', 'billing-app'] : [],
      version: 1,
    };
  });
}

export function personAnswer(person: FakePerson): PersonAnswer {
  const field = (name: string, value: string, edit: FieldAnswer['edit'] = 'portal'): FieldAnswer => ({
    field: name,
    portal: edit === 'locked' ? null : value,
    apigee: value,
    basePortal: edit === 'locked' ? null : value,
    baseApigee: value,
    changed: 'neither',
    edit,
    editWords: edit === 'locked' ? 'Reserved by Apigee monetization' : 'Set on the portal, pushed at once',
  });
  const { id, email, developerId, userName, firstName, lastName, status, createdAt, lastModifiedAt } = person;
  return {
    id,
    key: email,
    now: Date.now(),
    seen: `v${String(person.version)}`,
    sync: person.sync,
    syncWords: person.sync === 'in-step' ? 'In step' : 'Waits for the next look',
    situation: 'in-step',
    situationWords: 'both sides are as they were when last compared',
    developer: {
      developerId,
      email,
      userName,
      firstName,
      lastName,
      status,
      createdAt,
      lastModifiedAt,
      attributes: person.attributes.length,
    },
    portalUser: {
      userId: `user-${id}`,
      email,
      userName,
      status,
      emailVerified: true,
      updatedAt: lastModifiedAt - hour,
    },
    apigeeProblem: null,
    portalProblem: null,
    fields: [
      field('firstName', firstName ?? ''),
      field('lastName', lastName ?? ''),
      field('status', status),
      ...person.attributes.map(({ name, value }) =>
        field(`attributes.${name}`, value, name.startsWith('MINT_') ? 'locked' : 'portal'),
      ),
    ],
    facts: [{ name: 'Link', words: 'known on both sides' }],
    hold:
      person.sync === 'held'
        ? {
            reason: 'rename-refused',
            words: 'Apigee does not rename developers: the email on the portal is another one.',
            advice: 'Change the email on the portal back, or release the person once it is settled.',
            since: Date.now() - 30 * hour,
          }
        : null,
    failure:
      person.sync === 'failed'
        ? {
            words: 'attributes: 19 of them, Apigee takes at most 18',
            since: Date.now() - 5 * hour,
            attempts: 1,
            permanent: true,
          }
        : null,
    history: [
      {
        at: Date.now() - 26 * hour,
        kind: 'changed',
        by: '20261128T010000Z-1a2b',
        words: 'updated in Apigee: only the portal user changed since both were last in step',
        field: null,
        side: null,
        value: null,
        reason: null,
        act: '0mabc-1',
        writes: [
          { side: 'apigee', field: 'lastName', values: { before: 'Novakova', after: 'Novak' } },
          { side: 'apigee', field: 'attributes.plan', values: { before: null, after: 'gold' } },
        ],
      },
      {
        at: Date.now() - 50 * hour,
        kind: 'lost-value',
        by: null,
        words: 'attributes.plan in Apigee gave way to a newer edit:',
        field: 'attributes.plan',
        side: 'apigee',
        value: 'silver',
        reason: null,
        act: null,
        writes: [],
      },
    ],
    may: {
      edit: true,
      activate: status !== 'active',
      deactivate: status === 'active',
      delete: true,
      sync: true,
      release: person.sync === 'held',
      forget: false,
    },
  };
}

/** The same person, deleted on both sides. */
export function nobodyAnswer(person: FakePerson): PersonAnswer {
  const may = {
    edit: false,
    activate: false,
    deactivate: false,
    delete: false,
    release: false,
    sync: true,
    forget: true,
  };
  return { ...personAnswer(person), sync: 'nobody', syncWords: '', developer: null, portalUser: null, fields: [], may };
}

export function appAnswer(name: string): AppAnswer {
  return {
    name,
    status: 'approved',
    createdAt: Date.now() - 300 * hour,
    lastModifiedAt: Date.now() - 200 * hour,
    keys: [
      {
        keyEnd: 'x7Qa',
        status: 'approved',
        issuedAt: Date.now() - 300 * hour,
        expiresAt: Date.now() + 60 * 24 * hour,
        products: [
          { name: 'weather-v1', status: 'approved' },
          { name: 'maps-v2', status: 'pending' },
        ],
      },
    ],
  };
}
