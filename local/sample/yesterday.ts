import type { DeveloperSeed } from '../apigee-emulator/server.ts';
import type { PortalData } from '../portal-documents.ts';

export interface SampleState {
  readonly developers: readonly DeveloperSeed[];
  readonly users: ReadonlyMap<string, PortalData>;
}

interface Person {
  readonly id: string;
  readonly email: string;
  readonly firstName: string;
  readonly lastName: string;
  readonly attributes?: Readonly<Record<string, string>>;
  /** Attributes that only the developer has, and that are never synchronised (rule 13). */
  readonly foreign?: Readonly<Record<string, string>>;
}

const people: readonly Person[] = [
  person('ann', 'Ann', 'Archer', { team: 'payments' }),
  person('ben', 'Ben', 'Baker'),
  person('carla', 'Carla', 'Chen', { team: 'maps', region: 'eu' }),
  person('dan', 'Dan', 'Diaz'),
  person('eva', 'Eva', 'Eriksen'),
  person('finn', 'Finn', 'Fischer', { team: 'search' }),
  person('gina', 'Gina', 'García'),
  { ...person('hugo', 'Hugo', "O'Hara"), email: "hugo.o'hara+portal@example.com" },
  person('ivy', 'Ivy', 'Ito'),
  { ...person('jon', 'Jon', 'Jansen', { team: 'maps', plan: 'trial' }), foreign: { MINT_BILLING_TYPE: 'PREPAID' } },
  person('kim', 'Kim', 'Kowalski'),
  person('lea', 'Lea', 'Laurent', { plan: 'free' }),
  person('max', 'Max', 'Meyer', { phone: '100' }),
  person('nina', 'Nina', 'Novak', { plan: 'free' }),
  person('omar', 'Omar', 'Osman', { plan: 'free' }),
  person('pia', 'Pia', 'Petrov'),
  person('quin', 'Quin', 'Quist'),
  person('rosa', 'Rosa', 'Rossi', { team: 'search' }),
  person('sam', 'Sam', 'Sato'),
];

/** How the sample begins: everyone is on both sides, and the same on both. `at`: ms since the epoch. */
export function yesterday(at: number): SampleState {
  return {
    developers: people.map(({ id: _, attributes, foreign, ...rest }) => ({
      ...rest,
      attributes: { ...attributes, ...foreign },
      apps: appsIn(attributes?.['team']),
      createdAt: at,
    })),
    users: new Map(people.map(({ id, foreign: _, ...rest }) => [id, sampleUser({ ...rest, at })])),
  };
}

/** Every team has an app of its own, and those who are in none have none. */
function appsIn(team: string | undefined): readonly string[] {
  return team === undefined ? [] : [`${team}-mobile`, `${team}-web`];
}

/** A document of the portal collection, in the fields of the default mapping. */
export function sampleUser({ at, ...fields }: PortalData & { readonly at: number }): PortalData {
  return { status: 'active', attributes: {}, ...fields, updatedAt: new Date(at) };
}

function person(id: string, firstName: string, lastName: string, attributes: Person['attributes'] = {}): Person {
  return { id, email: `${id}@example.com`, firstName, lastName, attributes };
}
